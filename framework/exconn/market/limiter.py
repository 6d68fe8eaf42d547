"""The limiter: nothing goes out faster than the exchange's pools allow, and cancels never starve.

Rules: a request takes its cost from all its pools at once or waits; who waits for the same pools is served first come,
first served, cancels before the rest, which leaves a cancel that waits all the room it needs, and lists last, which are
read again and again and leave a share of each pool to everything else; a pool that the exchange has throttled sends
nothing, cancels included, until the time is over; a ban stops everything, what no pool counts too, but for frames on
connections that are open. Costs are held until `settle`, so every admission must be settled, in whatever way the
request ended: use `slot`. What costs the same of the same pools goes one way, worked out once; so an admission takes no
longer for what was counted or who waits. Time is the steady clock's.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from enum import Enum
from types import TracebackType
from typing import TypeAlias

from exconn.codec.facts import Pool
from exconn.errors import Throttled, UsageError
from exconn.market.limit_pools import Gauge, gauge_of, reserve_of

CANCEL_SHARE, OTHER_SHARE = 0.1, 0.2
_SHORTEST_WAIT = 0.001
_NEVER = float("-inf")
Costs: TypeAlias = tuple[tuple[str, int], ...]
_Key: TypeAlias = tuple[str, str]
_Lane: TypeAlias = deque["asyncio.Future[bool]"]
_WORDS = 3
"""Where in the key of a way the words begin that tell gauges of one pool apart."""
_NOTHING: Mapping[str, str] = {}


class Kind(Enum):
    CANCEL = 0
    OTHER = 1
    LIST = 2


_CANCEL, _OTHER, _LIST = Kind


class Limiter:
    def __init__(self, pools: Iterable[Pool], monotonic: Callable[[], float], share: float = CANCEL_SHARE) -> None:
        """`share` of each pool is kept for cancels, and `OTHER_SHARE` more for what is no list."""
        self._pools = {pool.name: pool for pool in pools}
        self._reserves = {
            (name, kind): reserve_of(pool, kept)
            for name, pool in self._pools.items()
            for kind, kept in ((_CANCEL, 0.0), (_OTHER, share), (_LIST, share + OTHER_SHARE))
        }
        self._told_apart = sorted({pool.each for pool in self._pools.values() if pool.each})
        self.monotonic = monotonic
        self._gauges: dict[_Key, Gauge] = {}
        self._ways: dict[tuple[object, ...], Way] = {}
        self._awaited: dict[Gauge, tuple[int, int]] = {}
        self._until: dict[str, float] = {}
        self._banned_until = _NEVER
        self._stopped_until = _NEVER

    def admit(self, now: float, costs: Costs, kind: Kind = Kind.OTHER, each: Mapping[str, str] = _NOTHING) -> float:
        """0.0: the costs are taken and must be settled. Otherwise nothing is taken, and it is pointless to ask again
        before so many seconds have passed. `each`: for pools counted a symbol or a connection, which one ("symbol" ->
        pair).
        """
        return self.take(now, self._way(costs, kind, each))

    def take(self, now: float, way: "Way") -> float:
        """As `admit`, where the way is known."""
        longest = self._stopped(now, way.costs) if now < self._stopped_until else 0.0
        awaited = self._awaited if way.kind is not _CANCEL else None
        for gauge, cost, reserve in way.charges:
            if awaited and gauge in awaited:
                reserve = max(reserve, awaited[gauge][1])
            delay = gauge.delay(now, cost, reserve)
            if delay > longest:
                longest = delay
        if longest > 0.0:
            return longest
        for gauge, cost, _ in way.charges:
            gauge.take(cost)
        return 0.0

    def settle(self, costs: Costs, each: Mapping[str, str] = _NOTHING) -> None:
        """The request of these costs was answered or given up, or needs no answer."""
        self._way(costs, Kind.OTHER, each).settle()

    def throttled(self, pool: str | None, until: float) -> None:
        """Send nothing of `pool` (None: nothing at all, a ban) before `until`, on the steady clock."""
        if pool is None:
            self._banned_until = max(until, self._banned_until)
        else:
            self._until[pool] = max(until, self._until.get(pool, until))
        self._stopped_until = max(until, self._stopped_until)

    def period(self, pool: str) -> float:
        """Seconds of a pool's window, or of its refill."""
        return self._pools[pool].per

    def throttled_for(self, costs: Costs) -> float:
        """Seconds that a throttle still holds these costs back; 0.0 where none does."""
        return self._stopped(self.monotonic(), costs)

    def _stopped(self, now: float, costs: Costs) -> float:
        is_frame = bool(costs) and all(self._pools[name].each == "connection" for name, _ in costs)
        ends = [self._until[name] for name, _ in costs if name in self._until]
        return max(0.0, *(end - now for end in ends), 0.0 if is_frame else self._banned_until - now)

    def hear(self, pool: str, used: int, each: Mapping[str, str] = _NOTHING) -> None:
        """A reply says how much of `pool` is used."""
        self._gauge(self._key(pool, each)).hear(self.monotonic(), used)

    def forget(self, each: Mapping[str, str]) -> None:
        """What was counted of these (a connection that is gone) is never asked for again."""
        gone = {key for key in self._gauges if each.get(self._pools[key[0]].each or "") == key[1]}
        for key in sorted(gone):
            del self._gauges[key]
        # A way is told apart by all these words, whichever its own pools are counted by.
        ended = {each[word] for word in self._told_apart if word in each}
        self._ways = {known: way for known, way in self._ways.items() if ended.isdisjoint(known[_WORDS:])}

    def slot(
        self,
        costs: Costs,
        kind: Kind = Kind.OTHER,
        each: Mapping[str, str] = _NOTHING,
        patience: float | None = None,
    ) -> AbstractAsyncContextManager[None]:
        """Wait for admission, hold the costs for the time of the block, settle them. Throttled when it would take
        longer than `patience` seconds; nothing was sent then.
        """
        return self.way(costs, kind, each, patience)

    def way(self, costs: Costs, kind: Kind, each: Mapping[str, str], patience: float | None) -> "Way":
        """What such requests pass; as `slot`, for one who enters, waits and settles by himself."""
        way = None if self._told_apart else self._ways.get((costs, kind._value_, patience))
        return way or self._way(costs, kind, each, patience)

    async def wait(self, way: "Way") -> None:
        """Wait in line. The first in line asks for room, the others for being first."""
        turn = asyncio.get_running_loop().create_future()
        lane = way.lane
        lane.append(turn)
        if way.kind is _CANCEL:
            self._await(way)
        deadline = None if way.patience is None else self.monotonic() + way.patience
        try:
            if lane[0] is not turn:
                await self._wait_turn(turn, deadline)
            await self._wait_room(way, deadline)
        finally:
            if way.kind is _CANCEL:
                self._await_no_more(way)
            lane.remove(turn)
            if lane and not lane[0].done():
                lane[0].set_result(True)

    def _await(self, way: "Way") -> None:
        """A cancel waits: of each pool, how many do and the greatest of their costs are known."""
        for gauge, cost, _ in way.charges:
            count, greatest = self._awaited.get(gauge, (0, 0))
            self._awaited[gauge] = count + 1, max(greatest, cost)

    def _await_no_more(self, way: "Way") -> None:
        for gauge, _, _ in way.charges:
            count, greatest = self._awaited.pop(gauge)
            if count > 1:
                self._awaited[gauge] = count - 1, greatest

    async def _wait_turn(self, turn: "asyncio.Future[bool]", deadline: float | None) -> None:
        if deadline is None:
            await turn
            return
        left = max(0.0, deadline - self.monotonic())
        timer = asyncio.get_running_loop().call_later(left, _give_up, turn)
        try:
            if not await turn:
                raise Throttled("requests of this kind are queued for longer than this one can wait", left)
        finally:
            timer.cancel()

    async def _wait_room(self, way: "Way", deadline: float | None) -> None:
        while delay := self.take(now := self.monotonic(), way):
            if deadline is not None and now + delay > deadline:
                raise Throttled(f"the limits of {', '.join(name for name, _ in way.costs)} leave no room", delay)
            await asyncio.sleep(max(delay, _SHORTEST_WAIT))
            if way.kind is not Kind.CANCEL:
                await asyncio.sleep(0)  # cancels that woke at the same moment go first

    def _way(self, costs: Costs, kind: Kind, each: Mapping[str, str], patience: float | None = None) -> "Way":
        known: tuple[object, ...] = (costs, kind._value_, patience)  # an Enum would be hashed by Python code
        if self._told_apart:
            known = (*known, *[each.get(word) for word in self._told_apart])
        way = self._ways.get(known)
        if way is None:
            way = self._ways[known] = self._new_way(costs, kind, each, patience)
        return way

    def _new_way(self, costs: Costs, kind: Kind, each: Mapping[str, str], patience: float | None) -> "Way":
        keys = [self._key(name, each) for name, _ in costs]
        charges = tuple(
            (self._gauge(key), cost, self._reserves[name, kind])
            for key, (name, cost) in zip(keys, costs, strict=True)
            if cost
        )
        same = (way.lane for way in self._ways.values() if way.kind is kind and way.keys == set(keys))
        return Way(self, kind, costs, frozenset(keys), charges, next(same, deque()), patience)

    def _key(self, name: str, each: Mapping[str, str]) -> _Key:
        pool = self._pools.get(name)
        if pool is None:
            raise UsageError(f"there is no rate-limit pool {name!r}; there are {', '.join(self._pools) or 'none'}")
        return name, each.get(pool.each, "") if pool.each else ""

    def _gauge(self, key: _Key) -> Gauge:
        gauge = self._gauges.get(key)
        if gauge is None:
            gauge = self._gauges[key] = gauge_of(self._pools[key[0]])
        return gauge


