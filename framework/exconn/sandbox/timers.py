"""The timers of one connection, which end with it.

Rules:
- Times are the loop's, in seconds.
- What waits for a silence is not set anew at every sound: when its time comes it looks how long ago the last one was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Timers:
    """Calls to come."""

    __slots__ = ("_handles", "_loop")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._handles: list[asyncio.TimerHandle] = []

    def now(self) -> float:
        """The loop's time."""
        return self._loop.time()

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Call after some seconds."""
        self._handles = [handle for handle in self._handles if handle.when() > self._loop.time()]
        self._handles.append(self._loop.call_later(delay, act))

    def cancel(self) -> None:
        """Make no more of the calls to come."""
        for handle in self._handles:
            handle.cancel()


class Silence:
    """Calls `act` whenever nothing was heard for so many seconds, again and again."""

    __slots__ = ("_act", "_last", "_seconds", "_timers")

    def __init__(self, seconds: float, timers: Timers, act: Callable[[], None]) -> None:
        self._seconds, self._timers, self._act = seconds, timers, act
        self._last = timers.now()

    def start(self) -> None:
        """Begin to wait."""
        self.hear()
        self._timers.later(self._seconds, self._check)

    def hear(self) -> None:
        """Something was heard."""
        self._last = self._timers.now()

    def _check(self) -> None:
        left = self._last + self._seconds - self._timers.now()
        if left <= 0:
            left = self._seconds
            self._act()
        self._timers.later(left, self._check)
