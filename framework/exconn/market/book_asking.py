"""Asking for books: a snapshot by REST or by a frame of a socket; all books, again and again, where none is streamed.

Rules: a snapshot is asked for as often as it takes, with pauses, one at a time a pair; an answer that comes by the
socket and does not come in time has failed; a book that is polled is withheld as soon as one poll of it fails.
"""

import asyncio
import logging
from collections.abc import Callable

from exconn.codec import Arguments, book_sync
from exconn.errors import ExconnError
from exconn.market.backoff import Backoff
from exconn.market.rest import Rest
from exconn.market.tasks import Tasks
from exconn.market.websocket import Pairs, Stream
from exconn.model import BookSnapshot

_UNFIT_PAUSE = 0.25
_log = logging.getLogger(__name__)


class BookAsking:
    """`tell`: what becomes of it, as an event of the pair. `pause`: seconds that a pair has to wait at least.
    `backoff`: makes the pauses between failures of one asking."""

    def __init__(
        self,
        rest: Rest,
        tasks: Tasks,
        tell: Callable[[str, book_sync.BookEvent], None],
        pause: Callable[[str], float],
        backoff: Callable[[], Backoff],
    ) -> None:
        self._rest = rest
        self._tasks = tasks
        self._tell = tell
        self._pause = pause
        self._backoff = backoff
        self._wanted: dict[str, None] = {}
        self._awaited: dict[str, asyncio.Event] = {}

    def want(self, pair: str, stream: Stream | None) -> None:
        """A snapshot of the pair is needed; `stream`: who asks for it by a frame, None for REST."""
        self._wanted[pair] = None
        self._tasks.start(f"snapshot {pair}", self._ask(pair, stream))

    def came(self, pair: str) -> None:
        """A snapshot of the pair has come by a socket."""
        awaited = self._awaited.pop(pair, None)
        if awaited is not None:
            awaited.set()

    async def _ask(self, pair: str, stream: Stream | None) -> None:
        failures, least = self._backoff(), 0.0
        while pair in self._wanted:
            del self._wanted[pair]
            await asyncio.sleep(max(least, failures.delay(), self._pause(pair)))
            least = _UNFIT_PAUSE
            try:
                await (self._by_rest(pair) if stream is None else self._by_frame(pair, stream))
            except (ExconnError, TimeoutError) as error:
                _log.warning("no snapshot of %s: %s", pair, str(error) or "no answer in time")
                failures.failures += 1
                self._tell(pair, book_sync.SnapshotFailed())
            else:
                failures.failures = 0

    async def _by_rest(self, pair: str) -> None:
        self._tell(pair, await self._read(pair) or book_sync.SnapshotFailed())

    async def _read(self, pair: str) -> BookSnapshot | None:
        asked = await self._rest.ask("book_snapshot", Arguments(pair=pair))
        return next((report for report in asked.reply.reports if isinstance(report, BookSnapshot)), None)

    async def _by_frame(self, pair: str, stream: Stream) -> None:
        """The answer goes its own way, like every frame; here it is only waited for."""
        awaited = self._awaited[pair] = asyncio.Event()
        if not await stream.ask_snapshot(pair):
            self._tell(pair, book_sync.SnapshotFailed())
            return
        async with asyncio.timeout(self._rest.settings.request_timeout):
            await awaited.wait()

    async def poll(self, pairs: Pairs) -> None:
        """Read the books of all pairs again and again, until cancelled."""
        while True:
            await asyncio.gather(*map(self._poll_one, pairs()))
            await asyncio.sleep(self._rest.settings.books_every)

    async def _poll_one(self, pair: str) -> None:
        try:
            book = await self._read(pair)
        except ExconnError as error:
            self._tell(pair, book_sync.Doubted(f"it could not be read: {error}"))
        else:
            self._tell(pair, book or book_sync.Doubted("its reply holds no book"))
