"""The exchange's clock by the fastest of several samples."""

import asyncio
import random

import pytest

from exconn.errors import Unanswered
from exconn.market.clock_sync import ClockSync
from exconn.market.surroundings import Surroundings
from exconn.testing.virtual import World as VirtualWorld

SECOND = 1_000_000_000


class World:
    """Wall and steady clocks that a test sets; the exchange is 7 s ahead of the first wall time."""

    def __init__(self) -> None:
        self.wall_ns = 1_000 * SECOND
        self.steady = 50.0
        self.surroundings = Surroundings(lambda: self.wall_ns, lambda: self.steady, random.Random(0), lambda: "0" * 32)

    @property
    def exchange_ns(self) -> int:
        return round((957 + self.steady) * SECOND)


def test_before_the_first_sync_it_is_the_wall_clock() -> None:
    world = World()
    clock = ClockSync(world.surroundings)
    assert (clock.time_ns(), clock.offset, clock.round_trip) == (1_000 * SECOND, 0.0, None)
    assert not clock.settle()


async def test_the_fastest_sample_is_believed_at_its_middle() -> None:
    world = World()
    clock = ClockSync(world.surroundings)
    delays = [(0.9, 0.1), (0.02, 0.02), (0.1, 0.6)]

    async def ask() -> int:
        there, back = delays.pop(0)
        world.steady += there
        told = world.exchange_ns
        world.steady += back
        return told

    await clock.sync(ask, samples=3)
    assert clock.round_trip == pytest.approx(0.04)
    assert clock.time_ns() == pytest.approx(world.exchange_ns, abs=1_000)


def test_between_syncs_a_step_of_the_wall_clock_moves_nothing() -> None:
    world = World()
    clock = ClockSync(world.surroundings)
    clock.observe(50.0, 50.2, 1_007 * SECOND)
    assert clock.settle()
    world.wall_ns += 3_600 * SECOND
    world.steady = 60.1
    assert clock.time_ns() == 1_017 * SECOND
    assert clock.offset == -3_583.0


async def test_samples_of_a_sync_that_was_broken_off_are_forgotten() -> None:
    world = World()
    clock = ClockSync(world.surroundings)
    answers: list[int | None] = [1_007 * SECOND, None, 2_007 * SECOND]

    async def ask() -> int:
        world.steady += 1 / len(answers)
        answer = answers.pop(0)
        if answer is None:
            raise asyncio.CancelledError
        return answer

    with pytest.raises(asyncio.CancelledError):
        await clock.sync(ask, samples=2)
    await clock.sync(ask, samples=1)
    assert clock.time_ns() == pytest.approx(2_007 * SECOND, abs=SECOND)


async def test_failed_samples_are_left_out_and_all_failing_keeps_the_clock() -> None:
    world = World()
    clock = ClockSync(world.surroundings)
    answers: list[int | Exception] = [Unanswered("lost"), 1_007 * SECOND, Unanswered("lost again")]

    async def ask() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    await clock.sync(ask, samples=3)
    assert clock.time_ns() == 1_007 * SECOND
    answers += [Unanswered("down"), Unanswered("still down")]
    with pytest.raises(Unanswered, match="still down"):
        await clock.sync(ask, samples=2)
    assert clock.time_ns() == 1_007 * SECOND


async def test_many_who_want_it_at_once_ask_few_times(virtual_world: VirtualWorld) -> None:
    clock = ClockSync(Surroundings(virtual_world.wall_ns, virtual_world.time, random.Random(0), lambda: ""))
    asked: list[float] = []

    async def ask() -> int:
        asked.append(virtual_world.time())
        await asyncio.sleep(0.1)
        if fails:
            raise Unanswered("down")
        return virtual_world.wall_ns()

    fails = False
    await asyncio.gather(*(clock.sync(ask) for _ in range(50)))
    assert len(asked) == 5
    fails = True
    outcomes = await asyncio.gather(*(clock.sync(ask) for _ in range(50)), return_exceptions=True)
    assert len(asked) == 10 and all(isinstance(outcome, Unanswered) for outcome in outcomes)
    fails = False
    await clock.sync(ask)
    assert len(asked) == 15
