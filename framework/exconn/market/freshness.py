"""What is new in each signed thing: time, nonce, ids; and the order in which nonces go out.

Rules: one sequence of nonces serves a key's requests and websocket logins alike; a nonce is drawn under `in_order`, and
the lock is held until what it signs has been written, not answered. The time is the exchange's, as well as it is known.
"""

import asyncio

from exconn.codec import Fresh
from exconn.market.clock_sync import ClockSync
from exconn.market.nonces import Nonces
from exconn.market.surroundings import Surroundings


class MarketTime:
    """Seconds since 1970 on the market's own clock: the wall's time at the start, steady from there on."""

    __slots__ = ("_monotonic", "_start")

    def __init__(self, surroundings: Surroundings) -> None:
        self._monotonic = surroundings.monotonic
        self._start = surroundings.time_ns() / 1e9 - surroundings.monotonic()

    def now(self) -> float:
        return self._start + self._monotonic()

    def steady(self) -> float:
        """Seconds from an arbitrary start, for intervals and deadlines."""
        return self._monotonic()


class Freshness:
    """Makes `Fresh` values; `in_order` guards drawing a nonce and writing what it signs."""

    __slots__ = ("_clock", "_surroundings", "in_order", "nonces")

    def __init__(self, clock: ClockSync, surroundings: Surroundings) -> None:
        self._clock = clock
        self._surroundings = surroundings
        self.nonces = Nonces(clock.time_ns)
        self.in_order = asyncio.Lock()

    def fresh(self, nonce: str | None, request_id: int = 0) -> Fresh:
        """The values of one request or frame. `nonce`: the unit of its nonce, None where it has none."""
        drawn = self.nonces.draw(nonce) if nonce is not None else 0
        return Fresh(self._clock.time_ns(), drawn, self._surroundings.uuid_hex(), request_id)
