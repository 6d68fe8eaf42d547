"""The exchange's clock, as well as it can be known here.

Rules: of several samples the one with the shortest round trip is believed, taken at its middle; between syncs time runs
on the steady clock, so a step of this machine's wall clock moves nothing. Before the first sync it is the wall clock.
All times are nanoseconds since 1970, intervals seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable

from exconn.errors import ExconnError, Unanswered
from exconn.market.surroundings import Surroundings

SAMPLES = 5
_NANOSECONDS = 1_000_000_000


class ClockSync:
    """`round_trip`: of the sample in force, in seconds, None before the first sync."""

    __slots__ = ("_anchor_monotonic", "_anchor_ns", "_best", "_failed_at", "_surroundings", "_syncing", "round_trip")

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._anchor_ns = 0
        self._anchor_monotonic = 0.0
        self._best: tuple[float, float, int] | None = None
        self._failed_at = float("-inf")
        self._syncing = asyncio.Lock()
        self.round_trip: float | None = None

    def time_ns(self) -> int:
        """Now, on the exchange's clock."""
        if self.round_trip is None:
            return self._surroundings.time_ns()
        elapsed = self._surroundings.monotonic() - self._anchor_monotonic
        return self._anchor_ns + round(elapsed * _NANOSECONDS)

    @property
    def offset(self) -> float:
        """Seconds that the exchange's clock is ahead of this machine's."""
        return (self.time_ns() - self._surroundings.time_ns()) / _NANOSECONDS

    def observe(self, sent: float, received: float, server_ns: int) -> None:
        """One sample: steady seconds of sending and receiving, and the time that the exchange gave in between."""
        round_trip = received - sent
        if self._best is None or round_trip < self._best[0]:
            self._best = (round_trip, sent + round_trip / 2, server_ns)

    def settle(self) -> bool:
        """Believe the best of the samples since the last settling. False where there was none."""
        if self._best is None:
            return False
        self.round_trip, self._anchor_monotonic, self._anchor_ns = self._best
        self._best = None
        return True

    async def sync(self, ask: Callable[[], Awaitable[int]], samples: int = SAMPLES) -> None:
        """Ask the exchange for its time (nanoseconds) `samples` times, one after the other. A sample that fails is left
        out; when all fail, the last error is raised and the clock stays as it was. Many may want this at once, after a
        step of the exchange's clock: those who come while one asks get what came of that, and ask nothing."""
        wanted_at = self._surroundings.monotonic()
        async with self._syncing:
            if self._failed_at > wanted_at:
                raise Unanswered("the exchange's time could not be had")
            if self.round_trip is None or self._anchor_monotonic <= wanted_at:
                await self._sync(ask, samples)

    async def _sync(self, ask: Callable[[], Awaitable[int]], samples: int) -> None:
        failure: ExconnError | None = None
        self._best = None  # of a sync that was broken off: the exchange's clock may have been set since
        for _ in range(samples):
            sent = self._surroundings.monotonic()
            try:
                server_ns = await ask()
            except ExconnError as error:
                failure = error
            else:
                self.observe(sent, self._surroundings.monotonic(), server_ns)
        if not self.settle() and failure is not None:
            self._failed_at = self._surroundings.monotonic()
            raise failure
