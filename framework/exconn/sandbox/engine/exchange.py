"""The exchange: everything that a server asks of the engine.

Rules:
- Every call is one operation: it changes all or nothing, returns its events, and publishes them once it is done.
- `now` is nanoseconds, given by the caller; order and trade ids are counters. The same calls give the same events.
- A client's mistake is a `Rejected`; the caller's (an unknown account or instrument, a bad amount) is an exception.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from .accounts import Account, Accounts, Balance
from .amending import Amendment
from .amounts import exact, is_sane
from .book import BookSnapshot
from .clearing import HOUSE
from .events import Cause, Event, InstrumentChanged, Trade
from .fees import FeeSchedule
from .instrument import Instrument
from .journal import Journal, Listener
from .kinds import Side
from .ledger import ledger
from .list_trading import ListTrading
from .minute import Minute
from .order import Fill, NewOrder, Order
from .order_list import NewList, OrderList
from .outcomes import Amended, Cancelled, Edited, Placed, PlacedList, Reduced
from .policy import Policy
from .reasons import Close, Rejected
from .revising import Revising
from .store import Store
from .tape import Span, Ticker
from .trading import Trading
from .venue import Venue

FREE = FeeSchedule()
DEFAULT_POLICY = Policy()


class Exchange:
    """Accounts, instruments, orders and trades of one exchange. Fees are paid to the account `house`."""

    __slots__ = ("_accounts", "_fees", "_journal", "_list_trading", "_revising", "_store", "_trading", "_venue")

    def __init__(
        self,
        policy: Policy = DEFAULT_POLICY,
        fees: FeeSchedule = FREE,
        *,
        first_order_id: int = 1,
        first_trade_id: int = 1,
        first_sequence: int = 0,
    ) -> None:
        self._fees = fees
        self._accounts = Accounts()
        self._store = Store()
        self._venue = Venue(first_sequence, policy.trades_kept)
        self._journal = Journal(policy.events_kept)
        parts = self._accounts, self._store, self._venue, self._journal
        self._trading = Trading(policy, *parts, self.fee_schedule, first_order_id, first_trade_id)
        self._list_trading = ListTrading(self._trading)
        self._revising = Revising(self._trading)
        self.open_account(HOUSE, house=True, fees=FREE)

    def open_account(self, name: str, *, house: bool = False, fees: FeeSchedule | None = None) -> None:
        """Open an account. A `house` account keeps no history and tells no balances. ValueError: the name is taken."""
        self._accounts.open(Account(name, house, fees))
        self._store.open_account(name, house)

    def set_fees(self, schedule: FeeSchedule, account: str | None = None) -> None:
        """Set the schedule of one account, or of all that have none of their own, for trades from now on."""
        if account is None:
            self._fees = schedule
        else:
            self._accounts[account].fees = schedule

    def deposit(self, account: str, asset: str, amount: Decimal, now: int) -> tuple[Event, ...]:
        """Bring funds in. Raises ValueError unless the amount is a number above 0."""
        return self._fund(account, asset, amount, 1, Cause.DEPOSIT, now)

    def withdraw(self, account: str, asset: str, amount: Decimal, now: int) -> tuple[Event, ...]:
        """Take funds out. Raises ValueError unless the amount is above 0 and available."""
        available = self._accounts[account].balance(asset).available
        if is_sane(amount) and amount > available:
            raise ValueError(f"account {account}: withdrawing {amount} {asset}, but only {available} is available")
        return self._fund(account, asset, amount, -1, Cause.WITHDRAWAL, now)

    def list_instrument(self, instrument: Instrument, now: int) -> tuple[Event, ...]:
        """List an instrument, or replace its rules. Raises ValueError when the assets of a known symbol change."""
        self._venue.list(instrument)
        self._journal.emit(InstrumentChanged(instrument, True, now))
        self._trading.waiting.resume(instrument.symbol, now)
        return self._trading.commit(now)

    def delist(self, symbol: str, now: int) -> tuple[Event, ...]:
        """Close every order of an instrument and stop trading it; its tape and its book sequence stay."""
        listing = self._venue[symbol]
        self._trading.close_all_of(symbol, Close.DELISTED, now)
        listing.listed = False
        self._journal.emit(InstrumentChanged(listing.instrument, False, now))
        return self._journal.commit()

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> Callable[[], None]:
        """Call `listener` with each operation's events after it, those of some `kinds` or all; the result ends that."""
        return self._journal.subscribe(listener, *kinds)

    def together(self, work: Callable[[], None]) -> tuple[Event, ...]:
        """Call this exchange as often as `work` does, as one operation: all is heard of at its end. The events."""
        return self._journal.together(work)

    @property
    def due(self) -> int | None:
        """The next time (ns) at which something may happen of itself: call `pass_time` then. None: nothing will."""
        return self._trading.due

    def pass_time(self, now: int) -> None:
        """Start, and end, the orders whose time has come by `now`; every request does so first."""
        self._trading.pass_time(now)

    def preview(self, account: str, new: NewOrder, now: int) -> Order | Rejected:
        """The order as `place` would take it in now, under the id 0, or why it would not; nothing changes."""
        return self._trading.preview(account, new, now)

    def place(self, account: str, new: NewOrder, now: int) -> Placed | Rejected:
        """Place an order: it waits for what it names, or is matched at once, and what is left rests or closes."""
        return self._trading.place(account, new, now)

    def cancel(self, account: str, order_id: int, now: int, reason: Close = Close.REQUESTED) -> Cancelled | Rejected:
        """Cancel an open order. Rejected: UNKNOWN_ORDER, ORDER_CLOSED, or HALTED where a halt stops cancels too."""
        return self._trading.cancel(account, order_id, now, reason)

    def cancel_all(
        self, account: str, now: int, symbol: str | None = None, reason: Close = Close.REQUESTED
    ) -> tuple[Cancelled, ...]:
        """Cancel an account's open orders, oldest first, leaving those that `cancel` would not take."""
        return self._trading.cancel_all(account, now, symbol, reason)

    def reduce(
        self, account: str, order_id: int, amount: Decimal, now: int, client_id: str | None = None
    ) -> Reduced | Rejected:
        """Lower an open order's size to `amount` (the new whole size, more than is filled); it keeps its priority.

        `client_id` is the one by which it goes from then on.
        """
        return self._revising.reduce(account, order_id, amount, now, client_id)

    def amend(self, account: str, order_id: int, amendment: Amendment, now: int) -> Amended | Rejected:
        """Change an open order in place."""
        return self._revising.amend(account, order_id, amendment, now)

    def edit(
        self, account: str, order_id: int, amendment: Amendment, now: int, *, only_checked: bool = False
    ) -> Edited | Rejected:
        """Put another order in an open order's place: what is left of it, with the changes, or see whether it could."""
        return self._revising.edit(account, order_id, amendment, now, only_checked)

    def cancel_all_after(self, account: str, at: int | None, now: int) -> None:
        """Cancel all of an account's orders at `at` (ns), reason LAPSED; None: no more, nor at any time set before."""
        self._trading.cancel_all_after(account, at, now)

    def place_list(self, account: str, new: NewList, now: int) -> PlacedList | Rejected:
        """Place orders that depend on each other: all of them, or none."""
        return self._list_trading.place(account, new, now)

    def cancel_list(self, account: str, list_id: int, now: int) -> OrderList | Rejected:
        """Cancel all open orders of a list. Rejected: UNKNOWN_ORDER, ORDER_CLOSED, HALTED."""
        return self._list_trading.cancel(account, list_id, now)

    def lists(self, account: str) -> Sequence[OrderList]:
        """An account's order lists, oldest first."""
        return self._trading.lists.of(account)

    def order(self, account: str, order_id: int) -> Order | None:
        """An account's own order, or None."""
        return self._store.get(account, order_id)

    def order_by_client_id(self, account: str, client_id: str) -> Order | None:
        """The latest order that carried a client id, or None."""
        return self._store.by_client_id(account, client_id)

    def orders(self, account: str, symbol: str | None = None, *, open_only: bool = False) -> Sequence[Order]:
        """An account's orders, oldest first."""
        if open_only:
            return self._store.open_orders(account, symbol)
        return [order for order in self._store.all_orders(account) if symbol is None or order.symbol == symbol]

    def fills(self, account: str, symbol: str | None = None) -> Sequence[Fill]:
        """A client's fills, oldest first."""
        return [fill for fill in self._store.fills(account) if symbol is None or fill.symbol == symbol]

    def balances(self, account: str) -> dict[str, Balance]:
        """An account's balances by asset."""
        return dict(self._accounts[account].balances)

    def fee_schedule(self, account: str) -> FeeSchedule:
        """The schedule that an account pays by."""
        own = self._accounts[account].fees
        return self._fees if own is None else own

    def accounts(self, *, house: bool = False) -> tuple[str, ...]:
        """The names of the clients' accounts, or of the house's, in order of opening."""
        return tuple(account.name for account in self._accounts if account.house is house)

    def instruments(self) -> tuple[Instrument, ...]:
        """What is listed now, in order of listing."""
        return tuple(listing.instrument for listing in self._venue)

    def instrument(self, symbol: str) -> Instrument | None:
        """A listed instrument, or None."""
        listing = self._venue.find(symbol)
        return None if listing is None else listing.instrument

    def book(self, symbol: str, depth: int | None = None) -> BookSnapshot:
        """The book's best `depth` levels (all when None). Raises KeyError for a symbol that never was listed."""
        return self._venue[symbol].book.snapshot(depth)

    def best_price(self, symbol: str, side: Side) -> Decimal | None:
        """The best price of a side; None where it is empty. Raises KeyError as above."""
        level = self._venue[symbol].book.best(side)
        return None if level is None else level.price

    def resting(self, symbol: str, depth: int | None = None) -> tuple[list[Order], list[Order]]:
        """The orders of the book's best `depth` levels (all when None), bids and asks, by priority."""
        return self._venue[symbol].book.top_orders(depth)

    def last_price(self, symbol: str) -> Decimal | None:
        """The price of the last trade, or None."""
        return self._venue[symbol].tape.last

    def trades(self, symbol: str, limit: int | None = None) -> Sequence[Trade]:
        """The last `limit` trades (all that are kept when None or 0), oldest first."""
        return list(self._venue[symbol].tape.recent)[-(limit or 0) :]

    def ticker(self, symbol: str, now: int, span: Span | None = None) -> Ticker:
        """The last 24 hours of an instrument, or another window, and the top of its book."""
        listing = self._venue[symbol]
        return listing.tape.ticker(listing.book, now, span)

    def minutes(self, symbol: str, now: int) -> Iterator[Minute]:
        """The minutes of the last week in which an instrument traded, newest first; to be read at once."""
        return self._venue[symbol].tape.minutes(now)

    def log(self) -> Sequence[Event]:
        """The latest events, at most the policy's `events_kept`, oldest first."""
        return list(self._journal.log)

    def ledger(self) -> dict[str, Any]:
        """All accounts, orders, fills, balances and books as plain data: dicts, lists and strings."""
        return ledger(self._accounts, self._store, self._venue)

    def _fund(self, account: str, asset: str, amount: Decimal, sign: int, cause: Cause, now: int) -> tuple[Event, ...]:
        if not is_sane(amount) or amount <= 0:
            raise ValueError(f"account {account}: {cause} of {amount} {asset}; give a number above 0")
        exact(self._accounts.credit)(account, asset, amount * sign)
        self._trading.settlement.herald.balances(cause, now)
        return self._journal.commit()
