"""Changing open orders: made smaller, amended in place, or edited into others.

Rules:
- Every call is one operation, as in `trading`; what is refused leaves everything as it was.
- An order that is only made smaller keeps its place; amendments follow `amending`.
- An edit that is only checked changes nothing: its order has the id 0.
"""

from decimal import Decimal

from msgspec.structs import replace

from .admission import admit
from .amending import Amendment, amended, edited, keeps_priority, request_of, shape_error
from .kinds import Change
from .order import Order
from .outcomes import Amended, Edited, Reduced
from .reasons import Close, Reject, Rejected
from .rules import AMENDING, NAMING, RETURNING, size_error, vet
from .trading import UNPLACED, Trading


class Revising:
    """The changes of one exchange's open orders."""

    __slots__ = ("_trading",)

    def __init__(self, trading: Trading) -> None:
        self._trading = trading

    def reduce(
        self, account: str, order_id: int, amount: Decimal, now: int, client_id: str | None
    ) -> Reduced | Rejected:
        self._trading.pass_time(now)
        order = self._trading.changeable(account, order_id)
        if isinstance(order, Rejected):
            return order
        broken = size_error(self._trading.application(account, request_of(order), now).instrument, amount)
        if broken is not None:
            return broken
        if not order.filled < amount < order.amount:
            return Rejected(Reject.NOT_A_REDUCTION, f"amount {amount} is not between {order.filled} and {order.amount}")
        named = order if client_id is None else replace(order, client_id=client_id)
        asked = self._trading.application(account, request_of(named), now)
        broken = vet(replace(asked, replaces=order), NAMING)
        if broken is not None:
            return broken
        smaller = self._trading.settlement.shrink(named, amount, Change.REDUCE, now)
        self._trading.store.rename(smaller, order.client_id)
        return Reduced(smaller, self._trading.commit(now))

    def amend(self, account: str, order_id: int, amendment: Amendment, now: int) -> Amended | Rejected:
        order = self._amendable(account, order_id, amendment, now)
        if isinstance(order, Rejected):
            return order
        if amendment.amount is not None and amendment.amount <= order.filled:
            ended = self._trading.settlement.close(order, Close.AMENDED, now, rests=order.rests)
            return Amended(ended, self._trading.commit(now))
        outcome = self._readmit(order, amendment, now)
        if isinstance(outcome, Rejected):
            return outcome
        self._trading.store.rename(outcome, order.client_id)
        self._trading.waiting.hear(now)
        self._trading.waiting.look_again(outcome, now)
        events = self._trading.commit(now)
        return Amended(self._trading.latest(outcome), events)

    def edit(
        self, account: str, order_id: int, amendment: Amendment, now: int, only_checked: bool
    ) -> Edited | Rejected:
        order = self._amendable(account, order_id, amendment, now)
        if isinstance(order, Rejected):
            return order
        new = edited(order, amendment, now)
        number = UNPLACED if only_checked else self._trading.next_order
        outcome = self._trading.consider(account, new, number, now, order)
        if isinstance(outcome, Rejected):
            return outcome
        if only_checked:
            return Edited(outcome.order, order, ())
        before = self._trading.settlement.close(order, Close.REPLACED, now, rests=order.rests)
        self._trading.next_order += 1
        placed = self._trading.settlement.accept(outcome, now)
        self._trading.waiting.hear(now)
        self._trading.waiting.note(placed, now)
        events = self._trading.commit(now)
        return Edited(self._trading.latest(placed), before, events)

    def _amendable(self, account: str, order_id: int, amendment: Amendment, now: int) -> Order | Rejected:
        """The order, if it stands open and has what the amendment changes."""
        self._trading.pass_time(now)
        order = self._trading.changeable(account, order_id)
        if isinstance(order, Rejected):
            return order
        broken = shape_error(order, amendment)
        return order if broken is None else Rejected(Reject.INVALID_ORDER, broken)

    def _readmit(self, order: Order, amendment: Amendment, now: int) -> Order | Rejected:
        """Carry an amendment out, if nothing forbids it; whoever calls commits."""
        after = amended(order, amendment, now)
        application = replace(self._trading.application(order.account, request_of(after), now), replaces=order)
        broken = vet(application, AMENDING)
        if broken is not None:
            return broken
        if order.rests and keeps_priority(order, after):
            return self._trading.settlement.amend(after, now)
        asked = replace(after, post_only=after.post_only or amendment.post_only)
        if order.rests and (broken := vet(replace(application, new=request_of(asked)), RETURNING)) is not None:
            return broken
        shares = self._trading.lists.shared(asked)
        outcome = admit(replace(application, replaces=None, shares=shares), asked)
        if isinstance(outcome, Rejected):
            return outcome
        outcome = replace(outcome, order=replace(outcome.order, post_only=order.post_only))
        return self._trading.settlement.readmit(order, after, outcome, now)
