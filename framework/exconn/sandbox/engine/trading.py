"""What accounts do with orders: place, cancel and change them, and what time does to those that wait.

Rules:
- Every call is one operation: it changes all or nothing, and publishes its events once it is done.
- What was due before a call is done first, as an operation of its own.
- A client's mistake is a `Rejected`; an unknown account or instrument is the caller's, and an exception.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from .accounts import Accounts
from .admission import Admitted, admit, draft
from .amounts import ZERO, exact
from .events import CancelTimer, Event
from .fees import FeeSchedule
from .instrument import Status
from .journal import Journal
from .lists import Lists
from .order import NewOrder, Order
from .outcomes import Cancelled, Placed
from .policy import Policy
from .reasons import MAY_CLOSE, Close, Reject, Rejected
from .rules import Application, vet
from .settlement import Settlement
from .store import Store
from .venue import Venue
from .waiting import Waiting

UNPLACED = 0


class Trading:
    """The orders of one exchange, and the rules by which they come and go. `lists` are those that depend on others."""

    __slots__ = (
        "_accounts",
        "_journal",
        "_policy",
        "_schedule_of",
        "_settlement",
        "_timers",
        "_venue",
        "lists",
        "next_order",
        "store",
        "waiting",
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
        self._policy, self._accounts, self.store = policy, accounts, store
        self._venue, self._journal, self._schedule_of = venue, journal, schedule_of
        self.next_order = first_order
        self._timers: dict[str, int] = {}
        self._settlement = Settlement(accounts, store, venue, journal, schedule_of, first_trade)
        self.lists = Lists(self._settlement, store, journal)
        self.waiting = Waiting(self._settlement, store, venue, self.lists, self.application)

    @property
    def settlement(self) -> Settlement:
        """What carries everything out."""
        return self._settlement

    @property
    def due(self) -> int | None:
        """The next time (ns) at which something may happen of itself."""
        due = self.waiting.due
        if not self._timers:
            return due
        first = min(self._timers.values())
        return first if due is None else min(first, due)

    def pass_time(self, now: int) -> None:
        """Do what was due until `now`."""
        due = self.due
        if due is None or due > now:
            return
        self.waiting.pass_time(now)
        self.commit(now)
        for account in [account for account, at in self._timers.items() if at <= now]:
            if self._timers.pop(account, None) is not None:  # else done already, by the call for the one before it
                self.cancel_all(account, now, None, Close.LAPSED)

    def cancel_all_after(self, account: str, at: int | None, now: int) -> None:
        self.pass_time(now)
        self._accounts[account]  # an unknown account is the caller's mistake
        self._timers.pop(account, None)
        if at is not None:
            self._timers[account] = at
        self._journal.emit(CancelTimer(account, at, now))
        self._journal.commit()

    def commit(self, now: int) -> tuple[Event, ...]:
        """End the operation: what follows from it is done first."""
        self.waiting.hear(now)
        return self._journal.commit()

    def last_price(self, symbol: str) -> Decimal | None:
        """The last price of a symbol; None too where there is no such symbol."""
        listing = self._venue.find(symbol)
        return None if listing is None else listing.tape.last

    def accept_all(self, admitted: Sequence[Admitted], now: int) -> tuple[Order, ...]:
        """Accept orders that were considered together, in this order; whoever calls commits."""
        self.next_order += len(admitted)
        orders = [self._settlement.accept(each, now) for each in admitted]
        self.waiting.hear(now)
        for order in orders:
            self.waiting.note(self.latest(order), now)
        self.waiting.hear(now)
        return tuple(self.latest(order) for order in orders)

    def latest(self, order: Order) -> Order:
        """An order as it stands now."""
        return self.store.get(order.account, order.id) or order

    def preview(self, account: str, new: NewOrder, now: int) -> Order | Rejected:
        """The order as `place` would begin with it, id 0, or why not; nothing changes."""
        outcome = self.consider(account, new, UNPLACED, now)
        if isinstance(outcome, Admitted):
            return outcome.order
        if outcome.reason in self._policy.closes:
            return draft(self.application(account, new, now), UNPLACED, now)
        return outcome

    def place(self, account: str, new: NewOrder, now: int) -> Placed | Rejected:
        self.pass_time(now)
        order = self._take_in(account, new, now)
        if isinstance(order, Rejected):
            return order
        events = self.commit(now)
        return Placed(self.latest(order), events)

    @exact
    def _take_in(self, account: str, new: NewOrder, now: int) -> Order | Rejected:
        outcome = self.consider(account, new, self.next_order, now)
        if isinstance(outcome, Admitted):
            order = self._settlement.accept(outcome, now)
        elif outcome.reason in self._policy.closes:
            refused = draft(self.application(account, new, now), self.next_order, now)
            order = self._settlement.accept_closed(refused, MAY_CLOSE[outcome.reason], now)
        else:
            return outcome
        self.next_order += 1
        self.waiting.hear(now)
        return self.waiting.note(order, now)

    def cancel(self, account: str, order_id: int, now: int, reason: Close) -> Cancelled | Rejected:
        self.pass_time(now)
        order = self.changeable(account, order_id, while_halted=self._policy.cancels_while_halted)
        if isinstance(order, Rejected):
            return order
        closed = self._settlement.close(order, reason, now, rests=order.rests)
        return Cancelled(closed, self.commit(now))

    def cancel_all(self, account: str, now: int, symbol: str | None, reason: Close) -> tuple[Cancelled, ...]:
        self.pass_time(now)
        return tuple(self._cancel_each(self.store.open_orders(account, symbol), now, reason))

    def _cancel_each(self, orders: Iterable[Order], now: int, reason: Close) -> Iterator[Cancelled]:
        """Cancel what can be; an order that went with another of its list is cancelled too."""
        for order in orders:
            outcome = self.cancel(order.account, order.id, now, reason)
            if isinstance(outcome, Cancelled):
                yield outcome
            elif not self.latest(order).is_open:
                yield Cancelled(self.latest(order), ())

    def close_all_of(self, symbol: str, reason: Close, now: int) -> None:
        """Close every order of an instrument, those that rest first; whoever calls commits."""
        listing = self._venue[symbol]
        for order in listing.book.all_orders():
            self._settlement.close(order, reason, now, rests=True)
        for account in self._accounts:
            for order in self.store.open_orders(account.name, symbol):
                self._settlement.close(order, reason, now)
        self.waiting.hear(now)

    def application(self, account: str, new: NewOrder, now: int) -> Application:
        """A new order with all that the rules look at."""
        listing, schedule = self._venue[new.symbol], self._schedule_of(account)
        return Application(new, self._accounts[account], schedule, listing, self.store, self._policy, now)

    def consider(
        self,
        account: str,
        new: NewOrder,
        order_id: int,
        now: int,
        replaces: Order | None = None,
        shares: Decimal = ZERO,
        beside: tuple[Order, ...] = (),
    ) -> Admitted | Rejected:
        """What would come of an order; nothing changes. `replaces` would go first, those `beside` it be accepted;
        `shares` is what one of them holds for it, too."""
        self._accounts[account]  # an unknown account is the caller's mistake, whatever the order says
        unlisted = self.unlisted(new.symbol)
        if unlisted is not None:
            return unlisted
        application = self.application(account, new, now)
        if replaces is not None or shares or beside:
            application = replace(application, replaces=replaces, shares=shares, beside=beside)
        return vet(application) or admit(application, draft(application, order_id, now))

    def unlisted(self, symbol: str) -> Rejected | None:
        """Why no order of a symbol can be taken at all; None where it is listed."""
        if self._venue.find(symbol) is not None:
            return None
        return Rejected(Reject.UNKNOWN_SYMBOL, f"{symbol} is not listed")

    def changeable(self, account: str, order_id: int, *, while_halted: bool = False) -> Order | Rejected:
        """An order that is open, of an instrument that takes requests now."""
        order = self.store.get(account, order_id)
        if order is None:
            return Rejected(Reject.UNKNOWN_ORDER, f"account {account} has no order {order_id}")
        if not order.is_open:
            return Rejected(Reject.ORDER_CLOSED, f"order {order_id} is {order.state}: {order.reason}")
        if not while_halted and self._venue[order.symbol].instrument.status is Status.HALTED:
            return Rejected(Reject.HALTED, f"{order.symbol} is halted; nothing is taken now")
        return order
