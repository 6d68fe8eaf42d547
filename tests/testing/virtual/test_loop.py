"""The virtual loop: time, deadlocks and their report, what is refused, what is left over, the names it relies on."""

import asyncio
import re
import threading
import warnings
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from exconn.testing.virtual import (
    EPOCH_NS,
    SimDeadlock,
    SimForbidden,
    SimSpin,
    SimTimeout,
    SimUnhandled,
    VirtualClock,
    VirtualLoop,
    run,
)
from exconn.testing.virtual.loop import FORBIDDEN, PRIVATE, PRIVATE_OF_TIMERS


def test_time_jumps_and_the_wall_follows() -> None:
    loop = VirtualLoop(start_ns=5 * 10**9)

    async def main() -> tuple[float, int]:
        await asyncio.gather(asyncio.sleep(86400.25), asyncio.sleep(1))
        return loop.time(), loop.wall_ns()

    assert run(loop, main()) == (86400.25, 86405_250_000_000)
    assert loop.is_closed()


def test_timers_are_still_due_after_years() -> None:
    async def main() -> int:
        ticks = 0
        for seconds in (3e7, 0.001, 3e8, 0.001, 3e8, 1e-5):
            await asyncio.sleep(seconds)
            ticks += 1
        return ticks

    assert run(VirtualLoop(), main()) == 6


async def waits_for_ever() -> None:
    await asyncio.Event().wait()


def test_a_deadlock_names_each_waiting_task_and_its_line() -> None:
    async def main() -> None:
        await asyncio.sleep(2)
        side = asyncio.create_task(waits_for_ever(), name="side")
        await side

    with pytest.raises(SimDeadlock) as caught:
        run(VirtualLoop(), main())
    text = str(caught.value)
    assert text.startswith(
        "at virtual time 2.000000 s: nothing is ready and no timer is set. Waiting:\n  Task-1: test_a"
    )
    line = waits_for_ever.__code__.co_firstlineno + 1
    assert f"\n  side: waits_for_ever (virtual/test_loop.py:{line}) > Event.wait (asyncio/locks.py:" in text


def test_timers_of_one_moment_come_in_the_order_of_asking_and_cancelled_ones_not_at_all() -> None:
    came: list[int] = []

    async def main() -> float:
        loop = asyncio.get_running_loop()
        timers = [loop.call_at(5, came.append, number) for number in range(1000)]
        late = loop.call_at(50, came.append, -1)
        for number, timer in enumerate(timers):
            if number % 10:
                timer.cancel()
        await asyncio.sleep(6)
        late.cancel()
        await asyncio.sleep(0)
        return loop.time()

    loop = VirtualLoop()
    assert run(loop, main()) == 6
    assert came == list(range(0, 1000, 10))
    assert loop._timers == []


@pytest.mark.parametrize("name", ["call_soon", "call_at"])
def test_a_closed_loop_takes_nothing(name: str) -> None:
    loop = VirtualLoop()
    loop.close()
    with pytest.raises(RuntimeError, match="Event loop is closed"):
        getattr(loop, name)(print if name == "call_soon" else 1, print)


def test_a_timeout_is_virtual_and_names_what_waits() -> None:
    loop = VirtualLoop()
    expected = (
        r"at virtual time 0.000000 s: the run was given time until 9.000000 s. Waiting:\n  Task-1: sleep \(asyncio"
    )
    with pytest.raises(SimTimeout, match=expected):
        run(loop, asyncio.sleep(10), timeout_virtual=9)
    assert run(VirtualLoop(), asyncio.sleep(10, "done"), timeout_virtual=10) == "done"


def test_polling_without_time_is_found() -> None:
    async def poll() -> None:
        while True:  # noqa: ASYNC110 - the mistake that is to be found
            await asyncio.sleep(0)

    with pytest.raises(SimSpin, match="100 turns of the loop without time moving; does something poll with sleep"):
        run(VirtualLoop(spin_limit=100), poll())


async def leave_a_task() -> None:
    asyncio.get_running_loop().create_task(waits_for_ever(), name="forgotten")


