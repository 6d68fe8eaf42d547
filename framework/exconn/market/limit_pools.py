"""Rate-limit pools: how much may go out now, without a clock of their own.

Rules: a request holds its cost from admission until it is settled (answered or given up), and the exchange has counted
it at some moment in between; so the window starts, and the bucket is charged, at settling, and whatever the network
did, the exchange never counts more than it allows. Every step is O(1) amortised; a window remembers at most what it
allows. A share of each pool is kept for cancels.
"""

from collections import deque
from math import ceil
from typing import Protocol

from msgspec.structs import asdict, replace

from exconn.codec.facts import Facts, Pool
from exconn.codec.keys import Keyring

_INSTANT = 1e-9
"""Below what a clock can tell; without it a waiter could be woken just too early, again and again."""


class Gauge(Protocol):
    """One pool's state. `now`: steady seconds. `reserve`: how much must stay free."""

    def delay(self, now: float, cost: int, reserve: int) -> float:
        """Seconds until `cost` may be taken, at the earliest; 0.0 for at once."""

    def take(self, cost: int) -> None:
        """Hold `cost`."""

    def settle(self, now: float, cost: int) -> None:
        """What was held is counted from now on."""

    def hear(self, now: float, used: int) -> None:
        """The exchange says that `used` are used: the greater of its count and ours holds."""


def sized(facts: Facts, keys: Keyring) -> Facts:
    """The facts with each pool as large as this account's own choices make it."""
    pools = tuple(
        pool if pool.by is None else replace(pool, **asdict(pool.sizes[keys.text(pool.by)]), by=None, sizes={})
        for pool in facts.pools
    )
    return replace(facts, pools=pools)


def gauge_of(pool: Pool) -> Gauge:
    if pool.allow is not None:
        return Window(pool.allow, pool.per)
    burst = pool.burst or pool.refill or 1
    return Bucket(burst, (pool.refill or burst) / pool.per)


def reserve_of(pool: Pool, share: float) -> int:
    """What is kept for cancels: the share, at least 1, but never the pool's last."""
    size = pool.allow or pool.burst or pool.refill or 1
    return min(max(1, ceil(size * share)), size - 1) if share else 0


class Window:
    """At most `allow` in any `per` seconds. What has left the window is looked for only where room is short."""

    __slots__ = ("_allow", "_counted", "_per", "_room")

    def __init__(self, allow: int, per: float) -> None:
        self._allow = allow
        self._per = per
        self._room = allow
        self._counted: deque[tuple[float, int]] = deque()

    def _expire(self, now: float) -> None:
        counted = self._counted
        while counted and counted[0][0] <= now + _INSTANT:
            self._room += counted.popleft()[1]

    def delay(self, now: float, cost: int, reserve: int) -> float:
        if cost + reserve <= self._room:
            return 0.0
        self._expire(now)
        short = cost + min(reserve, self._allow - cost) - self._room
        if short <= 0:
            return 0.0
        for until, counted in self._counted:
            short -= counted
            if short <= 0:
                return until - now
        return self._per

    def take(self, cost: int) -> None:
        self._room -= cost

    def settle(self, now: float, cost: int) -> None:
        self._counted.append((now + self._per, cost))

    def hear(self, now: float, used: int) -> None:
        self._expire(now)
        unknown = used - (self._allow - self._room)
        if unknown > 0:
            self._room -= unknown
            self._counted.append((now + self._per, unknown))


class Bucket:
    """`burst` at once, refilled by `rate` a second."""

    __slots__ = ("_at", "_burst", "_held", "_level", "_rate")

    def __init__(self, burst: int, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._held = 0
        self._level = float(burst)
        self._at: float | None = None

    def _refill(self, now: float) -> None:
        if self._at is not None:
            self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now

    def delay(self, now: float, cost: int, reserve: int) -> float:
        self._refill(now)
        least = min(reserve, self._burst - cost)
        short = cost + least - (self._level - self._held)
        return 0.0 if short <= _INSTANT else short / self._rate

    def take(self, cost: int) -> None:
        self._held += cost

    def settle(self, now: float, cost: int) -> None:
        self._refill(now)
        self._held -= cost
        self._level -= cost

    def hear(self, now: float, used: int) -> None:
        self._refill(now)
        self._level = min(self._level, self._burst - used + self._held)
