"""The proof of a book: the wire's texts of its levels, against the checksum that the exchange sends.

Rules: made only for a book whose exchange declares a checksum; a text is kept with its level, laid out as the checksum
wants it once the level is among those that count, and forgotten when the level goes; a checksum that is absent, or the
value that stands for absent, proves nothing and disproves nothing.
"""

from collections.abc import Callable
from typing import TypeAlias

from exconn.codec import Checksum
from exconn.codec.book_checksum import Decimals, checksum_of, level_piece
from exconn.market.book_ladder import Ladder
from exconn.model import BookSnapshot, BookUpdate, Levels, LevelTexts

_SPARE = 256

_Pieces: TypeAlias = dict[float, str | tuple[str, str]]
"""Price -> its level's piece of the checksum, or still the wire's texts of price and size."""


class Proof:
    """`decimals`: of the pair, asked for with each snapshot."""

    __slots__ = ("_asks", "_bids", "_decimals", "_now", "_rule")

    def __init__(self, rule: Checksum, decimals: Callable[[], Decimals]) -> None:
        self._rule = rule
        self._decimals = decimals
        self._now = Decimals(None, None)
        self._bids: _Pieces = {}
        self._asks: _Pieces = {}

    def load(self, snapshot: BookSnapshot) -> None:
        """The texts of a whole book."""
        self._now = self._decimals()
        self._bids.clear()
        self._asks.clear()
        self.change(snapshot)

    def change(self, report: BookUpdate | BookSnapshot) -> None:
        """The texts of the levels that changed."""
        bids, asks = report.texts or ([], [])
        self._keep(self._bids, report.bids, bids)
        self._keep(self._asks, report.asks, asks)

    def _keep(self, pieces: _Pieces, levels: Levels, texts: LevelTexts) -> None:
        for (price, size), text in zip(levels, texts, strict=True):
            if size:
                pieces[price] = text
            else:
                pieces.pop(price, None)

    def holds(self, checksum: int | None, bids: Ladder, asks: Ladder) -> bool:
        """Whether the best levels of both sides have this checksum."""
        if checksum is None or checksum == self._rule.absent:
            return True
        best_bids, best_asks = self._best(self._bids, bids, False), self._best(self._asks, asks, True)
        return checksum == checksum_of(self._rule, best_bids, best_asks)

    def _best(self, pieces: _Pieces, side: Ladder, is_ask: bool) -> list[str]:
        if len(pieces) > len(side) + _SPARE:  # levels beyond the depth have left the side, and not this table
            kept = {price: pieces[price] for price in side}
            pieces.clear()
            pieces.update(kept)
        return [self._laid(pieces, price, is_ask) for price in side.top(self._rule.levels)]

    def _laid(self, pieces: _Pieces, price: float, is_ask: bool) -> str:
        piece = pieces[price]
        if isinstance(piece, tuple):
            pieces[price] = piece = level_piece(self._rule, *piece, is_ask, self._now)
        return piece
