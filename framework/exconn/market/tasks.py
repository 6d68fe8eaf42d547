"""The background tasks of a market: each has a name and an owner, and none dies unseen.

Rules: a task that fails is logged with its name and its traceback; nothing is left running after `cancel`; a closed set
starts nothing. Tasks end in the order in which they began.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


class Tasks:
    """Background tasks by name; a name is free again when its task has ended."""

    __slots__ = ("_label", "_running")

    def __init__(self, label: str) -> None:
        self._label = label
        self._running: dict[str, asyncio.Task[Any]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._running

    def __len__(self) -> int:
        return len(self._running)

    def running(self, kind: str) -> int:
        """How many tasks run whose name begins with `kind`."""
        return sum(name.startswith(kind) for name in self._running)

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> bool:
        """Run `work` in the background. False, and nothing is run, where a task of this name is running."""
        running = self._running.get(name)
        if running is not None and not running.done():
            work.close()
            return False
        task = asyncio.get_running_loop().create_task(work, name=f"{self._label} {name}")
        self._running[name] = task
        task.add_done_callback(lambda ended: self._ended(name, ended))
        return True

    def _ended(self, name: str, task: asyncio.Task[Any]) -> None:
        if self._running.get(name) is task:
            del self._running[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s: the task %s failed", self._label, name, exc_info=error)

    def cancel_all(self) -> None:
        """End all tasks, without waiting for them."""
        for task in list(self._running.values()):
            task.cancel()

    async def close(self, grace: float) -> None:
        """Cancel all and wait until they have ended, at most `grace` seconds."""
        tasks = [task for task in self._running.values() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
