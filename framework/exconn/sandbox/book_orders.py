"""Books order by order: what rests in one, by priority, and its levels with how many orders make them.

Rules:
- An order is shown as the book shows it: of an iceberg the part that is seen.
- `time` is when an order came to its place: when it came to work, or was amended last.
- The checksum is over every order of the best levels, side after side, by the dialect's digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from .checksums import Checksum
from .desk import Desk
from .dialect.formats import declared
from .engine import Order
from .engine.amounts import plus


class BookOrder(NamedTuple):
    """One order in a book. `event` is what became of it, in a change: add, modify or delete."""

    symbol: str
    id: int
    price: Decimal
    amount: Decimal
    time: int
    event: str = "add"


class BookLevel(NamedTuple):
    """One level of a book: what its orders show together, how many they are, when the first and the last came."""

    symbol: str
    price: Decimal
    amount: Decimal
    orders: int
    first: int
    last: int


class BookOrdersRow(NamedTuple):
    """The orders of a book, or changes of them, best first and by priority."""

    symbol: str
    bids: Sequence[BookOrder]
    asks: Sequence[BookOrder]
    time: int
    checksum: int | None = None

    @property
    def bid_levels(self) -> Sequence[BookLevel]:
        return _levels(self.bids)

    @property
    def ask_levels(self) -> Sequence[BookLevel]:
        return _levels(self.asks)


def resting(desk: Desk, symbol: str, depth: int | None, now: int) -> BookOrdersRow:
    """The orders of a book's best `depth` levels a side; all of them when None."""
    bids, asks = desk.exchange.resting(symbol, depth)
    return BookOrdersRow(symbol, [_shown(desk, order) for order in bids], [_shown(desk, order) for order in asks], now)


def checksum_of(desk: Desk, symbol: str, checksum: Checksum | None) -> int | None:
    """The checksum of a book's orders as it is now; None where the channel has none."""
    if checksum is None:
        return None
    row = resting(desk, symbol, checksum.levels, 0)
    price, size = (desk.dialect.places[step][symbol] for step in ("price", "amount"))
    return checksum.of_orders(
        [(order.price, order.amount) for order in row.bids],
        [(order.price, order.amount) for order in row.asks],
        lambda money: declared(money, price),
        lambda money: declared(money, size),
    )


def _shown(desk: Desk, order: Order) -> BookOrder:
    came = max(order.working or order.created, desk.amendments.since(order))
    return BookOrder(order.symbol, order.id, order.limit, order.shown, came)


def _levels(orders: Iterable[BookOrder]) -> list[BookLevel]:
    found = ((price, list(group)) for price, group in groupby(orders, attrgetter("price")))
    return [
        BookLevel(
            group[0].symbol,
            price,
            plus(order.amount for order in group),
            len(group),
            min(order.time for order in group),
            max(order.time for order in group),
        )
        for price, group in found
    ]
