"""Order views: what subscribers to a book's orders have of it, and what of a change they must be told.

Rules:
- A subscriber keeps the orders of as many levels a side as its channel has; what lies deeper it drops by itself after
  every frame, and is not told of. A level that comes into view is told with all its orders.
- What is gone comes first. An order keeps its place while only its size changes (modify); one that stands behind others
  now, or at another price, is deleted and added again, so that who appends has the queue as the book has it.
- A view begins anew with each subscriber. A place is the id of a channel and our symbol.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from .book_orders import BookOrder, BookOrdersRow

Place = tuple[int, str]
_PRICE = attrgetter("price")


class OrderViews:
    """All views, by place."""

    __slots__ = ("_views",)

    def __init__(self) -> None:
        self._views: dict[Place, BookOrdersRow] = {}

    def begin(self, place: Place, book: BookOrdersRow) -> None:
        """A subscriber begins with these orders."""
        self._views[place] = book

    def advance(self, place: Place, book: BookOrdersRow, depth: int | None) -> BookOrdersRow | None:
        """What to tell, now that the best levels hold these orders; None where nothing changed."""
        before = self._views.get(place)
        self.begin(place, book)
        if before is None:
            return None
        bids = _changes(before.bids, book.bids, depth, highest_first=True)
        asks = _changes(before.asks, book.asks, depth, highest_first=False)
        return book._replace(bids=bids, asks=asks) if bids or asks else None


def _changes(
    before: Sequence[BookOrder], after: Sequence[BookOrder], depth: int | None, *, highest_first: bool
) -> list[BookOrder]:
    known = {order.id: (index, order) for index, order in enumerate(before)}
    told: list[BookOrder] = []
    kept: set[int] = set()
    for _, level in groupby(after, _PRICE):
        kept |= _tell_level(list(level), known, told)
    end, seen = _end(after, depth), {order.id for order in after}
    gone = [
        order
        for order in before
        if order.id not in kept and (order.id in seen or not _is_below(order.price, end, highest_first))
    ]
    return [*(order._replace(event="delete") for order in gone), *told]


def _tell_level(level: list[BookOrder], known: dict[int, tuple[int, BookOrder]], told: list[BookOrder]) -> set[int]:
    """Tell what is new in a level; the ids that keep their place in it."""
    kept: set[int] = set()
    last, is_kept = -1, True
    for order in level:
        index, was = known.get(order.id, (-1, None))
        is_kept = is_kept and was is not None and was.price == order.price and index > last
        if not is_kept:
            told.append(order._replace(event="add"))
        elif was is not None:
            last = index
            kept.add(order.id)
            if was.amount != order.amount:
                told.append(order._replace(event="modify"))
    return kept


def _end(after: Sequence[BookOrder], depth: int | None) -> Decimal | None:
    """The worst price of a full view, below which a subscriber drops everything by itself; None where it has room."""
    if depth is None or not after or len({each.price for each in after}) < depth:
        return None
    return after[-1].price


def _is_below(price: Decimal, end: Decimal | None, highest_first: bool) -> bool:
    if end is None:
        return False
    return price < end if highest_first else price > end
