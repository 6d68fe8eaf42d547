"""How long to wait before connecting again: full jitter, so that many clients do not come back together; and a budget
that all sockets of a market share.

Rules: the n-th connection in a row that ended waits a random time between nothing and `first * 2**(n - 1)`, never more
than `greatest`; only a connection that was healthy for `healthy_after` seconds starts the row anew, so that
accept-then-close is a failure too. Only such failures are paid for from the budget, a few at once and then one in so
many seconds, whoever makes them.
"""

import random

from msgspec import Struct


class Budget(Struct):
    """What is left to connect again with: `at_once`, and one more `every` so many seconds. Times are steady seconds."""

    at_once: int
    every: float
    _free_at: float = float("-inf")

    def delay(self, now: float) -> float:
        """Pay for one connection; gives how long to wait for it."""
        self._free_at = max(self._free_at, now - self.at_once * self.every) + self.every
        return max(0.0, self._free_at - now)


class Backoff(Struct):
    """One row of attempts. All times in seconds."""

    source: random.Random
    first: float
    greatest: float
    healthy_after: float
    failures: int = 0

    def ended(self, lived: float) -> None:
        """A connection ended after `lived` seconds of health; 0 for one that never was healthy."""
        self.failures = 1 if lived >= self.healthy_after else self.failures + 1

    def delay(self) -> float:
        """How long to wait now."""
        if not self.failures:
            return 0.0
        highest = min(self.greatest, self.first * 2.0 ** min(self.failures - 1, 30))
        return self.source.uniform(0.0, highest)
