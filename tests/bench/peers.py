"""ccxt as the rows use it: the exchange whose bytes `material` makes, with markets and keys, without a network.

Rules: its own public functions, in the order in which it calls them itself; it is given what it would have read.
"""

import json
from functools import cache
from typing import Any

from .material import rules_body, snapshot_body
from .ours import CREDENTIALS, loop, waited

SYMBOL = "BTC/USDT"
KEYS = {"apiKey": CREDENTIALS["api_key"], "secret": CREDENTIALS["secret_key"], "enableRateLimit": False}


def _with_markets(exchange: Any) -> Any:
    exchange.options.update(crossMarginPairsData=[], isolatedMarginPairsData=[])
    exchange.set_markets(exchange.parse_markets(json.loads(rules_body(5))["symbols"]))
    return exchange


@cache
def plain() -> Any:
    """The synchronous client, which signs."""
    import ccxt

    return _with_markets(ccxt.binance(KEYS))


@cache
def pro() -> Any:
    """The client of websockets."""
    import ccxt.pro

    loop()
    return _with_markets(ccxt.pro.binance(KEYS))


@cache
def socket() -> Any:
    """One of its connections, never opened."""
    exchange = pro()

    async def made() -> Any:
        return exchange.client("wss://stream.binance.com:9443/ws/0")

    return waited(made())


def reset_book() -> None:
    """Its book at the snapshot."""
    exchange = pro()
    told = json.loads(snapshot_body())
    snapshot = exchange.parse_order_book(told, SYMBOL)
    snapshot["nonce"] = told["lastUpdateId"]
    book = exchange.order_book({}, 1000)
    book.reset(snapshot)
    exchange.orderbooks[SYMBOL] = book


def top() -> list[float]:
    """Price and size of its best bid and best ask."""
    book = pro().orderbooks[SYMBOL]
    return [*book["bids"][0], *book["asks"][0]]


def close() -> None:
    """Let go of the connections' sessions."""
    if pro.cache_info().currsize:
        waited(pro().close())
