"""The made past: minutes of the time before an exchange opened, for those who ask for hundreds of candles at once.

Rules:
- Deterministic: each day has a random source of its own, by seed, symbol and date. It is made when it is asked for,
  back from the price where the day after it begins, and whatever was asked before.
- It ends with the minute in which the exchange opened, at the price where the living market starts. Nobody traded in
  it: its minutes have no numbers of trades.
- The last three weeks are made minute by minute, days before them by the hour. All is counted in ticks and lots, so
  that hours and days are exactly what they are made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, repeat
from math import isqrt
from operator import add, mul, rshift, sub
from random import Random

from .engine import Instrument, Minute, temper_for
from .engine.amounts import exact
from .engine.minute import DAY, MINUTE

MINUTES = DAY // MINUTE
_FINE = 21  # days
_DRIFT = 300  # the most that a day moves, in hundredths of a percent
_STEP = 2000  # a minute moves by about one part in so many
_BUSY = 25  # a minute has at most 256 such parts of the living market's largest order
_COUNTS = bytes(1 + byte // 4 for byte in range(256))  # of the trades of a minute


@dataclass(frozen=True, slots=True)
class _Day:
    """The units of one day, each `grain` minutes: `path` has the ticks at which they begin, and that at which the last
    one ends; sizes are in lots."""

    start: int
    grain: int
    path: Sequence[int]
    highs: Sequence[int]
    lows: Sequence[int]
    volumes: Sequence[int]
    bought: Sequence[int]
    trades: Sequence[int]

    @exact
    def part(self, first: int, last: int, tick: Decimal, lot: Decimal) -> Minute:
        """Its units from one to before another, as one."""
        both = list(map(add, self.path[first:last], self.path[first + 1 : last + 1]))  # twice the average price
        volumes, bought = self.volumes[first:last], self.bought[first:last]
        half = tick * lot / 2
        return Minute(
            self.start + first * self.grain * MINUTE,
            tick * self.path[first],
            tick * max(self.highs[first:last]),
            tick * min(self.lows[first:last]),
            tick * self.path[last],
            lot * sum(volumes),
            half * sum(map(mul, volumes, both)),
            sum(self.trades[first:last]),
            lot * sum(bought),
            half * sum(map(mul, bought, both)),
        )


class _Line:
    """The past of one instrument. Days are known by their age: 0 is that in which the exchange opened."""

    __slots__ = ("_ends", "_instrument", "_least", "_made", "_opened", "_seed", "_size", "_whole")

    def __init__(self, instrument: Instrument, price: Decimal, seed: str, opened: int) -> None:
        self._instrument, self._seed, self._opened = instrument, seed, opened
        self._least = max(int(instrument.min_size / instrument.lot), 1)
        self._size = max(temper_for(instrument, price).size // _BUSY, 1)
        self._ends = [max(int(price / instrument.tick), 1)]
        self._made: dict[int, _Day] = {}
        self._whole: dict[int, Minute] = {}

    def parts(self, age: int, step: int) -> Iterator[Minute]:
        """One day in parts of `step` minutes, newest first; none where it was not made so finely."""
        count, width = self._count(age), step // _grain(age)
        if step == MINUTES and count:
            if age not in self._whole:
                self._whole[age] = self._part(age, 0, count)
            yield self._whole[age]
        elif width:
            for first in reversed(range(0, count, width)):
                yield self._part(age, first, min(first + width, count))

    def _part(self, age: int, first: int, last: int) -> Minute:
        return self._day(age).part(first, last, self._instrument.tick, self._instrument.lot)

    def _count(self, age: int) -> int:
        """How many units a day has: today only so many as are over."""
        return MINUTES // _grain(age) if age else self._opened % DAY // MINUTE

    def _day(self, age: int) -> _Day:
        if age > _FINE:
            return self._make(age)
        if age not in self._made:
            self._made[age] = self._make(age)
        return self._made[age]

    def _source(self, age: int) -> Random:
        return Random(f"{self._seed}:{self._instrument.symbol}:{self._opened // DAY - age}")

    def _end(self, age: int) -> int:
        """The tick at which a day ends, where the one after it begins."""
        while len(self._ends) <= age:
            latest = len(self._ends) - 1
            self._ends.append(self._begin(latest, self._source(latest)))
        return self._ends[age]

    def _begin(self, age: int, random: Random) -> int:
        """The tick at which a day begins: what its random source says first."""
        drift = random.randint(-_DRIFT, _DRIFT) * self._count(age) * _grain(age) // MINUTES
        return max(self._end(age) * (10_000 + drift) // 10_000, 1)

    def _make(self, age: int) -> _Day:
        random, last = self._source(age), self._end(age)
        first = self._begin(age, random)
        count, grain = self._count(age), _grain(age)
        reach, size = max(last // _STEP, 1) * isqrt(grain), self._size * grain
        walked = list(accumulate(random.randbytes(count), initial=0))
        slope, whole = 128 * (last - first) - walked[-1] * reach, 128 * max(count, 1)
        path = [first + (gone * reach * count + at * slope) // whole for at, gone in enumerate(walked)]
        if min(path) < 1:
            path = [max(each, 1) for each in path]
        wicks = [byte * reach // 512 for byte in random.randbytes(count)]
        volumes = [self._least + byte * size for byte in random.randbytes(count)]
        return _Day(
            self._opened - self._opened % DAY - age * DAY,
            grain,
            path,
            list(map(add, map(max, path, path[1:]), wicks)),
            [max(each, 1) for each in map(sub, map(min, path, path[1:]), wicks)],
            volumes,
            list(map(rshift, map(mul, volumes, random.randbytes(count)), repeat(8))),
            [number * grain for number in random.randbytes(count).translate(_COUNTS)],
        )


def _grain(age: int) -> int:
    """How many minutes a unit of a day has."""
    return 1 if age <= _FINE else 60


class Past:
    """The past of all instruments, `days` before the one in which the exchange `opened` (ns)."""

    __slots__ = ("_days", "_lines", "_today")

    def __init__(
        self, instruments: Sequence[Instrument], prices: Mapping[str, Decimal], seed: int, opened: int, days: int
    ) -> None:
        self._days, self._today = days, opened - opened % DAY
        self._lines = {each.symbol: _Line(each, prices[each.symbol], str(seed), opened) for each in instruments if days}

    def begins(self, step: int) -> int:
        """The beginning of the first day that has parts of `step` minutes (ns)."""
        return self._today - (self._days if step >= _grain(self._days) else _FINE) * DAY

    def parts(self, symbol: str, step: int, until: int | None = None) -> Iterator[Minute]:
        """What was before, newest first, in parts of `step` minutes (1, 60 or 1440) that begin with the day; only of
        days that begin by a moment, where one is given."""
        line = self._lines.get(symbol)
        if line is not None:
            for age in range(self._days + 1):
                if until is None or self._today - age * DAY <= until:
                    yield from line.parts(age, step)
