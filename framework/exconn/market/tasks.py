"""The background tasks of a market: each has a name and an owner, and none dies unseen.

Rules: a task that fails is logged with its name and its traceback; one that is to be kept begins again then. A name is
free as soon as its task was cancelled, though that may still be leaving; nothing is left running after `close`, and a
closed set starts nothing. Tasks end in the order in which they began.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from exconn.errors import UsageError

Work: TypeAlias = Coroutine[Any, Any, Any]
_BEGINS_AGAIN_AFTER = 5.0
_log = logging.getLogger(__name__)


class Tasks:
    """Background tasks by name; a name is free again when its task has ended."""

    __slots__ = ("_is_closed", "_label", "_leaving", "_running")

    def __init__(self, label: str) -> None:
        self._label = label
        self._is_closed = False
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._leaving: dict[asyncio.Task[Any], None] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def __len__(self) -> int:
        return len(self._running) + len(self._leaving)

    def running(self, kind: str) -> int:
        """How many tasks run whose name begins with `kind`."""
        return sum(name.startswith(kind) for name in self._running)

    def start(self, name: str, work: Work) -> bool:
        """Run `work` in the background. False, and nothing is run, where a task of this name is running. UsageError
        outside a running loop."""
        running = self._running.get(name)
        if self._is_closed or (running is not None and not running.done()):
            work.close()
            return False
        try:
            task = asyncio.create_task(work, name=f"{self._label} {name}")
        except RuntimeError:
            work.close()
            raise UsageError(
                "a market works in a running event loop: call this from a coroutine, or from the loop"
            ) from None
        self._running[name] = task
        task.add_done_callback(lambda ended: self._ended(name, ended))
        return True

    def keep(self, name: str, work: Callable[[], Work]) -> bool:
        """As `start`, for a loop that must not end: when it fails, it begins again after a pause."""
        return self.start(name, self._kept(name, work))

    async def _kept(self, name: str, work: Callable[[], Work]) -> None:
        while True:
            try:
                await work()
                return
            except Exception:
                _log.exception("%s: %s failed and begins again in %g s", self._label, name, _BEGINS_AGAIN_AFTER)
            await asyncio.sleep(_BEGINS_AGAIN_AFTER)

    def _ended(self, name: str, task: asyncio.Task[Any]) -> None:
        self._leaving.pop(task, None)
        if self._running.get(name) is task:
            del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s: the task %s failed", self._label, name, exc_info=error)

    def cancel_all(self) -> None:
        """End all tasks, without waiting for them."""
        for task in self._running.values():
            task.cancel()
            self._leaving[task] = None
        self._running.clear()

    async def left(self, grace: float) -> None:
        """Wait until what was cancelled has ended, at most `grace` seconds."""
        leaving = [task for task in self._leaving if task is not asyncio.current_task()]
        if leaving:
            await asyncio.wait(leaving, timeout=grace)

    async def close(self, grace: float) -> None:
        """Cancel all for good and wait until they have ended, at most `grace` seconds."""
        self._is_closed = True
        self.cancel_all()
        await self.left(grace)
