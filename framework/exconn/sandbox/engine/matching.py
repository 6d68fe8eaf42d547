"""Matching as a plan: what an incoming order would do to the book, worked out before anything changes.

Rules:
- Pure: an order and the resting orders by priority in, steps out. Whoever applies a plan applies it at once.
- Price-time priority; a trade is at the maker's price. An iceberg is met once for each part that it shows.
- An order by quote fills whole lots while what is left pays for one at the price it meets; the change is not spent.
- A meeting with the account's own order follows the incoming order's self-trade mode and never trades (unless NONE).
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from .amounts import ZERO, whole
from .fees import FeeSchedule, affordable, spend_for
from .kinds import SelfTrade
from .order import Order


class Match(Struct, frozen=True):
    """Trade `amount` base with a resting order."""

    maker: Order
    amount: Decimal


class Prevent(Struct, frozen=True):
    """Let `amount` base not trade with the account's own resting order: the mode says which of the two ends."""

    maker: Order
    amount: Decimal


class Decrement(Struct, frozen=True):
    """Take `amount` base off both the incoming and the account's own resting order."""

    maker: Order
    amount: Decimal


Step = Match | Prevent | Decrement


class End(StrEnum):
    """Why the walk ended: nothing left to fill, no more reachable orders, an own order, or no more funds."""

    DONE = "done"
    DRY = "dry"
    SELF = "self"
    FUNDS = "funds"


class Budget(Struct, frozen=True):
    """What a market order may spend: quote to buy, with the fee where the schedule adds it; base to sell."""

    funds: Decimal
    schedule: FeeSchedule
    quote: str


class Plan(Struct, frozen=True):
    """The steps in order, and why they end."""

    steps: tuple[Step, ...]
    end: End

    @property
    def matches(self) -> tuple[Match, ...]:
        return tuple(step for step in self.steps if isinstance(step, Match))

    @property
    def fills_whole(self) -> bool:
        """True when trades alone fill the order to its full size."""
        return self.end is End.DONE and not any(isinstance(step, Decrement) for step in self.steps)


def plan(taker: Order, makers: Iterable[Order], lot: Decimal, budget: Budget | None = None) -> Plan:
    """Walk `makers` (the opposite side by priority) with `taker`. `budget` None means that funds do not matter."""
    walk = _Walk(taker, lot, budget)
    for maker in makers:
        if not taker.reaches(maker.limit):
            break
        end = walk.meet(maker)
        if end is not None:
            return Plan(tuple(walk.steps), end)
    return Plan(tuple(walk.steps), End.DRY)


class _Walk:
    """How much the taker still wants and may spend, and the steps so far."""

    __slots__ = (
        "_account",
        "_base_left",
        "_budget",
        "_funds_left",
        "_lot",
        "_mode",
        "_prevented",
        "_quote_left",
        "_side",
        "steps",
    )

    def __init__(self, taker: Order, lot: Decimal, budget: Budget | None) -> None:
        self._account, self._mode = taker.account, taker.self_trade
        self._side = taker.side
        self._base_left = taker.remaining
        self._quote_left = taker.quote_amount
        self._budget = budget
        self._funds_left = ZERO if budget is None else budget.funds
        self._lot = lot
        self._prevented: set[int] = set()
        self.steps: list[Step] = []

    def meet(self, maker: Order) -> End | None:
        """Take the next resting order; None goes on to the one after it."""
        if maker.account == self._account and self._mode is not SelfTrade.NONE:
            return self._meet_own(maker)
        wanted = min(maker.shown, self._wanted(maker.limit))
        if not wanted:
            return End.DONE
        amount = min(wanted, self._affordable(maker.limit, wanted))
        if amount:
            self.steps.append(Match(maker, amount))
            self._spend(maker.limit, amount)
        if amount < wanted:
            return End.FUNDS
        return End.DONE if self._is_done(maker.limit) else None

    def _meet_own(self, maker: Order) -> End | None:
        amount = min(maker.shown, self._wanted(maker.limit))
        if not amount:
            return End.DONE
        if self._mode is not SelfTrade.DECREMENT:
            if maker.id not in self._prevented:
                self.steps.append(Prevent(maker, amount))
                self._prevented.add(maker.id)
            return None if self._mode is SelfTrade.CANCEL_OLDEST else End.SELF
        self.steps.append(Decrement(maker, amount))
        self._want_less(maker.limit, amount)
        return End.SELF if self._is_done(maker.limit) else None

    def _wanted(self, price: Decimal) -> Decimal:
        if self._quote_left is None:
            return self._base_left
        return whole(self._quote_left, price * self._lot) * self._lot

    def _is_done(self, price: Decimal) -> bool:
        return not self._wanted(price)

    def _affordable(self, price: Decimal, wanted: Decimal) -> Decimal:
        """`wanted` when the funds pay for it, else the whole lots that they do pay for."""
        budget = self._budget
        if budget is None or self._cost(budget, price, wanted) <= self._funds_left:
            return wanted
        return affordable(budget.schedule, self._side, price, self._funds_left, self._lot, budget.quote)

    def _spend(self, price: Decimal, amount: Decimal) -> None:
        self._want_less(price, amount)
        if self._budget is not None:
            self._funds_left -= self._cost(self._budget, price, amount)

    def _cost(self, budget: Budget, price: Decimal, amount: Decimal) -> Decimal:
        return spend_for(budget.schedule, self._side, price, amount, budget.quote)

    def _want_less(self, price: Decimal, amount: Decimal) -> None:
        if self._quote_left is None:
            self._base_left -= amount
        else:
            self._quote_left -= price * amount
