"""The bytes of the rows of Kraken: its documented forms, made up, the same for all contenders.

Rules: nothing is random from run to run; numbers of books have the digits of the pair, over which checksums go, and
these are computed here, from whole numbers. A book never has more levels than were subscribed to, so every frame
leaves one that the next follows from. https://docs.kraken.com/api/docs/guides/spot-ws-book-v2
"""

import json
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from zlib import crc32

LEVELS, CHANGED, SUMMED = 100, 10, 10
"""Levels a side, how many of each side an update changes, and how many the checksum is over."""
MIDDLE = 500_000
"""In tenths of a USD, as prices are here; sizes are in units of 1e-8 BTC."""
TIME = "2023-11-14T22:13:{:02}.{:06}Z"

Side = dict[int, int]
"""Price -> size."""


@cache
def book_frames(updates: int) -> tuple[str, ...]:
    """A snapshot and so many updates of about 20 levels, most near the top, a quarter of them gone."""
    source, bids, asks = random.Random(7), _whole(-1), _whole(1)
    frames = [_frame("snapshot", bids, asks, _checksum(bids, asks), 0)]
    for number in range(updates):
        of_bids, of_asks = _changes(source, -1, bids), _changes(source, 1, asks)
        _apply(bids, of_bids)
        _apply(asks, of_asks)
        frames.append(_frame("update", of_bids, of_asks, _checksum(bids, asks), number))
    return tuple(frames)


def _whole(sign: int) -> Side:
    return {MIDDLE + sign * (index + 1): (index % 7 + 1) * 10**8 for index in range(LEVELS)}


def _changes(source: random.Random, sign: int, side: Side) -> Side:
    near = sorted({min(int(source.expovariate(1 / 30)), LEVELS - 1) for _ in range(CHANGED * 3)})
    prices = [MIDDLE + sign * (index + 1) for index in near[:: max(1, len(near) // CHANGED)][:CHANGED]]
    return {price: 0 if price in side and source.random() < 0.25 else source.randint(1, 5 * 10**8) for price in prices}


def _apply(side: Side, changes: Side) -> None:
    for price, size in changes.items():
        side[price] = size
        if not size:
            del side[price]


def _checksum(bids: Side, asks: Side) -> int:
    """Of the best ten asks, then the best ten bids: digits without the point, nor zeros in front."""
    best = [*sorted(asks.items())[:SUMMED], *sorted(bids.items(), reverse=True)[:SUMMED]]
    return crc32("".join(f"{price}{size}" for price, size in best).encode())


def _frame(kind: str, bids: Side, asks: Side, checksum: int, number: int) -> str:
    return (
        f'{{"channel":"book","type":"{kind}","data":[{{"symbol":"BTC/USD","bids":[{_levels(bids)}],'
        f'"asks":[{_levels(asks)}],"checksum":{checksum},"timestamp":"{_moment(number)}"}}]}}'
    )


def _levels(side: Side) -> str:
    return ",".join(
        f'{{"price":{price // 10}.{price % 10},"qty":{size // 10**8}.{size % 10**8:08}}}'
        for price, size in side.items()
    )


def _moment(number: int) -> str:
    return TIME.format(number // 1000 % 60, number % 1000 * 1000)


def client_id(number: int) -> str:
    return f"xbench{number:06}"


def order_id(number: int) -> str:
    return f"OBENCH-KSTLS-{number:06}"


@cache
def execution_frames(orders: int) -> tuple[str, ...]:
    """Of each order that it is live, and then that a part of 0.001 was filled, of 5 BTC at 50,000."""
    return tuple(frame for number in range(orders) for frame in _executions(number))


def _executions(number: int) -> Iterator[str]:
    live = {
        "timestamp": _moment(number * 2),
        "order_status": "new",
        "exec_type": "new",
        "order_userref": 0,
        "order_id": order_id(number),
    }
    trade = {
        "order_id": order_id(number),
        "cl_ord_id": client_id(number),
        "order_userref": 0,
        "exec_id": f"TBENCH-HT5LX-{number:06}",
        "exec_type": "trade",
        "trade_id": 62_887_576 + number,
        "symbol": "BTC/USD",
        "side": "buy",
        "last_qty": 0.001,
        "last_price": 50000.0,
        "liquidity_ind": "m",
        "cost": 50.0,
        "order_type": "limit",
        "timestamp": _moment(number * 2 + 1),
        "order_status": "partially_filled",
        "order_qty": 5.0,
        "cum_qty": 0.001,
        "cum_cost": 50.0,
        "avg_price": 50000.0,
        "fee_usd_equiv": 0.125,
        "fees": [{"asset": "USD", "qty": 0.125}],
    }
    for place, told in enumerate((live, trade)):
        frame = {"channel": "executions", "type": "update", "data": [told], "sequence": number * 2 + place + 2}
        yield json.dumps(frame, separators=(",", ":"))


def filled(frames: Sequence[str]) -> dict[str, Decimal]:
    """Order id -> how much of it these frames tell as filled."""
    told = [json.loads(frame, parse_float=Decimal)["data"][0] for frame in frames]
    return {each["order_id"]: each["last_qty"] for each in told if each["exec_type"] == "trade"}


@cache
def pairs_body() -> bytes:
    """The answer of trading rules, of the one pair."""
    pair = {
        "altname": "XBTUSD",
        "wsname": "XBT/USD",
        "aclass_base": "currency",
        "base": "XXBT",
        "aclass_quote": "currency",
        "quote": "ZUSD",
        "cost_decimals": 5,
        "pair_decimals": 1,
        "lot_decimals": 8,
        "lot_multiplier": 1,
        "leverage_buy": [2, 3],
        "leverage_sell": [2, 3],
        "fees": [[0, 0.40]],
        "fees_maker": [[0, 0.25]],
        "fee_volume_currency": "ZUSD",
        "ordermin": "0.0001",
        "costmin": "0.5",
        "tick_size": "0.1",
        "status": "online",
    }
    return json.dumps({"error": [], "result": {"XXBTZUSD": pair}}).encode()
