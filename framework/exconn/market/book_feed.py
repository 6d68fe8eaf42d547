"""One stream's way to the books: what it tells goes to their tracker.

Rules: only the stream that carries books opens and closes them; trades may come by any.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from exconn.codec import book_sync
from exconn.market.websocket import Stream
from exconn.model import Report

if TYPE_CHECKING:
    from exconn.market.order_book_tracker import OrderBookTracker


class BookFeed:
    """A receiver of one stream."""

    def __init__(self, tracker: "OrderBookTracker", stream: Stream, has_books: bool) -> None:
        self._tracker = tracker
        self._stream = stream
        self._has_books = has_books

    def opening(self) -> None:
        if self._has_books:
            self._tracker.opening(self._stream.pairs)

    def opened(self) -> None:
        """The books follow by themselves."""

    def received(self, reports: Sequence[Report]) -> None:
        self._tracker.take(reports)

    def doubted(self, why: str) -> None:
        if self._has_books:
            self._tracker.doubt(why)

    def lost(self, pair: str, why: str) -> None:
        if self._has_books:
            self._tracker.lost(pair, why)

    def refused(self, why: str) -> None:
        self._tracker.refused()

    def closed(self, why: str) -> None:
        if self._has_books:
            self._tracker.step_all(book_sync.Closed())