def test_a_task_left_over_is_reported_and_cancelled() -> None:
    loop = VirtualLoop()
    with pytest.warns(ResourceWarning, match=r"1 tasks left over.*\n  forgotten: waits_for_ever \(virtual/test_loop"):
        run(loop, leave_a_task())
    assert loop.tasks() == []


async def fail_unseen() -> None:
    async def fail() -> None:
        raise KeyError("lost")

    asyncio.get_running_loop().create_task(fail())
    await asyncio.sleep(1)


async def fail_in_a_callback() -> None:
    asyncio.get_running_loop().call_soon(int, "no number")
    await asyncio.sleep(1)


async def fail_when_cancelled() -> None:
    async def stubborn() -> None:
        try:
            await waits_for_ever()
        finally:
            raise RuntimeError("could not clean up")

    asyncio.get_running_loop().create_task(stubborn())
    await asyncio.sleep(1)


@pytest.mark.parametrize(
    ("main", "message"),
    [
        (fail_unseen, "Task exception was never retrieved | KeyError: 'lost'"),
        (fail_in_a_callback, "Exception in callback"),
        (fail_when_cancelled, "a left-over task failed while it was cancelled | RuntimeError: could not clean up"),
    ],
)
def test_an_error_nobody_saw_fails_the_run(main: Callable[[], Coroutine[Any, Any, None]], message: str) -> None:
    with pytest.raises(SimUnhandled, match=re.escape(message)):
        run(VirtualLoop(), main())


def test_an_unseen_error_is_a_note_on_the_error_that_was_seen() -> None:
    async def main() -> None:
        await fail_unseen()
        raise ValueError("seen")

    with pytest.raises(ValueError, match="seen") as caught:
        run(VirtualLoop(), main())
    assert "KeyError: 'lost'" in caught.value.__notes__[0]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_leaves_the_world_is_refused(name: str) -> None:
    assert callable(getattr(asyncio.SelectorEventLoop, name))
    loop = VirtualLoop()
    with pytest.raises(SimForbidden, match=rf"loop\.{name}\(\) would leave the virtual world"):
        getattr(loop, name)(None)
    loop.close()


def test_executor_jobs_run_inline_and_keep_their_errors() -> None:
    async def main() -> int:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return await asyncio.to_thread(threading.get_ident)

    assert run(VirtualLoop(), main()) == threading.get_ident()


def test_another_thread_may_not_call_in() -> None:
    loop, errors = VirtualLoop(), []

    def intrude() -> None:
        try:
            loop.call_soon_threadsafe(print)
        except SimForbidden as error:
            errors.append(str(error))

    thread = threading.Thread(target=intrude)
    thread.start()
    thread.join()
    loop.close()
    assert errors == ["another thread called into the virtual loop: <built-in function print>; run the job in the loop"]


def test_a_clock_can_be_wrong() -> None:
    loop = VirtualLoop()
    clock = VirtualClock(loop)

    async def main() -> list[int]:
        errors = []
        for change in (partial(clock.step, -30), partial(clock.drift, 1000), partial(clock.drift, 0), asyncio.Event):
            change()
            await asyncio.sleep(10)
            errors.append(clock.error_ns())
        assert (clock.wall_ns(), clock.monotonic()) == (EPOCH_NS + 40 * 10**9 + errors[-1], 40.0)
        return errors

    assert run(loop, main()) == [-30_000_000_000, -29_990_000_000, -29_990_000_000, -29_990_000_000]


@pytest.mark.parametrize("name", PRIVATE)
def test_the_private_names_of_asyncio_exist(name: str) -> None:
    loop = asyncio.SelectorEventLoop()
    try:
        assert hasattr(loop, name)
        handle = loop.call_later(1, print)
        assert all(hasattr(handle, each) for each in PRIVATE_OF_TIMERS)
    finally:
        loop.close()


def test_a_clean_run_warns_of_nothing() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert run(VirtualLoop(), asyncio.sleep(1, "result")) == "result"
    assert caught == []
