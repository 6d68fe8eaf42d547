"""Rate limits: pools that count what each address, key or connection has used.

Rules:
- A pool is a sliding window: the costs of the last period, this one included, may not exceed `allow`. `aligned` counts
  in periods of the clock instead, from one full period to the next.
- A pool with a `decay` is a counter: each cost is added to it, and it falls by so much a second, to 0.
- A pool may ban: who is refused `after` times in a row is refused for a time, each time twice as long as before.
- A pool may give back to a key what its account's orders have cost, as each of them fills for the first time; nobody's
  count falls below 0.
- A refused request is not counted. All pools of a request are looked at before any of them counts it.
- Pure but for the counts: time is an argument, in nanoseconds. A subject that used nothing lately is forgotten.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, Literal

Subject = Literal["address", "key", "connection"]
SECOND = 1_000_000_000
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Bans:
    """When a pool bans, and for how long, in ns: `first`, then twice as long each time, at most `most`."""

    after: int
    first: int
    most: int


@dataclass(frozen=True, slots=True)
class Pool:
    """One limit: `allow` in `per` ns, counted `of` whom; `used` are the headers that tell it, and
    `shown` writes it into a list of limits, of a Count and a scope. `first_fill` is what the first fill of an order
    gives back, by the side of the trade that it was on."""

    name: str
    allow: int
    per: int
    of: Subject
    used: tuple[str, ...] = ()
    aligned: bool = False
    shown: Callable[[Any, Any], Any] | None = None
    decay: Fraction | None = None
    bans: Bans | None = None
    first_fill: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Usage:
    """What one subject has used: times with costs, oldest first, and their sum; or a counter as it was at a moment."""

    spent: deque[tuple[int, int]] = field(default_factory=deque)
    total: int = 0
    counter: Fraction = Fraction(0)
    at: int = 0
    refused: int = 0
    bans: int = 0
    banned_until: int = 0

    def refuse(self, bans: Bans, now: int) -> None:
        """Count a refusal, which may be one too many."""
        self.refused += 1
        if self.refused >= bans.after:
            self.banned_until = now + min(bans.first << min(self.bans, 32), bans.most)
            self.bans, self.refused = self.bans + 1, 0

    def decayed(self, decay: Fraction, now: int) -> Fraction:
        """The counter now."""
        return max(self.counter - decay * (now - self.at) / SECOND, Fraction(0))

    def give_back(self, cost: int) -> None:
        """Forget so much of what was spent, the oldest first."""
        while cost and self.spent:
            at, spent = self.spent.popleft()
            given = min(cost, spent)
            cost, self.total = cost - given, self.total - given
            if given < spent:
                self.spent.appendleft((at, spent - given))

    def expire(self, horizon: int) -> None:
        """Forget what was spent at `horizon` or before."""
        while self.spent and self.spent[0][0] <= horizon:
            self.total -= self.spent.popleft()[1]


@dataclass(frozen=True, slots=True)
class Count:
    """The state of a pool after a request: `wait` is 0 when it was counted, else the ns until it would pass.
    `banned`: it is refused whatever it costs.
    """

    pool: Pool
    used: int
    wait: int
    banned: bool = False

    @property
    def name(self) -> str:
        return self.pool.name

    @property
    def allowed(self) -> int:
        return self.pool.allow


class Limits:
    """The counts of all pools."""

    __slots__ = ("_pools", "_usage")

    def __init__(self, pools: Mapping[str, Pool]) -> None:
        self._pools = pools
        self._usage: dict[tuple[str, str], Usage] = {}

    def take(self, costs: Mapping[str, int], subjects: Mapping[Subject, str], now: int) -> list[Count]:
        """Count a request against its pools, or against none if one of them is used up."""
        counts = [self._look(self._pools[name], cost, subjects, now) for name, cost in costs.items()]
        if any(count.wait for count in counts):
            return [self._refuse(count, subjects, now) if count.wait else count for count in counts]
        return [self._spend(count.pool, costs[count.pool.name], subjects, now) for count in counts]

    def counts(self, subjects: Mapping[Subject, str], now: int) -> list[Count]:
        """How all pools of these subjects stand."""
        return [self._look(pool, 0, subjects, now) for pool in self._pools.values() if pool.of in subjects]

    def give_back(self, side: str, key: str, now: int) -> None:
        """An order of a key's account has filled for the first time, on this side of a trade: maker or taker."""
        for pool in self._pools.values():
            usage = self._usage.get((pool.name, key))
            if not pool.first_fill or usage is None:
                continue
            if pool.decay is not None:
                counter = usage.decayed(pool.decay, now) - pool.first_fill[side]
                usage.counter, usage.at = max(counter, Fraction(0)), now
            else:
                usage.expire(self._horizon(pool, now))
                usage.give_back(pool.first_fill[side])

    def _refuse(self, count: Count, subjects: Mapping[Subject, str], now: int) -> Count:
        """A refusal as its pool tells it, a ban where that is what it comes to."""
        if count.banned or count.pool.bans is None:
            return count
        usage = self._find(count.pool, subjects, now)
        usage.refuse(count.pool.bans, now)
        until = usage.banned_until
        return Count(count.pool, count.used, until - now, banned=True) if until > now else count

    def _look(self, pool: Pool, cost: int, subjects: Mapping[Subject, str], now: int) -> Count:
        usage = self._find(pool, subjects, now)
        if usage.banned_until > now:
            return Count(pool, usage.total, usage.banned_until - now, banned=True)
        if pool.decay is not None:
            counter = usage.decayed(pool.decay, now)
            over_by = counter + cost - pool.allow
            return Count(pool, ceil(counter), max(ceil(over_by * SECOND / pool.decay), 0))
        over = usage.total + cost - pool.allow
        if over <= 0:
            return Count(pool, usage.total, 0)
        if pool.aligned:
            return Count(pool, usage.total, pool.per - now % pool.per)
        freed = 0
        for at, spent in usage.spent:
            freed += spent
            if freed >= over:
                return Count(pool, usage.total, at + pool.per - now)
        return Count(pool, usage.total, pool.per)

    def _spend(self, pool: Pool, cost: int, subjects: Mapping[Subject, str], now: int) -> Count:
        usage = self._find(pool, subjects, now)
        usage.refused = 0
        if pool.decay is not None:
            usage.counter, usage.at = usage.decayed(pool.decay, now) + cost, now
            return Count(pool, ceil(usage.counter), 0)
        usage.spent.append((now, cost))
        usage.total += cost
        return Count(pool, usage.total, 0)

    def _find(self, pool: Pool, subjects: Mapping[Subject, str], now: int) -> Usage:
        key = (pool.name, subjects[pool.of])
        usage = self._usage.get(key)
        if usage is None:
            if len(self._usage) >= _KEPT:
                self._forget(now)
            usage = self._usage[key] = Usage()
        usage.expire(self._horizon(pool, now))
        return usage

    def _horizon(self, pool: Pool, now: int) -> int:
        return now - now % pool.per - 1 if pool.aligned else now - pool.per

    def _forget(self, now: int) -> None:
        for (name, subject), usage in list(self._usage.items()):
            pool = self._pools[name]
            usage.expire(self._horizon(pool, now))
            if (
                not usage.spent
                and usage.banned_until <= now
                and not (pool.decay is not None and usage.decayed(pool.decay, now))
            ):
                del self._usage[name, subject]
