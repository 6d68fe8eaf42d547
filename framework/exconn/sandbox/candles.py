"""Candles: what was traded in periods of one length, made of minutes, or of single trades where they are shorter.

Rules:
- A period is so many seconds, counted from 1970; a `week` begins on Monday, a `month` is the calendar's. All of them
  begin `offset` seconds earlier where days do, east of UTC.
- A period in which nothing was traded has no candle. Those shorter than a minute are of the trades that are kept, all
  others of the minutes of a week, and before them of a made past, where a file has one. Only as many are looked at as
  the candles asked for need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from .engine import Minute, Side, Trade
from .engine.amounts import ZERO, exact
from .limits import SECOND

if TYPE_CHECKING:
    from .desk import Desk

Period = int | str
WEEK, MONTH = "week", "month"
_DAY = 86400
_MONDAY = 4 * _DAY
"""The first Monday, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Candle:
    """What was traded from `start` on for `length` ns; `is_closed` says that this is over. Numbers are those of its
    trades, -1 where there are none but made ones."""

    symbol: str
    interval: str
    start: int
    length: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal
    bought: Decimal
    bought_quote: Decimal
    trades: int
    first_number: int
    last_number: int
    is_closed: bool

    @property
    def minutes(self) -> int:
        return self.length // (60 * SECOND)

    @property
    def over(self) -> int:
        """When the next one begins."""
        return self.start + self.length

    @property
    def end(self) -> int:
        """Its last moment."""
        return self.start + self.length - 1


@dataclass(frozen=True, slots=True)
class CandlesRow:
    """Candles of one symbol, oldest first."""

    candles: Sequence[Candle]
    symbol: str

    @property
    def last(self) -> int:
        """Where the latest closed one begins, or else the one before them all; 0 where there is none."""
        closed = [candle.start for candle in self.candles if candle.is_closed]
        return closed[-1] if closed else next((candle.start - candle.length for candle in self.candles), 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which candles are wanted: those that begin between two moments (ns, both included), at most the `latest` so many
    of them."""

    since: int | None = None
    until: int | None = None
    latest: int | None = None


ALL = Reach()


def candles(
    desk: Desk, symbol: str, interval: str, period: Period, now: int, offset: int = 0, reach: Reach = ALL
) -> list[Candle]:
    """The candles of an instrument, oldest first; `interval` is what the exchange calls the period."""
    until = None if reach.until is None else reach.until + _longest(period)
    groups = _grouped(_parts(desk, symbol, period, now, offset, until), period, offset, reach)
    return [
        _candle(symbol, interval, start * SECOND, (end - start) * SECOND, group[::-1], now)
        for (start, end), group in reversed(groups.items())
    ]


def first_candles(
    desk: Desk, symbol: str, interval: str, period: Period, now: int, offset: int, reach: Reach, limit: int
) -> list[Candle]:
    """The first so many of the candles within reach, which has a beginning. They are looked for where they would end if
    none were missing, and four times as far as long as there are too few."""
    since = max(reach.since or 0, desk.past.begins(_step(period, offset)) - _longest(period))
    end = now if reach.until is None else min(reach.until, now)
    span = limit * _longest(period)
    while True:
        until = min(since + span, end)
        made = candles(desk, symbol, interval, period, now, offset, Reach(since, until))
        if len(made) >= limit or until == end:
            return made[:limit]
        span *= 4


def _longest(period: Period) -> int:
    """The most that a period lasts (ns)."""
    return {WEEK: 7 * _DAY, MONTH: 31 * _DAY}.get(str(period), period if isinstance(period, int) else 0) * SECOND


def _parts(desk: Desk, symbol: str, period: Period, now: int, offset: int, until: int | None) -> Iterator[Minute]:
    """What candles are made of, newest first; of the made past only days that begin by a moment, where one is given."""
    if isinstance(period, int) and period < 60:
        yield from map(_alone, reversed(desk.exchange.trades(symbol)))
        return
    yield from desk.exchange.minutes(symbol, now)
    yield from desk.past.parts(symbol, _step(period, offset), until)


def _step(period: Period, offset: int) -> int:
    """The longest parts of the made past, in minutes, that candles of a period can be made of."""
    lengths = (offset, 0 if isinstance(period, str) else period)
    return next((step for step in (1440, 60) if all(length % (step * 60) == 0 for length in lengths)), 1)


def _grouped(parts: Iterable[Minute], period: Period, offset: int, reach: Reach) -> dict[tuple[int, int], list[Minute]]:
    """What was traded, newest first, by the periods within reach."""
    groups: dict[tuple[int, int], list[Minute]] = {}
    for part in parts:
        span = _span(part.start // SECOND, period, offset)
        start = span[0] * SECOND
        if reach.since is not None and start < reach.since:
            break
        if reach.until is not None and start > reach.until:
            continue
        if span not in groups and len(groups) == reach.latest:
            break
        groups.setdefault(span, []).append(part)
    return groups


def _span(moment: int, period: Period, offset: int) -> tuple[int, int]:
    """The period that a moment is in: its beginning and its end, in seconds."""
    if period == MONTH:
        day = datetime.fromtimestamp(moment + offset, UTC).replace(day=1, hour=0, minute=0, second=0)
        after = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
        return int(day.timestamp()) - offset, int(after.timestamp()) - offset
    length, origin = (7 * _DAY, _MONDAY) if period == WEEK else (int(period), 0)
    start = moment - (moment - origin + offset) % length
    return start, start + length


def _alone(trade: Trade) -> Minute:
    """One trade, as what was traded at its moment."""
    price, bought = trade.price, trade.taker_side is Side.BUY
    taken = (trade.amount, trade.quote) if bought else (ZERO, ZERO)
    return Minute(trade.time, price, price, price, price, trade.amount, trade.quote, 1, *taken, trade.number)


@exact
def _candle(symbol: str, interval: str, start: int, length: int, group: Sequence[Minute], now: int) -> Candle:
    numbered = [minute for minute in group if minute.first]
    return Candle(
        symbol,
        interval,
        start,
        length,
        group[0].open,
        max(minute.high for minute in group),
        min(minute.low for minute in group),
        group[-1].close,
        sum((minute.volume for minute in group), Decimal(0)),
        sum((minute.quote_volume for minute in group), Decimal(0)),
        sum((minute.bought for minute in group), Decimal(0)),
        sum((minute.bought_quote for minute in group), Decimal(0)),
        sum(minute.trades for minute in group),
        numbered[0].first if numbered else -1,
        numbered[-1].first + numbered[-1].trades - 1 if numbered else -1,
        now >= start + length,
    )
