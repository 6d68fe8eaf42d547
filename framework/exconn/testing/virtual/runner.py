"""Runs one coroutine in a virtual loop from beginning to end, and leaves nothing behind.

Whatever happens, left-over tasks are cancelled (oldest first), async generators are closed and the loop is closed.
A left-over task is a ResourceWarning: an error under pytest with warnings as errors, silent in plain Python. Exceptions
that nobody retrieved are a SimUnhandled. Neither may hide the coroutine's own exception: then they become notes on it.
"""

import asyncio
import gc
import warnings
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from exconn.testing.virtual.errors import SimError, SimUnhandled
from exconn.testing.virtual.loop import VirtualLoop
from exconn.testing.virtual.waiting import describe

__all__ = ["run"]

_T = TypeVar("_T")

_GRACE = 3600.0
"""Virtual seconds that cancelled tasks have to end: closing handshakes have timeouts of their own."""

_NEW = 50_000
"""So many new objects before the garbage collector looks at them."""


def run(loop: VirtualLoop, coro: Coroutine[Any, Any, _T], *, timeout_virtual: float | None = None) -> _T:
    """Run `coro` to its end and close `loop`; returns its result or raises its exception.

    Raises SimDeadlock, SimTimeout (after `timeout_virtual` virtual seconds), SimSpin, SimUnhandled.
    """
    with _only_what_is_new():
        return _run(loop, coro, timeout_virtual)


@contextmanager
def _only_what_is_new() -> Iterator[None]:
    """The collection at the end looks at what the run made: all of a large process takes longer than the run. Those
    before are rarer than usual: what a run makes it keeps to its end, and each look at it costs the caches."""
    if gc.get_freeze_count():
        yield  # somebody else has done so, for longer than this
        return
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _run(loop: VirtualLoop, coro: Coroutine[Any, Any, _T], timeout_virtual: float | None) -> _T:
    unhandled: list[str] = []
    loop.set_exception_handler(lambda _, context: unhandled.append(_explain(context)))
    try:
        loop.limit(timeout_virtual)
        result = loop.run_until_complete(coro)
    except BaseException as error:
        for note in _finish(loop, unhandled):
            error.add_note(note)
        raise
    left_over = _left_over(loop)
    problems = _finish(loop, unhandled)
    if problems:
        raise SimUnhandled("\n".join(problems))
    if left_over:
        lines = "\n".join(f"  {line}" for line in left_over)
        warnings.warn(
            f"{len(left_over)} tasks left over at the end of the run, cancelled:\n{lines}",
            ResourceWarning,
            stacklevel=2,
        )
    return result


def _left_over(loop: VirtualLoop) -> list[str]:
    # What was closed a moment ago may need a few turns to end; what needs time is left over.
    loop.limit(0)
    for _ in range(10):
        loop.run_until_complete(asyncio.sleep(0))
    return [describe(task) for task in loop.tasks()]


def _finish(loop: VirtualLoop, unhandled: list[str]) -> list[str]:
    loop.limit(_GRACE)
    try:
        _cancel_all(loop)
        loop.run_until_complete(loop.shutdown_asyncgens())
    except SimError as error:
        unhandled.append(f"cancelled tasks did not end: {error}")
    # Exceptions that nobody retrieved come to light when their future is freed, and tracebacks make cycles.
    gc.collect()
    loop.close()
    return list(unhandled)


def _cancel_all(loop: VirtualLoop) -> None:
    tasks = loop.tasks()
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks))
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": "a left-over task failed while it was cancelled", "exception": error, "task": task}
            loop.call_exception_handler(context)


def _explain(context: dict[str, Any]) -> str:
    error = context.get("exception")
    source = context.get("task") or context.get("future") or context.get("handle") or context.get("connector")
    parts = [
        str(context.get("message", "unhandled error")),
        "" if error is None else f"{type(error).__name__}: {error}",
    ]
    return " | ".join(part for part in (*parts, "" if source is None else repr(source)) if part)
