"""Chores: the tasks that a sandbox does by itself as long as it serves.

Rules:
- A chore has no end of its own. One that fails is said loudly, with its name and traceback, and begins anew a little
  later; what it had to do then is lost, and nothing else is.
- Waits only by the loop's timers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)
PAUSE = 1.0
"""Seconds before a chore that failed begins anew, so that one that always fails leaves time for the others."""


def start(name: str, chore: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """A task that does a chore until it is cancelled."""
    return asyncio.create_task(_keep_on(name, chore), name=name)


async def _keep_on(name: str, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await chore()
        except Exception:
            _log.exception("the task '%s' failed, and begins anew", name)
        await asyncio.sleep(PAUSE)
