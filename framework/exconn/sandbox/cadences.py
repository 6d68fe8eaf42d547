"""Cadences: what is told of books from time to time, gathered in between.

Rules:
- Book changes are gathered per cadence and flushed as one frame a symbol; so are tickers, candles and states of books
  told of symbols whose book has changed. A quiet market costs nothing.
- A candle is told until it is closed, and once as closed: with those that have begun since, oldest first.
- A channel that is cut to a depth tells what entered and left its view; one of orders tells them one by one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from .actions.market_data import BookRow, book_row
from .actions.statistics import span_of
from .audience import Audience
from .book_orders import BookOrdersRow, checksum_of, resting
from .candles import Candle, Period, Reach, candles
from .desk import Desk
from .dialect.channels import PACED, Channel
from .engine import BookChanged, Ticker
from .gathered import Gathered
from .limits import SECOND
from .order_views import OrderViews
from .rows import AveragePrice, TickersRow, average_price
from .snapshots import with_checksum
from .views import Views


class Cadences:
    """What was gathered for each cadence since its last frames."""

    __slots__ = ("_audience", "_desk", "_flushed", "_gathered", "_now_ns", "_stirred", "_views", "order_views")

    def __init__(self, desk: Desk, audience: Audience, views: Views, now_ns: Callable[[], int]) -> None:
        self._desk, self._audience, self._views, self._now_ns = desk, audience, views, now_ns
        self.order_views = OrderViews()
        beats = {channel.every for event in PACED for channel in audience.channels(event)}
        self._gathered: dict[float, dict[str, Gathered]] = {beat: {} for beat in sorted(beats)}
        self._stirred = {beat: asyncio.Event() for beat in self._gathered}
        self._flushed: dict[tuple[float, str], int] = {}

    @property
    def beats(self) -> tuple[float, ...]:
        """The cadences, in seconds."""
        return tuple(self._gathered)

    def gather(self, change: BookChanged) -> None:
        """Keep a change of a book for every cadence."""
        for beat, gathered in self._gathered.items():
            self._stirred[beat].set()
            changes = gathered.get(change.symbol)
            if changes is None:
                changes = gathered[change.symbol] = Gathered(change.sequence)
            changes.add(change)

    async def run(self, beat: float) -> None:
        """Flush a cadence for ever: `beat` seconds after its first change since the last frames, never later."""
        stirred = self._stirred[beat]
        while True:
            await stirred.wait()
            await asyncio.sleep(beat)
            stirred.clear()
            self.flush(beat)

    def flush(self, beat: float) -> None:
        """Send what was gathered for a cadence."""
        gathered, self._gathered[beat] = self._gathered[beat], {}
        now = self._now_ns()
        for symbol, changes in gathered.items():
            self._audience.emit("book_update", symbol, partial(self._book_update, symbol, changes), beat)
            self._audience.emit("book_orders", symbol, partial(self._book_orders, symbol, now), beat)
            self._audience.emit("book_state", symbol, partial(self._book_state, symbol, now), beat)
            self._audience.emit("ticker", symbol, partial(self._ticker, symbol, now), beat)
            self._audience.emit("average", symbol, partial(self._average, symbol, now), beat)
            self._emit_candles(symbol, beat, now)
        if gathered:
            self._audience.emit("tickers", "", partial(self._tickers, tuple(gathered), now), beat)

    def _book_update(self, symbol: str, changes: Gathered, channel: Channel) -> BookRow | None:
        """A change as a channel tells it; None where its levels did not change."""
        row = changes.row(symbol)
        if channel.limited:
            book = self._desk.exchange.book(symbol, channel.depth)
            bids, asks = self._views.advance((id(channel), symbol), book, changes.sides)
            if not bids and not asks:
                return None
            row = replace(row, bids=bids, asks=asks)
        return with_checksum(row, channel, self._desk)

    def _book_orders(self, symbol: str, now: int, channel: Channel) -> BookOrdersRow | None:
        """What changed of the orders in a channel's view; None where nothing did."""
        book = resting(self._desk, symbol, channel.depth, now)
        row = self.order_views.advance((id(channel), symbol), book, channel.depth)
        return None if row is None else row._replace(checksum=checksum_of(self._desk, symbol, channel.checksum))

    def _book_state(self, symbol: str, now: int, channel: Channel) -> BookRow:
        return book_row(self._desk.exchange.book(symbol, channel.depth), now)

    def _emit_candles(self, symbol: str, beat: float, now: int) -> None:
        before = self._flushed.get((beat, symbol), now - round(beat * SECOND))
        self._flushed[beat, symbol] = now
        for interval, period in self._intervals(beat).items():
            begun = 1 if isinstance(period, str) else 1 + int(beat / period)  # at most, since the last frames
            for back in range(begun, -1, -1):
                row = partial(self._candle, symbol, interval, period, now, before, back)
                self._audience.emit("candle", f"{symbol} {interval}", row, beat)

    def _ticker(self, symbol: str, now: int, channel: Channel) -> Ticker:
        return self._desk.exchange.ticker(symbol, now, span_of(channel.window, None, now))

    def _tickers(self, symbols: Sequence[str], now: int, channel: Channel) -> TickersRow:
        return TickersRow([self._ticker(symbol, now, channel) for symbol in symbols])

    def _average(self, symbol: str, now: int, channel: Channel) -> AveragePrice:
        return average_price(self._desk.exchange, symbol, channel.minutes, now)

    def _candle(
        self, symbol: str, interval: str, period: Period, now: int, before: int, back: int, channel: Channel
    ) -> Candle | None:
        """The latest candle but so many; None where there is none, or it was closed at the last frames already."""
        made = candles(self._desk, symbol, interval, period, now, channel.offset, Reach(latest=back + 1))
        return made[0] if len(made) > back and made[0].over > before else None

    def _intervals(self, beat: float) -> Mapping[str, Period]:
        channels = (channel for channel in self._audience.channels("candle") if channel.every == beat)
        return {interval: period for channel in channels for interval, period in channel.intervals.items()}
