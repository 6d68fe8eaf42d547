"""How often an account can be read again and again under its exchange's limits.

Rules: a round is a reading of open orders, fills and balances, pair by pair where the exchange takes them no other way;
it takes as long as the slowest pool needs to give back what it costs. Readings that nothing calls for leave as much
time again, so that orders, cancels and lookups find room; generous limits change nothing.
"""

from collections.abc import Sequence
from functools import cached_property

from exconn.codec.facts import Pool
from exconn.market.probing import Needs
from exconn.market.rest import Rest

_ROUND = ("open_orders", "fills_since", "balances")
_SHARE = 0.5


class Pace:
    """Seconds, known from the first question on. `pairs`: those that are traded."""

    def __init__(self, rest: Rest, needs: Needs, pairs: Sequence[str]) -> None:
        self._rest = rest
        self._needs = needs
        self._pairs = pairs

    @cached_property
    def urgent(self) -> float:
        """How far apart rounds must be, so that they alone do not use up what the limits give."""
        costs: dict[str, int] = {}
        for operation in filter(self._rest.offers, _ROUND):
            times = max(1, len(self._pairs)) if self._needs.pair(operation) else 1
            for pool, cost in self._rest.endpoint(operation).costs:
                costs[pool] = costs.get(pool, 0) + cost * times
        pools = [pool for pool in self._rest.codec.facts.pools if pool.name in costs]
        return max((costs[pool.name] / _given(pool) for pool in pools), default=0.0)

    @property
    def routine(self) -> float:
        """How far apart rounds must be that nothing calls for."""
        return self.urgent / _SHARE


def _given(pool: Pool) -> float:
    """What a pool gives a second in the long run."""
    return (pool.allow or pool.refill or pool.burst or 1) / pool.per
