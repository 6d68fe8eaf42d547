"""What accounts do with orders: place, cancel and change them, and what time does to those that wait.

Rules:
- Every call is one operation: it changes all or nothing, and publishes its events once it is done.
- What was due before a call is done first, as an operation of its own.
- A client's mistake is a `Rejected`; an unknown account or instrument is the caller's, and an exception.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from .accounts import Accounts
from .admission import Admitted, admit, draft
from .amending import Amendment, amended, edited, keeps_priority, request_of, shape_error
from .events import CancelTimer
from .fees import FeeSchedule
from .instrument import Status
from .journal import Journal
from .kinds import Change
from .order import NewOrder, Order
from .outcomes import Amended, Cancelled, Edited, Placed, Reduced
from .policy import Policy
from .reasons import MAY_CLOSE, Close, Reject, Rejected
from .rules import AMENDING, Application, size_error, vet
from .settlement import Settlement
from .store import Store
from .venue import Venue
from .waiting import Waiting

UNPLACED = 0


class Trading:
    """The orders of one exchange, and the rules by which they come and go."""

    __slots__ = (
        "_accounts",
        "_journal",
        "_next_order",
        "_policy",
        "_schedule_of",
        "_settlement",
        "_store",
        "_timers",
        "_venue",
        "_waiting",
    )

    def __init__(
        self,
        policy: Policy,
        accounts: Accounts,
        store: Store,
        venue: Venue,
        journal: Journal,
        schedule_of: Callable[[str], FeeSchedule],
        first_order: int,
        first_trade: int,
    ) -> None:
        self._policy, self._accounts, self._store = policy, accounts, store
        self._venue, self._journal, self._schedule_of = venue, journal, schedule_of
        self._next_order = first_order
        self._timers: dict[str, int] = {}
        self._settlement = Settlement(accounts, store, venue, journal, schedule_of, first_trade)
        self._waiting = Waiting(self._settlement, store, venue, self._application)

    @property
    def settlement(self) -> Settlement:
        """What carries everything out."""
        return self._settlement

    @property
    def due(self) -> int | None:
        """The next time (ns) at which something may happen of itself."""
        return min((at for at in (self._waiting.due, *self._timers.values()) if at is not None), default=None)

    def pass_time(self, now: int) -> None:
        """Do what was due until `now`."""
        if self.due is None or self.due > now:
            return
        self._waiting.pass_time(now)
        self._journal.commit()
        for account in [account for account, at in self._timers.items() if at <= now]:
            del self._timers[account]
            self.cancel_all(account, now, None, Close.LAPSED)

    def cancel_all_after(self, account: str, at: int | None, now: int) -> None:
        self.pass_time(now)
        self._accounts[account]  # an unknown account is the caller's mistake
        self._timers.pop(account, None)
        if at is not None:
            self._timers[account] = at
        self._journal.emit(CancelTimer(account, at, now))
        self._journal.commit()

    def preview(self, account: str, new: NewOrder, now: int) -> Order | Rejected:
        """The order as `place` would begin with it, id 0, or why not; nothing changes."""
        outcome = self._consider(account, new, UNPLACED, now)
        if isinstance(outcome, Admitted):
            return outcome.order
        if outcome.reason in self._policy.closes:
            return draft(self._application(account, new, now), UNPLACED, now)
        return outcome

    def place(self, account: str, new: NewOrder, now: int) -> Placed | Rejected:
        self.pass_time(now)
        outcome = self._consider(account, new, self._next_order, now)
        if isinstance(outcome, Admitted):
            order = self._settlement.accept(outcome, now)
        elif outcome.reason in self._policy.closes:
            refused = draft(self._application(account, new, now), self._next_order, now)
            order = self._settlement.accept_closed(refused, MAY_CLOSE[outcome.reason], now)
        else:
            return outcome
        self._next_order += 1
        self._waiting.hear(now)
        return Placed(self._waiting.note(order, now), self._journal.commit())

    def cancel(self, account: str, order_id: int, now: int, reason: Close) -> Cancelled | Rejected:
        self.pass_time(now)
        order = self._changeable(account, order_id, while_halted=self._policy.cancels_while_halted)
        if isinstance(order, Rejected):
            return order
        closed = self._settlement.close(order, reason, now, rests=order.rests)
        return Cancelled(closed, self._journal.commit())

    def cancel_all(self, account: str, now: int, symbol: str | None, reason: Close) -> tuple[Cancelled, ...]:
        self.pass_time(now)
        outcomes = (self.cancel(account, order.id, now, reason) for order in self._store.open_orders(account, symbol))
        return tuple(outcome for outcome in outcomes if isinstance(outcome, Cancelled))

    def reduce(
        self, account: str, order_id: int, amount: Decimal, now: int, client_id: str | None
    ) -> Reduced | Rejected:
        self.pass_time(now)
        order = self._changeable(account, order_id)
        if isinstance(order, Rejected):
            return order
        broken = size_error(self._venue[order.symbol].instrument, amount)
        if broken is not None:
            return broken
        if not order.filled < amount < order.amount:
            return Rejected(Reject.NOT_A_REDUCTION, f"amount {amount} is not between {order.filled} and {order.amount}")
        named = order if client_id is None else replace(order, client_id=client_id)
        smaller = self._settlement.shrink(named, amount, Change.REDUCE, now)
        self._store.rename(smaller, order.client_id)
        return Reduced(smaller, self._journal.commit())

    def amend(self, account: str, order_id: int, amendment: Amendment, now: int) -> Amended | Rejected:
        self.pass_time(now)
        order = self._changeable(account, order_id)
        if isinstance(order, Rejected):
            return order
        broken = shape_error(order, amendment)
        if broken is not None:
            return Rejected(Reject.INVALID_ORDER, broken)
        if amendment.amount is not None and amendment.amount <= order.filled:
            ended = self._settlement.close(order, Close.AMENDED, now, rests=order.rests)
            return Amended(ended, self._journal.commit())
        outcome = self._readmit(order, amendment, now)
        if isinstance(outcome, Rejected):
            return outcome
        self._store.rename(outcome, order.client_id)
        self._waiting.hear(now)
        return Amended(self._waiting.look_again(outcome, now), self._journal.commit())

    def edit(self, account: str, order_id: int, amendment: Amendment, now: int) -> Edited | Rejected:
        self.pass_time(now)
        order = self._changeable(account, order_id)
        if isinstance(order, Rejected):
            return order
        broken = shape_error(order, amendment)
        if broken is not None:
            return Rejected(Reject.INVALID_ORDER, broken)
        new = edited(order, amendment, now)
        outcome = self._consider(account, new, self._next_order, now, order)
        if isinstance(outcome, Rejected):
            return outcome
        before = self._settlement.close(order, Close.REPLACED, now, rests=order.rests)
        self._next_order += 1
        placed = self._settlement.accept(outcome, now)
        self._waiting.hear(now)
        return Edited(self._waiting.note(placed, now), before, self._journal.commit())

    def _readmit(self, order: Order, amendment: Amendment, now: int) -> Order | Rejected:
        """Carry an amendment out, if nothing forbids it; whoever calls commits."""
        after = amended(order, amendment, now)
        application = replace(self._application(order.account, request_of(after), now), replaces=order)
        broken = vet(application, AMENDING)
        if broken is not None:
            return broken
        if order.rests and keeps_priority(order, after):
            return self._settlement.amend(after, now)
        asked = replace(after, post_only=after.post_only or amendment.post_only)
        outcome = admit(replace(application, replaces=None), asked)
        if isinstance(outcome, Rejected):
            return outcome
        outcome = replace(outcome, order=replace(outcome.order, post_only=order.post_only))
        return self._settlement.readmit(order, after, outcome, now)

    def close_all_of(self, symbol: str, reason: Close, now: int) -> None:
        """Close every order of an instrument, those that rest first; whoever calls commits."""
        listing = self._venue[symbol]
        for order in listing.book.all_orders():
            self._settlement.close(order, reason, now, rests=True)
        for account in self._accounts:
            for order in self._store.open_orders(account.name, symbol):
                self._settlement.close(order, reason, now)

    def _application(self, account: str, new: NewOrder, now: int) -> Application:
        listing, schedule = self._venue[new.symbol], self._schedule_of(account)
        return Application(new, self._accounts[account], schedule, listing, self._store, self._policy, now)

    def _consider(
        self, account: str, new: NewOrder, order_id: int, now: int, replaces: Order | None = None
    ) -> Admitted | Rejected:
        self._accounts[account]  # an unknown account is the caller's mistake, whatever the order says
        if self._venue.find(new.symbol) is None:
            return Rejected(Reject.UNKNOWN_SYMBOL, f"{new.symbol} is not listed")
        application = replace(self._application(account, new, now), replaces=replaces)
        return vet(application) or admit(application, draft(application, order_id, now))

    def _changeable(self, account: str, order_id: int, *, while_halted: bool = False) -> Order | Rejected:
        order = self._store.get(account, order_id)
        if order is None:
            return Rejected(Reject.UNKNOWN_ORDER, f"account {account} has no order {order_id}")
        if not order.is_open:
            return Rejected(Reject.ORDER_CLOSED, f"order {order_id} is {order.state}: {order.reason}")
        if not while_halted and self._venue[order.symbol].instrument.status is Status.HALTED:
            return Rejected(Reject.HALTED, f"{order.symbol} is halted; nothing is taken now")
        return order
