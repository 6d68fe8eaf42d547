"""When REST is read again: regularly, when something may have been missed, when an order waits for its fills.

Rules: at most 15 s pass while orders are open, 5 s without a live user stream; a new connection of the user stream
asks at once, and again when the exchange has surely caught up. An order whose end is told before its fills is read as
soon as a reading can prove that none is missing. Between two readings lies a second at least, whatever asks for them,
and all of these wait longer where the exchange's limits bear no more (`Pace`).
"""

import asyncio
import logging
from collections.abc import Callable

from exconn.errors import ExconnError
from exconn.market.pace import Pace
from exconn.market.reconcile import Reconciler
from exconn.market.rest import Rest
from exconn.market.tracking import TrackedOrder, Tracker, needs_fills

_SPACING = 1.0
_MARGIN = 0.1
_log = logging.getLogger(__name__)


class StatusPolling:
    """`run` polls until cancelled. `stream_is_fresh`: whether the user stream is live and heard of lately."""

    def __init__(
        self, reconciler: Reconciler, tracker: Tracker, rest: Rest, pace: Pace, stream_is_fresh: Callable[[], bool]
    ) -> None:
        self._reconciler = reconciler
        self._tracker = tracker
        self._rest = rest
        self._pace = pace
        self._stream_is_fresh = stream_is_fresh
        self._stirred = asyncio.Event()
        self._at_once = False
        self._again_at: float | None = None
        self._last = 0.0

    def ask_now(self) -> None:
        """Something may have been missed: read now, and again when the exchange must show it."""
        self._at_once = True
        self._again_at = self._rest.time.now() + self._reconciler.sees + _MARGIN
        self._stirred.set()

    def changed(self, order: TrackedOrder) -> None:
        """An order has a new state; it may need its fills."""
        if needs_fills(order):
            self._stirred.set()

    def ticked(self) -> None:
        """A clock's tick: look whether something is due."""
        self._stirred.set()

    async def run(self) -> None:
        while True:
            await self._until_due()
            self._at_once = False
            self._last = self._rest.time.now()
            if self._again_at is not None and self._last >= self._again_at:
                self._again_at = None
            try:
                await self._reconciler.all()
            except ExconnError as error:
                _log.info("status polling: %s", error)

    async def _until_due(self) -> None:
        while True:
            self._stirred.clear()
            due = self._last + self._spacing if self._at_once else self._due()
            left = due - self._rest.time.now()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(left):
                    await self._stirred.wait()
            except TimeoutError:
                return

    def _due(self) -> float:
        """When the next reading is due, on the market's clock."""
        due = self._last + self._interval()
        if self._again_at is not None:
            due = min(due, self._again_at)
        for order in self._tracker.open.values():
            if needs_fills(order):
                waits_since = self._last if order.held_since is None else order.held_since
                provable = waits_since + (order.sees_ns or 0) / 1e9 + _MARGIN
                due = min(due, max(provable, self._last + self._spacing))
            elif order.cancel_wanted:
                due = min(due, self._last + max(self._rest.settings.repeat_cancel_after, self._spacing))
        return due

    @property
    def _spacing(self) -> float:
        return max(_SPACING, self._pace.urgent)

    def _interval(self) -> float:
        settings = self._rest.settings
        if not self._stream_is_fresh():
            return max(settings.poll_short, self._pace.routine)
        return max(settings.poll_open if self._tracker.open else settings.poll_idle, self._pace.routine)
