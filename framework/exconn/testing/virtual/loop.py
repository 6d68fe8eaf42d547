"""An asyncio loop whose clock jumps: when nothing is ready, time is set to the next timer at once.

Rules. Time moves only in `_advance`. No file descriptor is ever watched, so "nothing ready and no timer" is a proven
deadlock and is raised as one. What is due at the same moment runs in the order in which it was asked for. Jobs for an
executor run inline (aiohttp compresses large payloads that way); sockets, name servers, processes, signals and other
threads are refused. Tasks are numbered, so that whatever walks over them does so in the order of their birth and not by
address. The private names used are in `PRIVATE`, pinned by a test.
"""

import asyncio
import math
import selectors
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from heapq import heapify, heappop, heappush
from typing import Any, NoReturn, TypeVar, TypeVarTuple, Unpack
from weakref import WeakKeyDictionary

from exconn.testing.virtual.errors import SimDeadlock, SimForbidden, SimSpin, SimTimeout
from exconn.testing.virtual.waiting import describe_all

__all__ = ["EPOCH_NS", "FORBIDDEN", "PRIVATE", "VirtualLoop"]

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

EPOCH_NS = 1_700_000_000 * 10**9
"""The wall time, in nanoseconds, at which a world begins unless told otherwise: 2023-11-14T22:13:20Z."""

PRIVATE = (
    *("_ready", "_closed", "_stopping", "_run_once", "_timer_handle_cancelled"),
    *("_make_self_pipe", "_close_self_pipe", "_write_to_self"),
)
"""Names of CPython's own loop that this file reads or replaces."""

PRIVATE_OF_TIMERS = ("_scheduled", "_cancelled", "_run")
"""Names of CPython's own timers that this file reads or writes."""

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
_FEW = 100
"""As many cancelled timers may lie in the heap, however few others there are."""


class _Nothing(selectors.BaseSelector):
    """Stands where the selector of file descriptors stands; this loop waits for none."""

    def select(self, timeout: float | None = None) -> NoReturn:
        raise SimForbidden("the virtual loop waits for no file descriptor; use the memory network")

    def register(self, fileobj: object, events: int, data: object = None) -> selectors.SelectorKey:
        raise SimForbidden(f"a file descriptor was given to the virtual loop: {fileobj!r}; use the memory network")

    def unregister(self, fileobj: object) -> selectors.SelectorKey:
        raise KeyError(fileobj)

    def get_map(self) -> dict[Any, selectors.SelectorKey]:
        return {}


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop of one virtual world, for one thread. Drive it with `runner.run`, or as any asyncio loop."""

    _ready: deque[asyncio.Handle]
    _closed: bool
    _stopping: bool

    def __init__(self, *, start_ns: int = EPOCH_NS, spin_limit: int = _SPIN_LIMIT) -> None:
        self._now = 0.0
        self._start_ns = start_ns
        self._deadline = math.inf
        self._idle_turns = 0
        self._spin_limit = spin_limit
        self._births: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()
        self._born = 0
        self._thread = threading.get_ident()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._asked = self._cancelled_timers = 0
        self._resolution = _RESOLUTION
        super().__init__(_Nothing())

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

    def call_soon(
        self, callback: Callable[[Unpack[_Ts]], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """As asyncio's."""
        if self._closed:
            raise RuntimeError("Event loop is closed")
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at(
        self, when: float, callback: Callable[[Unpack[_Ts]], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """As asyncio's, but of two timers for one moment the one asked for first comes first."""
        if self._closed:
            raise RuntimeError("Event loop is closed")
        timer: Any = asyncio.TimerHandle(when, callback, args, self, context)
        self._asked += 1
        heappush(self._timers, (when, self._asked, timer))
        timer._scheduled = True
        return timer  # type: ignore[no-any-return]

    def close(self) -> None:
        """As asyncio's."""
        super().close()
        self._timers.clear()

    def _timer_handle_cancelled(self, handle: Any) -> None:
        if handle._scheduled:
            self._cancelled_timers += 1

    def _run_once(self) -> None:
        """One turn: the next moment if nothing is ready, then all that is ready now, and nothing that this leads to."""
        self._forget_cancelled()
        ready, timers = self._ready, self._timers
        if ready or self._stopping:
            self._count_idle_turn()
        else:
            self._advance()
        due = self._now + self._resolution
        handle: Any
        while timers and timers[0][0] < due:
            handle = heappop(timers)[2]
            handle._scheduled = False
            if handle._cancelled:
                self._cancelled_timers -= 1
            else:
                ready.append(handle)
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                handle._run()

    def _forget_cancelled(self) -> None:
        """Those at the head, so that no time moves for them; all once they are many."""
        timers: Any = self._timers
        if self._cancelled_timers > max(_FEW, len(timers) // 2):
            for _, _, timer in timers:
                timer._scheduled = not timer._cancelled
            timers[:] = [each for each in timers if each[2]._scheduled]
            heapify(timers)
            self._cancelled_timers = 0
        while timers and timers[0][2]._cancelled:
            heappop(timers)[2]._scheduled = False
            self._cancelled_timers -= 1

    def _advance(self) -> None:
        if not self._timers:
            raise SimDeadlock(f"{self._at()}: nothing is ready and no timer is set. Waiting:\n{self._waiting()}")
        when = self._timers[0][0]
        if when <= self._now:
            self._count_idle_turn()
            return
        if when > self._deadline:
            raise SimTimeout(
                f"{self._at()}: the run was given time until {self._deadline:.6f} s. Waiting:\n{self._waiting()}"
            )
        self._now = when
        self._idle_turns = 0
        # After 97 days a nanosecond is less than one step of the float, and a due timer would never be due.
        self._resolution = max(_RESOLUTION, 2 * math.ulp(when))

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
