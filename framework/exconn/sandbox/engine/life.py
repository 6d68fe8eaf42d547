"""The living market: seeded makers and takers around moving prices, so that a lone client finds a market.

Rules:
- Deterministic: all chance comes from the `random.Random` given, all time from `now`.
- Each instrument gets a random source of its own, so that one more instrument does not change the others.
- Reference prices are mean-reverting random walks on the tick grid, one move a step; how often to step is the
  caller's choice. House orders leave no history, so a market may live for ever.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from random import Random

from .crowd import Crowd, Temper
from .events import Event
from .exchange import Exchange


class Life:
    """The makers and takers of one exchange."""

    __slots__ = ("_crowds",)

    def __init__(self, exchange: Exchange, random: Random, tempers: Sequence[Temper]) -> None:
        """Opens the house accounts. Raises KeyError for a symbol that is not listed."""
        seed = random.getrandbits(64)
        self._crowds = {temper.symbol: Crowd(exchange, Random(f"{seed}:{temper.symbol}"), temper) for temper in tempers}

    def open(self, now: int) -> tuple[Event, ...]:
        """Lay every ladder in full, before the first client comes."""
        return tuple(chain.from_iterable(crowd.open(now) for crowd in self._crowds.values()))

    def step(self, now: int) -> tuple[Event, ...]:
        """One beat of every instrument that trades: the price moves, makers requote, takers take."""
        return tuple(chain.from_iterable(crowd.step(now) for crowd in self._crowds.values()))

    def reference(self, symbol: str) -> Decimal:
        """The price that an instrument's makers quote around now."""
        return self._crowds[symbol].reference
