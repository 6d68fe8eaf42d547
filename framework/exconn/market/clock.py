"""`Clock` and `TimeIterator` of the market contract: one heartbeat for everything that ticks.

Rules: a tick every `tick_size` seconds, at whole multiples of it; iterators are started when they are added to a
running clock or when the clock starts, and ticked in the order of adding; what one raises is logged and stops nobody.
"""

import asyncio
import logging
from enum import Enum
from types import TracebackType
from typing import Protocol

from exconn.market.surroundings import Surroundings, system

_log = logging.getLogger(__name__)


class ClockMode(Enum):
    REALTIME = 1
    BACKTEST = 2


class TimeIterator(Protocol):
    """What a clock drives; timestamps are seconds since 1970."""

    def c_start(self, clock: "Clock", timestamp: float) -> None: ...

    def c_tick(self, timestamp: float) -> None: ...

    def c_stop(self, clock: "Clock") -> None: ...


class Clock:
    """Drives its iterators within its `with` block. `current_timestamp` is NaN before it."""

    def __init__(
        self,
        clock_mode: ClockMode = ClockMode.REALTIME,
        tick_size: float = 1.0,
        start_time: float = 0.0,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.clock_mode = clock_mode
        self.tick_size = tick_size
        self.start_time = start_time
        self.current_timestamp = float("nan")
        self._surroundings = surroundings or system()
        self._iterators: list[TimeIterator] = []
        self._is_running = False

    @property
    def child_iterators(self) -> list[TimeIterator]:
        return list(self._iterators)

    def __enter__(self) -> "Clock":
        now = self.start_time if self.clock_mode is ClockMode.BACKTEST else self._surroundings.time_ns() / 1e9
        self.current_timestamp = now // self.tick_size * self.tick_size
        self._is_running = True
        for iterator in self.child_iterators:
            iterator.c_start(self, self.current_timestamp)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for iterator in self.child_iterators:
            iterator.c_stop(self)
        self._is_running = False

    def add_iterator(self, iterator: TimeIterator) -> None:
        self._iterators.append(iterator)
        if self._is_running:
            iterator.c_start(self, self.current_timestamp)

    def remove_iterator(self, iterator: TimeIterator) -> None:
        self._iterators.remove(iterator)
        if self._is_running:
            iterator.c_stop(self)

    async def run(self) -> None:
        """Tick until cancelled."""
        await self.run_til(float("inf"))

    async def run_til(self, timestamp: float) -> None:
        """Tick in real time until `timestamp`."""
        while self.current_timestamp < timestamp:
            now = self._surroundings.time_ns() / 1e9
            following = (now // self.tick_size + 1) * self.tick_size
            await asyncio.sleep(following - now)
            self._tick(following)

    def backtest_til(self, timestamp: float) -> None:
        """Tick without waiting until `timestamp`."""
        while self.current_timestamp + self.tick_size <= timestamp:
            self._tick(self.current_timestamp + self.tick_size)

    def _tick(self, timestamp: float) -> None:
        self.current_timestamp = timestamp
        for iterator in self.child_iterators:
            try:
                iterator.c_tick(timestamp)
            except Exception:
                _log.exception("Unexpected error running clock tick.")
