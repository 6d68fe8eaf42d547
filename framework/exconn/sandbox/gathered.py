"""What has changed of a book since its last frame.

Rules: of each level the last size counts; a frame names the first and the last change that it holds, and nothing
between two frames is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .actions.market_data import BookRow
from .engine import BookChanged, Side


@dataclass(slots=True)
class Gathered:
    """The changes of one book since its last frame."""

    first: int
    last: int = 0
    time: int = 0
    sides: dict[Side, dict[Decimal, Decimal]] = field(default_factory=lambda: {Side.BUY: {}, Side.SELL: {}})

    def add(self, change: BookChanged) -> None:
        self.last, self.time = change.sequence, change.time
        self.sides[change.side][change.price] = change.size

    def row(self, symbol: str) -> BookRow:
        bids = sorted(self.sides[Side.BUY].items(), reverse=True)
        return BookRow(
            symbol, self.first, self.last, self.first - 1, bids, sorted(self.sides[Side.SELL].items()), self.time
        )
