"""The engine's own counter of an account's orders in one pair: it rises with every order, and more by early changes.

Rules:
- One counter an account and pair; it falls by `decay` a second, to 0. Placing, amending and editing are refused when it
  would rise above `allow`; a cancel is never refused, and raises it all the same.
- What an action costs: its fixed `count`, and by the age of the order that it changes the first of `early` whose
  seconds are not over.
- What is asked of an order that is closed already is no action.
- No clock: time is an argument, in ns. A clock that is set back makes no counter rise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from .limits import SECOND

ACTIONS = ("place", "amend", "edit", "cancel")
BATCH = "batch"
"""Placing one of several orders at once, which counts as placing one where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one action costs: `count` always, and (seconds, cost) in rising order for orders that are younger."""

    count: int | Fraction = 0
    early: tuple[tuple[int, int], ...] = ()

    def of(self, age: int) -> int | Fraction:
        """The cost for an order that is so old, in ns."""
        return self.count + next((cost for seconds, cost in self.early if age < seconds * SECOND), 0)


@dataclass(frozen=True, slots=True)
class CounterRules:
    """The counter of a dialect."""

    allow: int
    decay: Fraction
    costs: Mapping[str, Cost]


class OrderCounter:
    """The counters of all accounts and pairs; without rules nothing counts."""

    __slots__ = ("_counters", "_rules")

    def __init__(self, rules: CounterRules | None) -> None:
        self._rules = rules
        self._counters: dict[tuple[str, str], tuple[Fraction, int]] = {}

    def take(self, action: str, account: str, symbol: str, now: int, age: int = 0) -> bool:
        """Count an action on an order that is so old (ns); False when it is refused, and not counted."""
        if self._rules is None:
            return True
        costs = self._rules.costs
        cost = costs.get(action) or costs.get("place" if action == BATCH else action, Cost())
        counter = self._at(self._rules, account, symbol, now) + cost.of(age)
        if action != "cancel" and counter > self._rules.allow:
            return False
        self._counters[account, symbol] = counter, now
        return True

    def value(self, account: str, symbol: str, now: int) -> int:
        """What a counter stands at, rounded up; 0 without rules."""
        return 0 if self._rules is None else ceil(self._at(self._rules, account, symbol, now))

    def _at(self, rules: CounterRules, account: str, symbol: str, now: int) -> Fraction:
        before, at = self._counters.get((account, symbol), (Fraction(0), now))
        return max(before - rules.decay * max(now - at, 0) / SECOND, Fraction(0))
