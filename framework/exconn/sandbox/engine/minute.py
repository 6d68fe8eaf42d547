"""Minutes of trading, and those that are older than a day, which few ask for: packed by the hour, for a week in all.

Rules:
- Adding one costs next to nothing, and an hour of them is packed once it is whole; they are unpacked when asked for.
- Whole hours are forgotten, so a little more than a week may be there.
- Minutes come in order of time, and none comes twice.
"""

import zlib
from collections import deque
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct, msgpack

from .amounts import ZERO

MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY


class Minute(Struct, frozen=True):
    """One minute of trading from `start` (ns): prices in quote per base, volumes in base and in quote.

    `bought` is the part that takers bought, `first` the number of the first trade.
    """

    start: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal
    trades: int
    bought: Decimal = ZERO
    bought_quote: Decimal = ZERO
    first: int = 0


_UNPACK = msgpack.Decoder(list[Minute])


class PastMinutes:
    """The minutes of a week but for its last day. `last` is the price at which the latest of them closed."""

    __slots__ = ("_hours", "_latest", "last")

    def __init__(self) -> None:
        self._hours: deque[tuple[int, bytes]] = deque()
        self._latest: list[Minute] = []
        self.last: Decimal | None = None

    def add(self, minute: Minute) -> None:
        """Take one that is a day old."""
        if self._latest and self._latest[0].start // HOUR != minute.start // HOUR:
            self._hours.append((self._latest[0].start, zlib.compress(msgpack.encode(self._latest), 1)))
            self._latest = []
            while self._hours and self._hours[0][0] + HOUR <= minute.start + DAY - WEEK:
                self._hours.popleft()
        self._latest.append(minute)
        self.last = minute.close

    def backwards(self, horizon: int) -> Iterator[Minute]:
        """Those that begin after a moment, newest first."""
        for hour in self._newest_hours():
            for minute in reversed(hour):
                if minute.start <= horizon:
                    return
                yield minute

    def _newest_hours(self) -> Iterator[list[Minute]]:
        yield self._latest
        for _, packed in reversed(self._hours):
            yield _UNPACK.decode(zlib.decompress(packed))
