"""The limiter: nothing goes out faster than the exchange's pools allow, and cancels never starve.

Rules: a request takes its cost from all its pools at once or waits; who waits for the same pools is served first come,
first served, cancels before the rest; a pool that the exchange has throttled sends nothing, cancels included, until the
time is over; a ban stops everything, what no pool counts too, but for frames on connections that are open. Costs are
held until `settle`, so every admission must be settled, in whatever way the request ended: use `slot`. Time is the
steady clock's.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from enum import Enum
from typing import TypeAlias

from exconn.codec.facts import Pool
from exconn.errors import Throttled, UsageError
from exconn.market.limit_pools import Gauge, gauge_of, reserve_of

CANCEL_SHARE = 0.1
_SHORTEST_WAIT = 0.001
Costs: TypeAlias = tuple[tuple[str, int], ...]
_Key: TypeAlias = tuple[str, str]
_NOTHING: Mapping[str, str] = {}


class Kind(Enum):
    CANCEL = 0
    OTHER = 1


class Limiter:
    def __init__(self, pools: Iterable[Pool], monotonic: Callable[[], float], share: float = CANCEL_SHARE) -> None:
        """`share` of each pool is kept for cancels."""
        self._pools = {pool.name: pool for pool in pools}
        self._reserves = {name: reserve_of(pool, share) for name, pool in self._pools.items()}
        self._monotonic = monotonic
        self._gauges: dict[_Key, Gauge] = {}
        self._until: dict[str, float] = {}
        self._banned_until = float("-inf")
        self._lanes: dict[tuple[Kind, tuple[_Key, ...]], deque[asyncio.Future[None]]] = {}
        self._stirred: list[asyncio.Future[None]] = []

    def admit(self, now: float, costs: Costs, kind: Kind = Kind.OTHER, each: Mapping[str, str] = _NOTHING) -> float:
        """0.0: the costs are taken and must be settled. Otherwise nothing is taken, and it is pointless to ask again
        before so many seconds have passed, unless something is settled. `each`: for pools counted a symbol or a
        connection, which one ("symbol" -> pair).
        """
        longest = self._stopped(now, costs)
        gauges = [(self._gauge(name, each), name, cost) for name, cost in costs]
        for gauge, name, cost in gauges:
            reserve = 0 if kind is Kind.CANCEL else self._reserves[name]
            longest = max(longest, gauge.delay(now, cost, reserve))
        if longest <= 0.0:
            for gauge, _, cost in gauges:
                gauge.take(cost)
            return 0.0
        return longest

    def settle(self, costs: Costs, each: Mapping[str, str] = _NOTHING) -> None:
        """The request of these costs was answered or given up, or needs no answer."""
        now = self._monotonic()
        for name, cost in costs:
            self._gauge(name, each).settle(now, cost)
        self._stir()

    def throttled(self, pool: str | None, until: float) -> None:
        """Send nothing of `pool` (None: nothing at all, a ban) before `until`, on the steady clock."""
        if pool is None:
            self._banned_until = max(until, self._banned_until)
        else:
            self._until[pool] = max(until, self._until.get(pool, until))

    def throttled_for(self, costs: Costs) -> float:
        """Seconds that a throttle still holds these costs back; 0.0 where none does."""
        return self._stopped(self._monotonic(), costs)

    def _stopped(self, now: float, costs: Costs) -> float:
        is_frame = bool(costs) and all(self._pool(name).each == "connection" for name, _ in costs)
        ends = [self._until[name] for name, _ in costs if name in self._until]
        return max(0.0, *(end - now for end in ends), 0.0 if is_frame else self._banned_until - now)

    def hear(self, pool: str, used: int, each: Mapping[str, str] = _NOTHING) -> None:
        """A reply says how much of `pool` is used."""
        self._gauge(pool, each).hear(self._monotonic(), used)

    def forget(self, each: Mapping[str, str]) -> None:
        """What was counted of these (a connection that is gone) is never asked for again."""
        for key in [key for key in self._gauges if each.get(self._pools[key[0]].each or "") == key[1]]:
            del self._gauges[key]

    @asynccontextmanager
    async def slot(
        self,
        costs: Costs,
        kind: Kind = Kind.OTHER,
        each: Mapping[str, str] = _NOTHING,
        patience: float | None = None,
    ) -> AsyncIterator[None]:
        """Wait for admission, hold the costs for the time of the block, settle them. Throttled when it would take
        longer than `patience` seconds; nothing was sent then.
        """
        await self.enter(costs, kind, each, patience)
        try:
            yield
        finally:
            self.settle(costs, each)

    async def enter(
        self,
        costs: Costs,
        kind: Kind = Kind.OTHER,
        each: Mapping[str, str] = _NOTHING,
        patience: float | None = None,
    ) -> None:
        """As `slot`, for a caller that settles by itself."""
        waits_for = (kind, tuple(_key(self._pool(name), each) for name, _ in costs))
        if waits_for not in self._lanes and not self.admit(self._monotonic(), costs, kind, each):
            return
        lane = self._lanes.setdefault(waits_for, deque())
        turn = asyncio.get_running_loop().create_future()
        lane.append(turn)
        deadline = None if patience is None else self._monotonic() + patience
        try:
            await self._wait_turn(lane, turn, deadline)
            await self._wait_room(costs, kind, each, deadline)
        finally:
            lane.remove(turn)
            if not lane:
                del self._lanes[waits_for]
            elif not lane[0].done():
                lane[0].set_result(None)

    async def _wait_turn(
        self, lane: "deque[asyncio.Future[None]]", turn: "asyncio.Future[None]", deadline: float | None
    ) -> None:
        if lane[0] is turn:
            return
        left = None if deadline is None else max(0.0, deadline - self._monotonic())
        done, _ = await asyncio.wait([turn], timeout=left)
        if not done:
            raise Throttled("requests of this kind are queued for longer than this one can wait", left)

    async def _wait_room(self, costs: Costs, kind: Kind, each: Mapping[str, str], deadline: float | None) -> None:
        while delay := self.admit(now := self._monotonic(), costs, kind, each):
            if deadline is not None and now + delay > deadline:
                raise Throttled(f"the limits of {', '.join(name for name, _ in costs)} leave no room", delay)
            stirred = asyncio.get_running_loop().create_future()
            self._stirred.append(stirred)
            await asyncio.wait([stirred], timeout=max(delay, _SHORTEST_WAIT))

    def _stir(self) -> None:
        """Something was settled: those first in line look again."""
        stirred, self._stirred = self._stirred, []
        for waiter in stirred:
            if not waiter.done():
                waiter.set_result(None)

    def _pool(self, name: str) -> Pool:
        pool = self._pools.get(name)
        if pool is None:
            raise UsageError(f"there is no rate-limit pool {name!r}; there are {', '.join(self._pools) or 'none'}")
        return pool

    def _gauge(self, name: str, each: Mapping[str, str]) -> Gauge:
        pool = self._pool(name)
        key = _key(pool, each)
        gauge = self._gauges.get(key)
        if gauge is None:
            gauge = self._gauges[key] = gauge_of(pool)
        return gauge


def _key(pool: Pool, each: Mapping[str, str]) -> _Key:
    return pool.name, each.get(pool.each, "") if pool.each else ""
