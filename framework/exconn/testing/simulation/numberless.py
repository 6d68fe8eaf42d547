"""Which of the exchange's books a published one is, where books carry no number: looked for among all that there were.

Rules: the search goes on from the book that was found last, because books move on, and begins anew where that finds
none, because a snapshot may be old. A book that only a checksum proves can be wrong below the levels of its checksum
once a frame was lost or changed, and no client can know; so from the first such fault on only what is proved counts.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from exconn.codec import BookFacts
from exconn.sandbox.engine import Side
from exconn.sandbox.history import History

Levels = list[tuple[float, float]]
_SPOILING = (
    "drop_frame",
    "duplicate_frame",
    "reorder",
    "stall",
    "book_gap",
    "bad_checksum",
    "old_snapshot",
    "crossed_book",
)
"""Faults after which the levels that a client has need not be the exchange's."""


class NumberlessBooks:
    """`happened`: how often each kind of fault took effect."""

    def __init__(self, history: History, facts: BookFacts, happened: Mapping[str, int]) -> None:
        self._history = history
        self._depth = facts.depth
        self._proved = None if facts.checksum is None else facts.checksum.levels
        self._happened = happened
        self._found: dict[str, int] = {}

    def difference(self, pair: str, bids: Levels, asks: Levels) -> str | None:
        """What is wrong with a book, best levels first; None where the exchange once had it."""
        deep = self._counted()
        wanted = bids[:deep], asks[:deep]
        last = self._found.get(pair, 0)
        for start, end in ((last, None), (0, last)):
            for sequence, sides in self._history.walk(pair, start):
                if end is not None and sequence >= end:
                    break
                if wanted == (_best(sides[Side.BUY], deep, True), _best(sides[Side.SELL], deep, False)):
                    self._found[pair] = sequence
                    return None
        return f"the exchange never had these levels: bids {wanted[0]}, asks {wanted[1]}"

    def _counted(self) -> int | None:
        """How many levels a side are compared, None for all."""
        if any(self._happened.get(kind, 0) for kind in _SPOILING):
            return self._proved or self._depth
        return self._depth


def _best(levels: Mapping[Decimal, Decimal], deep: int | None, is_bid: bool) -> Levels:
    rows: Iterable[tuple[Decimal, Decimal]] = sorted(levels.items(), reverse=is_bid)[:deep]
    return [(float(price), float(size)) for price, size in rows]
