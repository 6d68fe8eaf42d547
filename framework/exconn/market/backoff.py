"""How long to wait before connecting again: full jitter, so that many clients do not come back together.

Rules: the n-th connection in a row that ended waits a random time between nothing and `first * 2**(n - 1)`, never more
than `greatest`; only a connection that was healthy for `healthy_after` seconds starts the row anew, so that
accept-then-close is a failure too.
"""

import random
from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
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
