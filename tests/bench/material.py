"""The bytes that the contenders get: one exchange's documented forms, made up, the same for all of them.

Rules: nothing here is random from run to run; ids go up as the exchange's do, so nobody has reason to read anything
again. https://developers.binance.com/docs/binance-spot-api-docs
"""

import json
import random
from decimal import Decimal
from functools import cache

LEVELS, CHANGED = 1000, 10
"""Levels a side of the book, and how many of each side a diff changes."""
FIRST_ID = 160
T = 1_700_000_000_000


def price_at(index: int, is_bid: bool) -> str:
    """The price of the level `index` steps from the middle of the book."""
    cents = 5_000_000 - 1 - index if is_bid else 5_000_000 + 1 + index
    return f"{cents // 100}.{cents % 100:02}000000"


@cache
def snapshot_body() -> bytes:
    sides = {
        name: [[price_at(each, name == "bids"), f"{each % 7 + 1}.00000000"] for each in range(LEVELS)]
        for name in ("bids", "asks")
    }
    return json.dumps({"lastUpdateId": FIRST_ID, **sides}).encode()


@cache
def diff_frames(count: int) -> tuple[str, ...]:
    """Frames of about 20 levels, most near the top, a quarter of them gone."""
    source = random.Random(7)

    def changes(is_bid: bool) -> list[list[str]]:
        near = {min(int(source.expovariate(1 / 30)), LEVELS) for _ in range(CHANGED * 3)}
        chosen = sorted(near)[:: max(1, len(near) // CHANGED)][:CHANGED]
        sizes = ["0.00000000" if source.random() < 0.25 else f"{source.random() * 5:.8f}" for _ in chosen]
        return [[price_at(index, is_bid), size] for index, size in zip(chosen, sizes, strict=True)]

    return tuple(
        json.dumps(
            {
                "e": "depthUpdate",
                "E": T + number * 100,
                "s": "BTCUSDT",
                "U": FIRST_ID + number * 3 + 1,
                "u": FIRST_ID + number * 3 + 3,
                "b": changes(True),
                "a": changes(False),
            },
            separators=(",", ":"),
        )
        for number in range(count)
    )


def client_id(number: int) -> str:
    return f"x-bench-{number:06}"


@cache
def fill_frames(count: int, orders: int = 100) -> tuple[str, ...]:
    """Executions of 0.001 each, in turn of the first `orders` orders, of 5 BTC at 50,000 each."""
    return tuple(_fill(number, number % orders, number // orders + 1) for number in range(count))


def _fill(number: int, order: int, fills: int) -> str:
    filled = Decimal("0.001") * fills
    told = {
        "e": "executionReport",
        "E": T + number,
        "s": "BTCUSDT",
        "c": client_id(order),
        "S": "BUY",
        "o": "LIMIT",
        "f": "GTC",
        "q": "5.00000000",
        "p": "50000.00000000",
        "P": "0.00000000",
        "F": "0.00000000",
        "g": -1,
        "C": "",
        "x": "TRADE",
        "X": "PARTIALLY_FILLED",
        "r": "NONE",
        "i": 4_000_000 + order,
        "l": "0.00100000",
        "z": f"{filled:.8f}",
        "L": "50000.00000000",
        "n": "0.05000000",
        "N": "USDT",
        "T": T + number,
        "t": 9_000_000 + number,
        "I": 8_641_984 + number,
        "w": True,
        "m": True,
        "M": False,
        "O": T,
        "Z": f"{filled * 50000:.8f}",
        "Y": "50.00000000",
        "Q": "0.00000000",
        "W": T,
        "V": "NONE",
    }
    return json.dumps(told, separators=(",", ":"))


@cache
def rules_body(symbols: int) -> bytes:
    """An answer of so many symbols; the first is BTCUSDT."""
    names = [("BTC", "USDT")] + [(f"C{number:04}", "USDT") for number in range(1, symbols)]
    return json.dumps({"timezone": "UTC", "serverTime": T, "symbols": [_symbol(*each) for each in names]}).encode()


def _symbol(base: str, quote: str) -> dict[str, object]:
    return {
        "symbol": base + quote,
        "status": "TRADING",
        "baseAsset": base,
        "baseAssetPrecision": 8,
        "quoteAsset": quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.0", "tickSize": "0.01000000"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"},
            {"filterType": "ICEBERG_PARTS", "limit": 10},
            {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "98.9", "stepSize": "0.00000000"},
            {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": True, "maxNotional": "9000000"},
            {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
        ],
        "permissions": ["SPOT"],
        "permissionSets": [["SPOT"]],
    }
