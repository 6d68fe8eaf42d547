"""The order books of a market: `codec.book_sync` per pair decides, this carries out and publishes.

Rules: a book is seen only while it is live; from the first doubt (a gap, a wrong checksum, a crossed top, a lost
connection) until it is in step again it is withheld, that pair only. Where the spec says of no stream how it becomes a
book, all books are polled. Where the exchange sends a book's beginning by itself, one that has not come in time is
lost, and subscribed to again. A socket of the user's orders may carry books as well; it stays the user stream's to
keep.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial

from exconn.codec import BookFacts, Socket, book_sync
from exconn.codec.book_checksum import Decimals
from exconn.errors import ExconnError, UsageError
from exconn.market.backoff import Backoff
from exconn.market.book_asking import BookAsking
from exconn.market.book_feed import BookFeed
from exconn.market.kept_book import KeptBook, KeptEvent
from exconn.market.order_book import OrderBook
from exconn.market.rest import Rest
from exconn.market.tasks import Tasks
from exconn.market.websocket import Pairs, Stream, Wire
from exconn.model import BookChecksum, BookSnapshot, BookUpdate, OrderBookTradeEvent, PublicTrade, Report, Unreadable

BOOK_KINDS = frozenset({"book", "book_snapshot", "book_update", "book_checksum"})
PUBLIC_KINDS = BOOK_KINDS | {"trade", "price"}
POLLED = BookFacts(start="whole", chain="none", on_gap="resnapshot")
"""A book of which every reply is the whole."""
_CHAINED = frozenset({"range", "link", "count"})
"""Chain rules under which a frame that was lost shows itself as a gap."""

_PUSHED = frozenset({"stream", "first_frame"})
"""Ways to start a book in which its levels come without being asked for."""

_log = logging.getLogger(__name__)


class BookNotLive(ExconnError):
    """The book of this pair is not in step with the exchange at this moment; it is being read again."""

    not_executed = True


class OrderBookTracker:
    """`emit`: what every trade of the tape is told to. `traded`: those of the pairs that the exchange trades at
    present. `decimals`: of a pair's prices and sizes. `missed`: a book that should have come has not, which may be
    because its pair is not traded any more. `order_books`: pair -> book, the live ones only."""

    def __init__(
        self,
        facts: BookFacts | None,
        pairs: Sequence[str],
        rest: Rest,
        wire: Wire,
        tasks: Tasks,
        emit: Callable[[OrderBookTradeEvent], None],
        traded: Pairs,
        decimals: Callable[[str], Decimals],
        missed: Callable[[], None],
    ) -> None:
        self.order_books: dict[str, OrderBook] = {}
        self.streams: list[Stream] = []
        self._wire = wire
        self._tasks = tasks
        self._emit = emit
        self._traded = traded
        self._missed = missed
        self._facts = facts if facts is not None else POLLED
        self.is_polled = facts is None and rest.offers("book_snapshot")
        self._kept = {pair: KeptBook(self._facts, partial(decimals, pair)) for pair in pairs}
        self._withheld = dict.fromkeys(pairs, "it has not been read yet")
        self._live_since = dict.fromkeys(pairs, 0.0)
        self._doubts = {pair: self._backoff() for pair in pairs}
        self._asking = BookAsking(rest, tasks, self._told, lambda pair: self._doubts[pair].delay(), self._backoff)
        self._followed: tuple[str, ...] = ()
        self._opened_at: dict[str, float] = {}
        self._watched: set[str] = set()
        self._lost: set[str] = set()
        self._book_stream: Stream | None = None
        self._shared: tuple[Stream, ...] = ()

    def _backoff(self) -> Backoff:
        settings, source = self._wire.settings, self._wire.surroundings.random
        return Backoff(source, settings.backoff_first, settings.backoff_greatest, settings.healthy_after)

    def follow(self, sockets: Sequence[Socket], shared: Sequence[Stream] = ()) -> None:
        """Take on the sockets that carry books and trades; `shared`: streams that somebody else keeps open, the same
        each time."""
        self.streams = [Stream(socket, self._traded, self._wire) for socket in sockets]
        told, self._shared = self._shared, tuple(shared)
        for stream in (*self.streams, *shared):
            has_books = not BOOK_KINDS.isdisjoint(stream.socket.kinds)
            if stream not in told:
                stream.tell(BookFeed(self, stream, has_books))
            if has_books:
                self._book_stream = stream

    def opening(self, pairs: Sequence[str]) -> None:
        """The subscriptions to these pairs are about to be sent."""
        self._followed = tuple(pairs)
        for pair in self._followed:
            self._opened(pair)

    def _opened(self, pair: str) -> None:
        self._lost.discard(pair)
        self.step(pair, book_sync.Opened())
        self._opened_at[pair] = self._wire.time.steady()
        if self._facts.start in _PUSHED and pair not in self._watched:
            self._watch(pair, self._wire.settings.book_timeout)

    def _watch(self, pair: str, seconds: float) -> None:
        self._watched.add(pair)
        asyncio.get_running_loop().call_later(seconds, self._look_for, pair)

    def _look_for(self, pair: str) -> None:
        """A book was to come; where it was lost it is subscribed to again, however often that was tried since."""
        self._watched.discard(pair)
        sync = self._kept[pair].sync
        if sync.is_live or pair not in self._followed:
            return
        self._missed()
        left = self._opened_at[pair] + self._wire.settings.book_timeout - self._wire.time.steady()
        if sync.phase is book_sync.BookPhase.BUFFERING and left <= 0:
            self._doubt_levels(pair, "it has not come in time")
        elif sync.phase is book_sync.BookPhase.BUFFERING:
            self._watch(pair, left)

    async def poll(self) -> None:
        """Read all books again and again, where none is streamed, until cancelled."""
        try:
            await self._asking.poll(self._polled)
        finally:
            self.step_all(book_sync.Closed("it is not read any more"))
            self._followed = ()

    def _polled(self) -> Sequence[str]:
        known, self._followed = self._followed, tuple(self._traded())
        for pair in self._followed:
            if pair not in known:
                self.step(pair, book_sync.Opened())
        return self._followed

    def rules_changed(self) -> None:
        """Let go of the pairs that are traded no more, and take on those that are again."""
        traded = self._traded()
        for pair in self._followed:
            if pair not in traded:
                self.step(pair, book_sync.Closed("it is not traded here any more"))
        self._followed = tuple(pair for pair in self._followed if pair in traded)
        if len(self._followed) < len(traded):
            for stream in (*self.streams, *self._shared):
                stream.reconnect("a pair is traded that was not before")

    @property
    def ready(self) -> bool:
        return len(self.order_books) == len(self._kept)

    def get(self, pair: str) -> OrderBook:
        """The live book. UsageError for a pair that is not tracked, BookNotLive while it is withheld."""
        book = self.order_books.get(pair)
        if book is not None:
            return book
        if pair not in self._kept:
            raise UsageError(f"{pair!r} is not a trading pair of this market; it has {', '.join(self._kept)}")
        raise BookNotLive(f"the book of {pair} is withheld: {self._withheld[pair]}")

    def step_all(self, event: book_sync.BookEvent) -> None:
        for pair in self._followed:
            self.step(pair, event)

    def step(self, pair: str, event: KeptEvent) -> None:
        """Something happened to a pair's book; carry out what follows."""
        kept = self._kept[pair]
        for effect in kept.take(event):
            if type(effect) is not book_sync.Change:
                self._carry_out(pair, effect)
        if kept.fault is not None:
            self._doubt_levels(pair, kept.fault)

    def _told(self, pair: str, event: book_sync.BookEvent) -> None:
        """What became of asking for a book."""
        self.step(pair, event)

    def _carry_out(self, pair: str, effect: book_sync.Effect) -> None:
        """The levels have followed already."""
        if isinstance(effect, book_sync.Load):
            return
        if isinstance(effect, book_sync.GoLive):
            self.order_books[pair] = self._kept[pair].book
            self._live_since[pair] = self._wire.time.steady()
        elif isinstance(effect, book_sync.Withhold):
            self._withhold(pair, effect.why)
        elif isinstance(effect, book_sync.AskSnapshot):
            self._asking.want(pair, self._book_stream if self._facts.start == "asked" else None)
        elif isinstance(effect, book_sync.Resubscribe):
            self._tasks.start(f"resubscribe {pair}", self._resubscribe(pair))
        elif self._book_stream is not None:
            self._book_stream.reconnect(f"the book of {pair} has to start again")

    def _withhold(self, pair: str, why: str) -> None:
        self._withheld[pair] = why
        if self.order_books.pop(pair, None) is not None:
            _log.info("book of %s withheld: %s", pair, why)
            if self._wire.time.steady() - self._live_since[pair] >= self._wire.settings.healthy_after:
                self._doubts[pair].failures = 0

    def _doubt_levels(self, pair: str, why: str) -> None:
        """Starting again may not help: an exchange can show a crossed book for hours, so each time in a row waits
        longer."""
        self.step(pair, book_sync.Doubted(why))
        self._doubts[pair].failures += 1

    async def _resubscribe(self, pair: str) -> None:
        while self._book_stream is not None:
            await asyncio.sleep(self._doubts[pair].delay())
            if pair not in self._followed:
                return
            self._lost.discard(pair)
            await self._book_stream.resubscribe(pair)
            if pair not in self._lost:
                if self._book_stream.is_live:
                    self._opened(pair)
                return

    def lost(self, pair: str, why: str) -> None:
        """The exchange does not tell of this pair any more. Its rules may say why; it is tried again and again."""
        if pair in self._followed and pair not in self._lost:
            self._lost.add(pair)
            self._withheld[pair] = why
            self.step(pair, book_sync.Closed(why))
            self._doubts[pair].failures += 1
            self._tasks.start(f"resubscribe {pair}", self._resubscribe(pair))
            self._missed()

    def refused(self) -> None:
        """A pair that is not traded any more may be why."""
        self._missed()

    def take(self, reports: Sequence[Report]) -> None:
        """What a frame or a reply says of books and trades; the rest is left alone."""
        for report in reports:
            if type(report) is BookUpdate or type(report) is BookSnapshot or type(report) is BookChecksum:
                pair = self._pair_of(report.pair)
                if pair is not None:
                    self.step(pair, report)
                    if type(report) is BookSnapshot:
                        self._asking.came(pair)
            elif isinstance(report, PublicTrade):
                self._trade(report)
            elif isinstance(report, Unreadable):
                self.doubt(f"{report.where}: {report.why}")

    def doubt(self, why: str) -> None:
        """Something could not be read. Where the chain would not show what was lost, every book starts again."""
        if self._facts.chain not in _CHAINED:
            for pair in self._followed:
                if self._kept[pair].sync.phase is not book_sync.BookPhase.IDLE:
                    self._doubt_levels(pair, why)

    def _pair_of(self, told: str | None) -> str | None:
        if told is None:
            return next(iter(self._kept)) if len(self._kept) == 1 else None
        return told if told in self._kept else None

    def _trade(self, trade: PublicTrade) -> None:
        pair = self._pair_of(trade.pair)
        if pair is None:
            return
        at = self._wire.time.now() if trade.time_ns is None else trade.time_ns / 1e9
        event = OrderBookTradeEvent(pair, at, trade.side, trade.price, trade.amount)
        self._kept[pair].book.apply_trade(event)
        self._emit(event)
