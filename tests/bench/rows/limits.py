"""Rows of rate limits: one request admitted and settled, alone, after 10,000 in the window, with 10,000 in line behind.

Rules: the clock of our limiter is the row's own, so that what the day has counted stays counted, and
who waits goes on waiting.
"""

from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from itertools import count
from typing import Any

from exconn.codec import Pool
from exconn.market.limiter import Costs, Kind, Limiter

from .. import ours
from ..measure import Contender
from ..row import Goal, Row

MANY = 10_000
ONE, TWO = (("day", 1),), (("orders", 1), ("day", 1))
NOTE = "`async with limiter.slot(costs)` of one pool; await of ccxt's throttler, one leaky bucket without history"
TWO_NOTE = "as above, of two pools, which ccxt does not have"
LINE_NOTE = "as above, of cancels, while 10,000 orders wait for room in the same pools"
Several = Callable[[int], Coroutine[Any, Any, None]]


def rows() -> Iterator[Row]:
    peer = Contender("ccxt", _run(_peer))
    idle = Contender("no history", _run(partial(_counted, 0, ONE)))
    yield Row("admission", idle, (Goal(0.3, peer),), NOTE)
    yield Row(
        "admission, two pools", Contender("exconn", _run(partial(_counted, 0, TWO))), (Goal(None, peer),), TWO_NOTE
    )
    counted = Contender("exconn", _run(partial(_counted, MANY, ONE)))
    yield Row("admission, 10,000 counted", counted, (Goal(0.3, peer), Goal(1.1, idle)), NOTE)
    behind = Contender("exconn", _run(_in_line))
    yield Row("admission, 10,000 in line", behind, (Goal(0.3, peer), Goal(1.1, idle)), LINE_NOTE)


def _counted(counted: int, costs: Costs) -> Several:
    """Admissions after so many, on a clock that goes on."""
    clock = count(1000.0, 0.01).__next__  # a hundredth of a second a look, and no slower than the system's
    pools = [Pool(name="orders", allow=1_000_000, per=10), Pool(name="day", allow=10**9, per=86_400)]
    limiter = Limiter(pools, clock)
    for _ in range(counted):
        limiter.admit(clock(), costs)
        limiter.settle(costs)

    async def several(operations: int) -> None:
        for _ in range(operations):
            async with limiter.slot(costs):
                pass

    return several


def _in_line() -> Several:
    """Cancels, from the share that is theirs, while 10,000 orders wait for the same pools to have room again."""
    limiter = Limiter([Pool(name="day", allow=10**9, per=86_400)], lambda: 0.0)
    most = (("day", 9 * 10**8),)
    limiter.admit(0.0, most)
    limiter.settle(most)
    waiting = [ours.loop().create_task(_wait(limiter)) for _ in range(MANY)]
    ours.ENDINGS.append(lambda: [task.cancel() for task in waiting])

    async def several(operations: int) -> None:
        for _ in range(operations):
            async with limiter.slot(ONE, Kind.CANCEL):
                pass

    return several


async def _wait(limiter: Limiter) -> None:
    async with limiter.slot(ONE):
        raise AssertionError("there was room")


def _peer() -> Several:
    from ccxt.async_support.base.throttler import Throttler

    throttle = Throttler({"refillRate": 1e9, "capacity": 1e9, "tokens": 1e9, "delay": 0.001}, ours.loop())

    async def several(operations: int) -> None:
        for _ in range(operations):
            await throttle(1)

    return several


def _run(make: Callable[[], Several]) -> Callable[[int], None]:
    made: Several | None = None

    def run(operations: int) -> None:
        nonlocal made
        made = made or make()
        ours.waited(made(operations))

    return run
