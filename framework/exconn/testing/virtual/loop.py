"""An asyncio loop whose clock jumps: when nothing is ready, time is set to the next timer at once.

Rules. Time moves only in `_advance`. No file descriptor is ever watched, so "nothing ready and no timer" is a proven
deadlock and is raised as one. Jobs for an executor run inline (aiohttp compresses large payloads that way); sockets,
name servers, processes, signals and other threads are refused. Tasks are numbered, so that whatever walks over them
does so in the order of their birth and not by address. The private names used are in `PRIVATE`, pinned by a test.
"""

import asyncio
import math
import selectors
import threading
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from typing import Any, TypeVar, TypeVarTuple, Unpack
from weakref import WeakKeyDictionary

from exconn.testing.virtual.errors import SimDeadlock, SimForbidden, SimSpin, SimTimeout
from exconn.testing.virtual.waiting import describe_all

__all__ = ["EPOCH_NS", "FORBIDDEN", "PRIVATE", "VirtualLoop"]

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

EPOCH_NS = 1_700_000_000 * 10**9
"""The wall time, in nanoseconds, at which a world begins unless told otherwise: 2023-11-14T22:13:20Z."""

PRIVATE = ("_scheduled", "_clock_resolution", "_make_self_pipe", "_close_self_pipe", "_write_to_self", "_run_once")
"""Names of CPython's own loop that this file reads or replaces."""

FORBIDDEN = (
    *("getaddrinfo", "getnameinfo", "create_connection", "create_server", "create_datagram_endpoint"),
    *("create_unix_connection", "create_unix_server", "connect_accepted_socket", "start_tls", "sendfile"),
    *("sock_recv", "sock_recv_into", "sock_recvfrom", "sock_sendall", "sock_sendto", "sock_connect", "sock_accept"),
    *("subprocess_exec", "subprocess_shell", "connect_read_pipe", "connect_write_pipe"),
    *("add_reader", "remove_reader", "add_writer", "remove_writer", "add_signal_handler", "set_default_executor"),
)
"""Methods that would leave the world; each raises SimForbidden."""

_SPIN_LIMIT = 1_000_000
_RESOLUTION = 1e-9


class _Jump(selectors.BaseSelector):
    """Stands where the selector of file descriptors stands: waiting means jumping to the next timer."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop._advance(timeout)
        return []

    def register(self, fileobj: object, events: int, data: object = None) -> selectors.SelectorKey:
        raise SimForbidden(f"a file descriptor was given to the virtual loop: {fileobj!r}; use the memory network")

    def unregister(self, fileobj: object) -> selectors.SelectorKey:
        raise KeyError(fileobj)

    def get_map(self) -> dict[Any, selectors.SelectorKey]:
        return {}


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop of one virtual world, for one thread. Drive it with `runner.run`, or as any asyncio loop."""

    _scheduled: list[asyncio.TimerHandle]
    _clock_resolution: float

    def __init__(self, *, start_ns: int = EPOCH_NS, spin_limit: int = _SPIN_LIMIT) -> None:
        self._now = 0.0
        self._start_ns = start_ns
        self._deadline = math.inf
        self._idle_turns = 0
        self._spin_limit = spin_limit
        self._births: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()
        self._born = 0
        self._thread = threading.get_ident()
        super().__init__(_Jump(self))
        self._clock_resolution = _RESOLUTION

    def time(self) -> float:
        """Virtual seconds since the world began."""
        return self._now

    def wall_ns(self) -> int:
        """Virtual wall time, nanoseconds since 1970."""
        return self._start_ns + round(self._now * 1e9)

    def limit(self, seconds: float | None) -> None:
        """Raise SimTimeout instead of going more than `seconds` from now; None: never. Counts turns anew."""
        self._idle_turns = 0
        self._deadline = math.inf if seconds is None else self._now + seconds

    def tasks(self) -> list[asyncio.Task[Any]]:
        """The tasks that are not done, oldest first."""
        return sorted(asyncio.all_tasks(self), key=lambda task: (self._births.get(task, self._born), task.get_name()))

    def create_task(
        self,
        coro: Generator[Any, None, _T] | Coroutine[Any, Any, _T],
        *,
        name: object = None,
        context: Context | None = None,
    ) -> asyncio.Task[_T]:
        """As asyncio's, but an unnamed task is named after its number in this world, not in this process."""
        self._born += 1
        task = super().create_task(coro, name=str(name or f"Task-{self._born}"), context=context)
        self._births[task] = self._born
        return task

    def run_in_executor(self, executor: object, func: Callable[[Unpack[_Ts]], _T], *args: *_Ts) -> asyncio.Future[_T]:
        """Call `func` here and now: a thread would finish at a real time, not at a virtual one."""
        done: asyncio.Future[_T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def call_soon_threadsafe(
        self, callback: Callable[[Unpack[_Ts]], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """As `call_soon`, from the world's own thread only."""
        if threading.get_ident() != self._thread:
            raise SimForbidden(f"another thread called into the virtual loop: {callback!r}; run the job in the loop")
        return self.call_soon(callback, *args, context=context)

    def _advance(self, timeout: float | None) -> None:
        if timeout is None:
            raise SimDeadlock(f"{self._at()}: nothing is ready and no timer is set. Waiting:\n{self._waiting()}")
        if timeout <= 0:
            self._count_idle_turn()
            return
        when = self._scheduled[0]._when  # type: ignore[attr-defined]
        if when > self._deadline:
            raise SimTimeout(
                f"{self._at()}: the run was given time until {self._deadline:.6f} s. Waiting:\n{self._waiting()}"
            )
        self._now = max(self._now, when)
        self._idle_turns = 0
        # After 97 days a nanosecond is less than one step of the float, and a due timer would never be due.
        self._clock_resolution = max(_RESOLUTION, 2 * math.ulp(self._now))

    def _count_idle_turn(self) -> None:
        self._idle_turns += 1
        if self._idle_turns > self._spin_limit:
            raise SimSpin(
                f"{self._at()}: {self._spin_limit} turns of the loop without time moving; "
                f"does something poll with sleep(0)? Alive:\n{self._waiting()}"
            )

    def _at(self) -> str:
        return f"at virtual time {self._now:.6f} s"

    def _waiting(self) -> str:
        return describe_all(self.tasks())

    def _make_self_pipe(self) -> None:
        """No thread and no signal wakes this loop, so it needs no pipe to itself."""

    def _close_self_pipe(self) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


def _refusal(name: str) -> Callable[..., Any]:
    def refuse(self: VirtualLoop, *args: object, **options: object) -> Any:
        raise SimForbidden(f"loop.{name}() would leave the virtual world; connect through its memory network")

    refuse.__name__ = name
    return refuse


for _name in FORBIDDEN:
    setattr(VirtualLoop, _name, _refusal(_name))
