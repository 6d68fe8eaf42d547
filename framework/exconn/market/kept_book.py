"""A book and its place in the exchange's sequence: `codec.book_sync` decides, the levels follow at once.

Rules: whoever holds a kept book gives it every event of its pair, and carries out what is left of the effects: asking,
subscribing, publishing and withholding; a `fault` after an event (a wrong checksum, a crossed top) means that the
levels are wrong though the chain held, and is told back as `Doubted`. Markets and cases keep books by this same code.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from exconn.codec import BookFacts
from exconn.codec.book_checksum import Decimals
from exconn.codec.book_sync import BookEvent, BookPhase, BookSync, Change, Effect, Load, step
from exconn.market.book_proof import Proof
from exconn.market.order_book import OrderBook
from exconn.model import BookChecksum, BookSnapshot, BookUpdate

KeptEvent: TypeAlias = BookEvent | BookChecksum

CROSSED = "its best bid is not below its best ask"
DISPROVED = "its checksum is not the exchange's"
_LIVE = BookPhase.LIVE


def _unknown() -> Decimals:
    return Decimals(None, None)


class KeptBook:
    """`book`: the levels. `fault`: why they cannot be right, None where nothing says so."""

    __slots__ = ("book", "fault", "sync")

    def __init__(self, facts: BookFacts, decimals: Callable[[], Decimals] = _unknown) -> None:
        proof = None if facts.checksum is None else Proof(facts.checksum, decimals)
        self.book = OrderBook(facts.depth, facts.exact, proof)
        self.sync = BookSync(facts)
        self.fault: str | None = None

    def take(self, event: KeptEvent) -> Sequence[Effect]:
        """The next state; gives all effects in order, those on the levels already carried out."""
        if isinstance(event, BookChecksum):
            self._look(event.checksum)
            return ()
        self.fault = None
        self.sync, effects = step(self.sync, event)
        newest: BookUpdate | BookSnapshot | None = None
        for effect in effects:
            if type(effect) is Change:
                newest = effect.update
                self.book.apply_diffs(newest)
            elif type(effect) is Load:
                newest = effect.snapshot
                self.book.apply_snapshot(newest)
        if newest is not None:
            self._look(newest.checksum)
        return effects

    def _look(self, checksum: int | None) -> None:
        """Look for a fault in the levels as they are now."""
        book, self.fault = self.book, None
        if self.sync.phase is not _LIVE:
            return
        if book.is_crossed:
            self.fault = CROSSED
        elif checksum is not None and not book.agrees(checksum):
            self.fault = DISPROVED
