"""Waiting for an order to change: `until` wakes on every new state of the order and looks again.

Rules: whoever waits is told in the order of waiting; nothing is kept for an order that nobody waits for.
"""

import asyncio
from collections.abc import Callable

from exconn.market.tracking import TrackedOrder, Tracker


class Changes:
    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}

    def changed(self, order: TrackedOrder) -> None:
        """The order has a new state."""
        for waiter in self._waiting.pop(order.client_id, ()):
            if not waiter.done():
                waiter.set_result(None)

    async def until(
        self, tracker: Tracker, client_id: str, holds: Callable[[TrackedOrder], bool], timeout: float
    ) -> TrackedOrder | None:
        """The order as soon as `holds` of it, or as it is after `timeout` seconds; None when it is not tracked."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while (order := tracker.find(client_id)) is not None and not holds(order):
            left = deadline - loop.time()
            if left <= 0:
                break
            waiter = loop.create_future()
            self._waiting.setdefault(client_id, []).append(waiter)
            try:
                await asyncio.wait([waiter], timeout=left)
            finally:
                self._forget(client_id, waiter)
        return tracker.find(client_id)

    def _forget(self, client_id: str, waiter: "asyncio.Future[None]") -> None:
        waiting = self._waiting.get(client_id)
        if waiting is not None and waiter in waiting:
            waiting.remove(waiter)
            if not waiting:
                del self._waiting[client_id]
