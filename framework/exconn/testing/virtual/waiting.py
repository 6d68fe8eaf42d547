"""Says in words what a task waits for: one line a task, outermost coroutine first, the line of each.

The chain of awaits is walked through the public `cr_await`, `gi_yieldfrom` and `ag_await`. Paths are cut to their last
two parts: enough to find the line, and the same on every machine.
"""

import asyncio
from collections.abc import Iterator
from pathlib import PurePath
from types import FrameType

__all__ = ["describe", "describe_all"]

_FRAMES = ("cr_frame", "gi_frame", "ag_frame")
_AWAITS = ("cr_await", "gi_yieldfrom", "ag_await")


def describe_all(tasks: "list[asyncio.Task[object]]") -> str:
    """The lines of all tasks, indented; says so when there is none."""
    return "\n".join(f"  {describe(task)}" for task in tasks) or "  (no task is alive)"


def describe(task: "asyncio.Task[object]") -> str:
    """One line: the task's name, then `function (dir/file.py:line)` from the outermost await to the innermost."""
    places = " > ".join(_place(frame) for frame in _chain(task.get_coro()))
    return f"{task.get_name()}: {places or 'has not started'}"


def _chain(awaited: object) -> Iterator[FrameType]:
    while awaited is not None:
        frame = _first(awaited, _FRAMES)
        if isinstance(frame, FrameType):
            yield frame
        awaited = _first(awaited, _AWAITS)


def _first(thing: object, names: tuple[str, ...]) -> object:
    return next((value for name in names if (value := getattr(thing, name, None)) is not None), None)


def _place(frame: FrameType) -> str:
    path = "/".join(PurePath(frame.f_code.co_filename).parts[-2:])
    return f"{frame.f_code.co_qualname} ({path}:{frame.f_lineno})"
