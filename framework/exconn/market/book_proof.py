"""The proof of a book: the wire's texts of its levels, against the checksum that the exchange sends.

Rules: made only for a book whose exchange declares a checksum; a text is kept with its level, laid out as the checksum
wants it when the level comes, and forgotten when the level goes; a checksum that is absent, or the value that stands
for absent, proves nothing and disproves nothing.
"""

from collections.abc import Callable

from exconn.codec import Checksum
from exconn.codec.book_checksum import Decimals, checksum_of, level_piece
from exconn.market.book_ladder import Ladder
from exconn.model import BookSnapshot, BookUpdate, Levels, LevelTexts

_SPARE = 256


class Proof:
    """`decimals`: of the pair, asked for with each snapshot."""

    __slots__ = ("_asks", "_bids", "_decimals", "_now", "_rule")

    def __init__(self, rule: Checksum, decimals: Callable[[], Decimals]) -> None:
        self._rule = rule
        self._decimals = decimals
        self._now = Decimals(None, None)
        self._bids: dict[float, str] = {}
        self._asks: dict[float, str] = {}

    def load(self, snapshot: BookSnapshot) -> None:
        """The texts of a whole book."""
        self._now = self._decimals()
        self._bids.clear()
        self._asks.clear()
        self.change(snapshot)

    def change(self, report: BookUpdate | BookSnapshot) -> None:
        """The texts of the levels that changed."""
        bids, asks = report.texts or ([], [])
        self._lay(self._bids, report.bids, bids, False)
        self._lay(self._asks, report.asks, asks, True)

    def _lay(self, pieces: dict[float, str], levels: Levels, texts: LevelTexts, is_ask: bool) -> None:
        rule, decimals = self._rule, self._now
        for (price, size), (price_text, size_text) in zip(levels, texts, strict=True):
            if size:
                pieces[price] = level_piece(rule, price_text, size_text, is_ask, decimals)
            else:
                pieces.pop(price, None)

    def holds(self, checksum: int | None, bids: Ladder, asks: Ladder) -> bool:
        """Whether the best levels of both sides have this checksum."""
        if checksum is None or checksum == self._rule.absent:
            return True
        return checksum == checksum_of(self._rule, self._best(self._bids, bids), self._best(self._asks, asks))

    def _best(self, pieces: dict[float, str], side: Ladder) -> list[str]:
        if len(pieces) > len(side) + _SPARE:  # levels beyond the depth have left the side, and not this table
            kept = {price: pieces[price] for price in side}
            pieces.clear()
            pieces.update(kept)
        return [pieces[price] for price in side.top(self._rule.levels)]
