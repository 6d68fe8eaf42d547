"""The timekeeper: tells the engine the time when something is due, so that orders start and end on the dot.

Rules:
- It sleeps until the next moment that the engine names, or until the engine names an earlier one, or the clock is set;
  a quiet exchange costs nothing.
- Every request is told the time first anyhow: what is late here is late for nobody who asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .engine import Event, Exchange
from .limits import SECOND


class Timekeeper:
    """Keeps one exchange's appointments. `now_ns` is the exchange's clock."""

    __slots__ = ("_due", "_exchange", "_now_ns", "_stirred")

    def __init__(self, exchange: Exchange, now_ns: Callable[[], int]) -> None:
        self._exchange, self._now_ns = exchange, now_ns
        self._due: int | None = None
        self._stirred = asyncio.Event()
        exchange.subscribe(self._hear)

    async def run(self) -> None:
        """Tell the time for ever."""
        while True:
            self._due = self._exchange.due
            self._stirred.clear()
            wait = None if self._due is None else max(self._due - self._now_ns(), 0) / SECOND
            try:
                async with asyncio.timeout(wait):
                    await self._stirred.wait()
            except TimeoutError:
                self._exchange.pass_time(self._now_ns())

    def look_again(self) -> None:
        """The clock was set."""
        self._stirred.set()

    def _hear(self, events: tuple[Event, ...]) -> None:
        if self._exchange.due != self._due:
            self._stirred.set()
