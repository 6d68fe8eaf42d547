"""Views: what subscribers to a book's best levels have of it, and what of a change they must be told.

Rules:
- A subscriber keeps as many levels a side as its channel has: after every frame it drops what lies deeper.
- So a level that only fell out of the view is not told of; one that is gone is told with size 0; one that came into
  view is told whole. What is gone comes first, so that no order of applying it loses a level.
- A view begins anew with each subscriber, after the others were told of all that changed; it is the exchange's own,
  whatever a client was told. A place is the id of a channel and our symbol.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .engine import BookSnapshot, Side

Level = tuple[Decimal, Decimal]
Sizes = Mapping[Decimal, Decimal]
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class View:
    """The best levels of both sides."""

    bids: Sizes
    asks: Sizes


class Views:
    """All views, by place."""

    __slots__ = ("_views",)

    def __init__(self) -> None:
        self._views: dict[Place, View] = {}

    def begin(self, place: Place, book: BookSnapshot) -> None:
        """A subscriber begins with this book."""
        self._views[place] = View(dict(book.bids), dict(book.asks))

    def advance(
        self, place: Place, book: BookSnapshot, changed: Mapping[Side, Sizes]
    ) -> tuple[list[Level], list[Level]]:
        """What to tell of bids and asks, now that the book is this one; `changed` are the sizes that changed since."""
        before = self._views.get(place)
        self.begin(place, book)
        if before is None:
            return [], []
        return (
            _changes(before.bids, book.bids, changed[Side.BUY]),
            _changes(before.asks, book.asks, changed[Side.SELL]),
        )


def _changes(before: Sizes, after: Sequence[Level], changed: Sizes) -> list[Level]:
    seen = dict(after)
    gone = [(price, size) for price in before if price not in seen and not (size := changed.get(price, before[price]))]
    return [*gone, *((price, size) for price, size in after if before.get(price) != size)]