class Way:
    """What requests of one kind, cost and patience pass, and the block of each of them, without a state of its own.
    `charges` are gauge, cost and what must stay free; who has to wait does so in `lane`."""

    __slots__ = ("_limiter", "_monotonic", "charges", "costs", "keys", "kind", "lane", "patience")

    def __init__(
        self,
        limiter: Limiter,
        kind: Kind,
        costs: Costs,
        keys: frozenset[_Key],
        charges: tuple[tuple[Gauge, int, int], ...],
        lane: _Lane,
        patience: float | None,
    ) -> None:
        self._limiter = limiter
        self._monotonic = limiter.monotonic
        self.kind = kind
        self.costs = costs
        self.keys = keys
        self.charges = charges
        self.lane = lane
        self.patience = patience

    def enter(self) -> bool:
        """Whether there is room at once; the costs are taken then, and must be settled."""
        return not (self.lane or self._limiter.take(self._monotonic(), self))

    async def wait(self) -> None:
        """Wait for room. Throttled where it would take too long; nothing is taken then."""
        await self._limiter.wait(self)

    async def __aenter__(self) -> None:
        if not self.enter():
            await self.wait()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()

    def settle(self) -> None:
        now = self._monotonic()
        for gauge, cost, _ in self.charges:
            gauge.settle(now, cost)


def _give_up(turn: "asyncio.Future[bool]") -> None:
    if not turn.done():
        turn.set_result(False)
