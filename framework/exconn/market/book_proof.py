"""The proof of a book: the wire's texts of its levels, against the checksum that the exchange sends.

Rules: made only for a book whose exchange declares a checksum; a text is kept with its level, laid out as the checksum
wants it once the level is among those that count, and forgotten some time after the level is gone; a checksum that is
absent, or the value that stands for absent, proves nothing and disproves nothing.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, TypeAlias

from exconn.codec import Checksum
from exconn.codec.book_checksum import Decimals, PieceWriter, checksum_of, piece_writer
from exconn.market.book_ladder import Ladder
from exconn.model import BookSnapshot, BookUpdate

_SPARE = 256
_PRICE = itemgetter(0)

_Pieces: TypeAlias = dict[float, str | tuple[Any, Any]]
"""Price -> its level's piece of the checksum, or still what the wire wrote of price and size."""


class Proof:
    """`decimals`: of the pair, asked for with each snapshot."""

    __slots__ = ("_asks", "_bids", "_decimals", "_rule", "_write_ask", "_write_bid")

    def __init__(self, rule: Checksum, decimals: Callable[[], Decimals]) -> None:
        self._rule = rule
        self._decimals = decimals
        self._bids: _Pieces = {}
        self._asks: _Pieces = {}
        self._learn(Decimals(None, None))

    def _learn(self, decimals: Decimals) -> None:
        self._write_bid = piece_writer(self._rule, False, decimals)
        self._write_ask = piece_writer(self._rule, True, decimals)

    def load(self, snapshot: BookSnapshot) -> None:
        """The texts of a whole book."""
        self._learn(self._decimals())
        self._bids.clear()
        self._asks.clear()
        self.change(snapshot)

    def change(self, report: BookUpdate | BookSnapshot) -> None:
        """The texts of the levels that changed."""
        bids, asks = report.texts or ([], [])
        self._bids.update(zip(map(_PRICE, report.bids), bids, strict=True))
        self._asks.update(zip(map(_PRICE, report.asks), asks, strict=True))

    def holds(self, checksum: int | None, bids: Ladder, asks: Ladder) -> bool:
        """Whether the best levels of both sides have this checksum."""
        if checksum is None or checksum == self._rule.absent:
            return True
        best_bids = self._best(self._bids, bids, self._write_bid)
        best_asks = self._best(self._asks, asks, self._write_ask)
        return checksum == checksum_of(self._rule, best_bids, best_asks)

    def _best(self, pieces: _Pieces, side: Ladder, write: PieceWriter) -> list[str]:
        if len(pieces) > len(side) + _SPARE:  # levels have left the side, and not this table
            kept = {price: pieces[price] for price in side}
            pieces.clear()
            pieces.update(kept)
        best = []
        for price in side.top(self._rule.levels):
            piece = pieces[price]
            if type(piece) is not str:
                piece = pieces[price] = write(*piece)
            best.append(piece)
        return best
