"""Candles: what was traded in periods of one length, made of minutes, or of single trades where they are shorter.

Rules:
- A period is so many seconds, counted from 1970; a `week` begins on Monday, a `month` is the calendar's. All of them
  begin `offset` seconds earlier where days do, east of UTC.
- A period in which nothing was traded has no candle. Those shorter than a minute are of the trades that are kept, all
  others of the minutes of a week. Only as many are looked at as the candles asked for need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from .engine import Exchange, Minute, Side, Trade
from .engine.amounts import ZERO, exact
from .limits import SECOND

Period = int | str
WEEK, MONTH = "week", "month"
_DAY = 86400
_MONDAY = 4 * _DAY
"""The first Monday, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Candle:
    """What was traded from `start` on for `length` ns; `is_closed` says that this is over."""

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

    @property
    def last_number(self) -> int:
        return self.first_number + self.trades - 1


@dataclass(frozen=True, slots=True)
class CandlesRow:
    """Candles of one symbol, oldest first."""

    candles: Sequence[Candle]
    last: int
    symbol: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Which candles are wanted: those that begin between two moments (ns, both included), at most the `latest` so many
    of them."""

    since: int | None = None
    until: int | None = None
    latest: int | None = None


ALL = Reach()


def candles(
    exchange: Exchange, symbol: str, interval: str, period: Period, now: int, offset: int = 0, reach: Reach = ALL
) -> list[Candle]:
    """The candles of an instrument, oldest first; `interval` is what the exchange calls the period."""
    short = isinstance(period, int) and period < 60
    parts = map(_alone, reversed(exchange.trades(symbol))) if short else exchange.minutes(symbol, now)
    groups = _grouped(parts, period, offset, reach)
    return [
        _candle(symbol, interval, start * SECOND, (end - start) * SECOND, group[::-1], now)
        for (start, end), group in reversed(groups.items())
    ]


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
        group[0].first,
        now >= start + length,
    )
