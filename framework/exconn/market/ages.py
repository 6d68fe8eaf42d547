"""How old orders are, for requests that cost by that.

Rules: an order is never taken for older than it is, because a cancel that is counted for too little is refused: its age
begins with the answer to its placing, or, where no answer came, when its fence says that it was accepted if at all;
what is not known is no age, and costs the most. Times are seconds of the market's clock.
"""

from collections.abc import Container

from msgspec.structs import replace

from exconn.codec import Endpoint
from exconn.market.tracking import TrackedOrder

_NANOSECONDS = 1_000_000_000


def at_age(endpoint: Endpoint, age: float | None) -> Endpoint:
    """The endpoint, at what it costs for an order of so many seconds; None: of an age that nobody knows."""
    if age is None or not endpoint.costs_by_age:
        return endpoint
    costs = {pool: _cost(rows, age) for pool, rows in endpoint.costs_by_age.items()}
    return replace(endpoint, costs=tuple((pool, costs.get(pool, cost)) for pool, cost in endpoint.costs))


def _cost(rows: tuple[tuple[int, int], ...], age: float) -> int:
    held = [cost for start, cost in rows if start <= age]
    return held[-1] if held else max(cost for _, cost in rows)


class Ages:
    """When the answers to placings came."""

    def __init__(self) -> None:
        self._answered: dict[str, float] = {}

    def answered(self, client_id: str, now: float) -> None:
        self._answered[client_id] = now

    def of(self, order: TrackedOrder, now: float, now_ns: int) -> float | None:
        """Seconds, at least. `now_ns`: on the exchange's clock."""
        at = self._answered.get(order.client_id)
        if at is not None:
            return max(0.0, now - at)
        if order.fence_ns is None or order.fence_at is None:
            return None
        return max(0.0, min(now - order.fence_at, (now_ns - order.fence_ns) / _NANOSECONDS))

    def keep(self, known: Container[str]) -> None:
        """Forget all orders but these."""
        self._answered = {each: at for each, at in self._answered.items() if each in known}
