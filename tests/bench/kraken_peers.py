"""ccxt's clients of Kraken as the rows use them: with markets and keys, without a network.

Rules: its own public functions, in the order in which it calls them itself; it is given what it would have read. It
computes no checksums: it ships with them switched off, and switched on it ends at its own numbers, which are floats
where it expects texts.
"""

import json
from functools import cache
from typing import Any

from .kraken_material import book_frames, pairs_body
from .ours import loop, waited

SYMBOL = "BTC/USD"
KEYS = {"api_key": "a-key", "secret_key": "YS1zZWNyZXQtb2YtdGhlLWJlbmNo"}
_THEIRS = {"apiKey": KEYS["api_key"], "secret": KEYS["secret_key"], "enableRateLimit": False}


@cache
def plain() -> Any:
    """The synchronous client, which signs."""
    import ccxt

    exchange: Any = ccxt.kraken(_THEIRS)
    exchange.publicGetAssetPairs = lambda parameters: json.loads(pairs_body())
    exchange.set_markets(exchange.fetch_markets())
    return exchange


@cache
def pro() -> Any:
    """The client of websockets."""
    import ccxt.pro

    loop()
    exchange: Any = ccxt.pro.kraken(_THEIRS)
    exchange.set_markets(list(plain().markets.values()))
    return exchange


@cache
def socket() -> Any:
    """One of its connections, never opened."""

    async def made() -> Any:
        return pro().client("wss://ws.kraken.com/v2")

    return waited(made())


def reset_book() -> None:
    """Its book at the snapshot."""
    pro().orderbooks.clear()
    socket().handle_text_or_binary_message(book_frames(0)[0])


def reset_orders() -> None:
    pro().orders = pro().myTrades = None


def top() -> list[float]:
    """Price and size of its best bid and best ask."""
    book = pro().orderbooks[SYMBOL]
    return [*book["bids"][0], *book["asks"][0]]


def signed_order(amount: float, price: float, parameters: dict[str, object]) -> dict[str, Any]:
    """A limit order to its signed bytes, as `create_order` and `fetch2` go about it."""
    exchange = plain()
    asked = {
        "pair": exchange.market(SYMBOL)["id"],
        "type": "buy",
        "ordertype": "limit",
        "volume": exchange.amount_to_precision(SYMBOL, amount),
    }
    request, left = exchange.order_request("createOrder", SYMBOL, "limit", asked, amount, price, parameters)
    signed: dict[str, Any] = exchange.sign("AddOrder", ["private"], "POST", exchange.extend(request, left))
    return signed


def close() -> None:
    """Let go of the connections' sessions."""
    if pro.cache_info().currsize:
        waited(pro().close())
