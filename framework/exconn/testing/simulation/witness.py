"""A witness of a market's books: compares every published book with the exchange's, at the sequence it claims.

Rules: it looks after every event that can change a book, before any other code runs, and whenever it is asked to; a
book is right if its levels are exactly, as floats, those of the exchange right after that change, or, where books
carry no number (`numberless`), after any one; a withheld book is no difference, but an `Outage`, from the moment it was
withheld to the moment it was live again.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from exconn.codec import book_sync
from exconn.market import Market, OrderBook
from exconn.market.order_book import OrderBookRow
from exconn.model import BookUpdate
from exconn.testing.simulation.numberless import Levels, NumberlessBooks
from exconn.testing.simulation.venue import Venue


@dataclass(slots=True)
class Outage:
    """Virtual seconds; `ended` is None while it lasts.

    `diffs`: when book updates of the pair came, on the last connection of the outage: one that breaks before the book
    is live again leaves nothing to go on from.
    """

    pair: str
    began: float
    diffs: list[float]
    ended: float | None = None

    def next_diff(self, after: float) -> float | None:
        """When the first update at or after a moment came, None where none did."""
        return next((at for at in self.diffs if at >= after), None)


class BookWitness:
    """`compared`: how many published books were compared; `differences`: one line each; `outages`: oldest first."""

    def __init__(self, exchange: Venue, market: Market, now: Callable[[], float]) -> None:
        self.compared = 0
        self.updates = 0
        self.differences: list[str] = []
        self.outages: list[Outage] = []
        self._exchange = exchange
        self._tracker = market.order_book_tracker
        self._now = now
        self._live: set[str] = set()
        facts = market._parts.ground.codec.facts.book
        is_numbered = facts is None or facts.chain != "none" or facts.start == "rest"
        history, counts = exchange.sandbox.history, exchange.faults.counts
        self._numberless = None if is_numbered or facts is None else NumberlessBooks(history, facts, counts)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look after every event of the books within the block."""
        step = self._tracker.step

        def step_and_look(pair: str, event: book_sync.BookEvent) -> None:
            step(pair, event)
            self._note(pair, event)
            self.look(pair)

        with patch.object(self._tracker, "step", step_and_look):
            yield

    def look(self, pair: str) -> None:
        """Compare the pair's book as it is published now, if it is."""
        book = self._tracker.order_books.get(pair)
        if book is None:
            return
        self.compared += 1
        difference = self._difference(pair, book)
        if difference is not None:
            self.differences.append(f"at {self._now():.3f} s, {pair}: {difference}")

    def open_outages(self) -> list[Outage]:
        """Those that have not ended."""
        return [outage for outage in self.outages if outage.ended is None]

    def _note(self, pair: str, event: book_sync.BookEvent) -> None:
        now, is_live = self._now(), pair in self._tracker.order_books
        outage = next((each for each in self.open_outages() if each.pair == pair), None)
        if pair in self._live and not is_live:
            outage = Outage(pair, now, [])
            self.outages.append(outage)
        self.updates += isinstance(event, BookUpdate)
        if outage is not None:
            if isinstance(event, book_sync.Closed):
                outage.diffs.clear()
            elif isinstance(event, BookUpdate):
                outage.diffs.append(now)
            outage.ended = now if is_live else None
        (self._live.add if is_live else self._live.discard)(pair)

    def _difference(self, pair: str, book: OrderBook) -> str | None:
        bids, asks = book.snapshot
        if self._numberless is not None:
            return self._numberless.difference(pair, _levels(bids), _levels(asks))
        true = self._exchange.book_at(pair, book.uid)
        if true is None:
            return f"claims sequence {book.uid}, which the exchange's book never had"
        sides = (("bids", bids, true.bids), ("asks", asks, true.asks))
        for name, ours, theirs in sides:
            told = _levels(ours)
            expected: Levels = [(float(price), float(size)) for price, size in theirs]
            if told != expected:
                return f"{name} at {book.uid} are {told}, the exchange had {expected}"
        return None


def _levels(rows: Iterable[OrderBookRow]) -> Levels:
    return [(row.price, row.amount) for row in rows]
