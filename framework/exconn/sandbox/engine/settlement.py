"""Settlement: carries out what admission and requests decided, and says so event by event.

Rules:
- The only place that changes orders, books and balances together; each method leaves all three consistent.
- A fill takes base and quote from those who pay them and lowers both holds to what the rest of each order needs, so a
  better price frees its excess at once. Then each side's fee is judged, and only then it gets what the fill brings.
- Events come in causal order: the trade, the book, the maker's order, the taker's order, balances.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from .accounts import Accounts
from .admission import Admitted
from .amounts import ZERO, exact
from .book import LevelChange
from .clearing import Clearing
from .events import (
    BalanceChanged,
    BookChanged,
    Cause,
    OrderAccepted,
    OrderClosed,
    OrderRested,
    OrderUpdated,
)
from .fees import FeeSchedule
from .holds import held_after, held_after_fill
from .journal import Journal
from .kinds import Change, Side, Stage
from .lifecycle import closed, ending, filled, sliced
from .matching import Decrement, End, Match, Plan, Step
from .order import Fill, Order
from .reasons import LATE, Close, Rejected
from .store import Store
from .venue import Venue


class Settlement:
    """Changes to orders, books and balances. `schedule_of` gives an account's fee schedule."""

    __slots__ = ("_accounts", "_clearing", "_journal", "_schedule_of", "_store", "_venue")

    def __init__(
        self,
        accounts: Accounts,
        store: Store,
        venue: Venue,
        journal: Journal,
        schedule_of: Callable[[str], FeeSchedule],
        first_trade: int,
    ) -> None:
        self._accounts, self._store, self._venue, self._journal = accounts, store, venue, journal
        self._schedule_of = schedule_of
        self._clearing = Clearing(accounts, venue, schedule_of, first_trade)

    @property
    def prices(self) -> deque[tuple[str, Decimal]]:
        """The trades (symbol, price) of which the triggers have not heard yet."""
        return self._clearing.prices

    @exact
    def accept(self, admitted: Admitted, now: int) -> Order:
        """Take an order in: hold its funds, match it, rest or close what is left. Returns it as it then stands."""
        order = admitted.order
        self._store.add(order)
        self._journal.emit(OrderAccepted(order, now))
        self._accounts.hold(order.account, order.held_asset, order.held)
        self.tell_balances(Cause.HOLD, now)
        if order.stage is Stage.WORKING:
            return self._work(order, admitted.plan, now)
        if order.stage is Stage.UNTRIGGERED:
            self._venue[order.symbol].watch.add(order)
        return order

    @exact
    def rouse(self, order: Order, outcome: Admitted | Rejected, now: int) -> Order:
        """An order that waited goes on to the stage that it has: it works, waits for its trigger, or is refused."""
        listing = self._venue[order.symbol]
        listing.watch.discard(order)
        self._store.update(order)
        self._journal.emit(OrderUpdated(order, order.change, None, now))
        if isinstance(outcome, Rejected):
            return self.close(order, LATE.get(outcome.reason, Close.FUNDS_EXHAUSTED), now)
        order = self._rehold(replace(outcome.order, held=order.held), outcome.order.held)
        self._store.update(order)
        self.tell_balances(Cause.HOLD, now)
        if order.stage is Stage.WORKING:
            return self._work(order, outcome.plan, now)
        listing.watch.add(order)
        return order

    def _work(self, taker: Order, plan: Plan, now: int) -> Order:
        """Match an order that holds its funds; rest or close what is left."""
        for index, step in enumerate(plan.steps, 1):
            finishes = index == len(plan.steps) and plan.end is End.DONE
            taker = self._apply(taker, step, finishes, now)
        return self._finish(taker, plan, now) if taker.is_open else taker

    @exact
    def accept_closed(self, order: Order, reason: Close, now: int) -> Order:
        """Take an order in and close it at once, with nothing held and nothing done."""
        self._store.add(order)
        self._journal.emit(OrderAccepted(order, now))
        return self.close(order, reason, now)

    @exact
    def close(self, order: Order, reason: Close, now: int, *, rests: bool = False) -> Order:
        """End an open order: out of the book if it rests there, its hold released."""
        listing = self._venue[order.symbol]
        listing.watch.discard(order)
        if rests:
            self._tell_level(order.symbol, listing.book.remove(order), now)
        ended = closed(order, reason, now)
        self._accounts.hold(order.account, order.held_asset, -order.held)
        self._store.update(ended)
        self._journal.emit(OrderClosed(ended, None, now))
        self.tell_balances(Cause.RELEASE, now)
        return ended

    @exact
    def shrink(self, order: Order, amount: Decimal, change: Change, now: int) -> Order:
        """Lower an open order's size to `amount` (above what is filled); it keeps its place."""
        smaller = replace(order, amount=amount, change=change, updated=now)
        if change is Change.SELF_TRADE:
            less = order.amount - amount
            smaller = replace(smaller, prevented=order.prevented + less, slice=max(order.slice - less, ZERO))
        smaller = self._rehold(smaller, held_after(smaller, *self._terms(smaller)))
        self._set_aside(smaller, now)
        self._store.update(smaller)
        self._journal.emit(OrderUpdated(smaller, change, None, now))
        self.tell_balances(Cause.RELEASE, now)
        return smaller

    def tell_balances(self, cause: Cause, now: int) -> None:
        """Report every client balance that changed since the last report."""
        for account, asset, balance in self._accounts.take_changes():
            self._journal.emit(BalanceChanged(account.name, asset, balance.total, balance.held, cause, now))

    def _apply(self, taker: Order, step: Step, finishes: bool, now: int) -> Order:
        if isinstance(step, Match):
            return self._trade(taker, step, finishes, now)
        if isinstance(step, Decrement):
            self._decrement_maker(step, now)
            return self._decrement_taker(taker, step, now)
        self.close(self._latest(step.maker), Close.SELF_TRADE, now, rests=True)
        return taker

    def _latest(self, order: Order) -> Order:
        return self._store.get(order.account, order.id) or order

    def _finish(self, taker: Order, plan: Plan, now: int) -> Order:
        """Rest or close the part that did not trade."""
        reason = ending(taker, plan)
        if reason is not None:
            return self.close(taker, reason, now)
        taker = sliced(taker)
        self._store.update(taker)
        self._journal.emit(OrderRested(taker, now))
        self._tell_level(taker.symbol, self._venue[taker.symbol].book.add(taker), now)
        return taker

    def _trade(self, taker: Order, match: Match, finishes: bool, now: int) -> Order:
        listing = self._venue[taker.symbol]
        maker, amount = self._latest(match.maker), match.amount
        price = maker.limit
        quote = price * amount
        buyer, seller = (taker, maker) if taker.side is Side.BUY else (maker, taker)
        self._accounts.credit(seller.account, listing.instrument.base, -amount)
        self._accounts.credit(buyer.account, listing.instrument.quote, -quote)
        maker = self._rehold(maker, held_after_fill(maker, *self._terms(maker), price, amount))
        taker = self._rehold(taker, held_after_fill(taker, *self._terms(taker), price, amount))
        trade = self._clearing.clear(listing, taker, maker, amount, now)
        maker = filled(maker, trade.maker, finishes=maker.remaining == amount)
        taker = filled(taker, trade.taker, finishes=finishes)
        self._journal.emit(trade)
        self._tell_level(maker.symbol, listing.book.replace(maker), now)
        self._tell_fill(maker, trade.maker)
        self._tell_fill(taker, trade.taker)
        self.tell_balances(Cause.TRADE, now)
        self._refill(maker, now)
        return taker

    def _refill(self, order: Order, now: int) -> None:
        """Let an iceberg whose part is gone show the next one."""
        if order.is_open and not order.shown:
            order = replace(sliced(order), change=Change.REFILL, updated=now)
            self._store.update(order)
            self._tell_level(order.symbol, self._venue[order.symbol].book.refill(order), now)
            self._journal.emit(OrderUpdated(order, Change.REFILL, None, now))

    def _terms(self, order: Order) -> tuple[FeeSchedule, str]:
        return self._schedule_of(order.account), self._venue[order.symbol].instrument.quote

    def _set_aside(self, order: Order, now: int) -> None:
        """Put the next version of an open order where it is: in the book, or with those that wait."""
        listing = self._venue[order.symbol]
        if order.rests:
            self._tell_level(order.symbol, listing.book.replace(order), now)
        elif order.stage is Stage.UNTRIGGERED:
            listing.watch.add(order)

    def _rehold(self, order: Order, held: Decimal) -> Order:
        self._accounts.hold(order.account, order.held_asset, held - order.held)
        return replace(order, held=held)

    def _decrement_maker(self, step: Decrement, now: int) -> None:
        maker = self._latest(step.maker)
        if maker.remaining == step.amount:
            self.close(maker, Close.SELF_TRADE, now, rests=True)
        else:
            self._refill(self.shrink(maker, maker.amount - step.amount, Change.SELF_TRADE, now), now)

    def _decrement_taker(self, taker: Order, step: Decrement, now: int) -> Order:
        if taker.quote_amount is not None:
            left = taker.quote_amount - step.amount * step.maker.limit
            taker = replace(taker, quote_amount=left, updated=now, change=Change.SELF_TRADE)
        else:
            taker = replace(
                taker,
                amount=taker.amount - step.amount,
                prevented=taker.prevented + step.amount,
                updated=now,
                change=Change.SELF_TRADE,
            )
        if taker.price is not None:
            taker = self._rehold(taker, held_after(taker, *self._terms(taker)))
        elif taker.side is Side.SELL and not taker.by_quote:
            taker = self._rehold(taker, min(taker.held, taker.remaining))
        self._store.update(taker)
        self._journal.emit(OrderUpdated(taker, Change.SELF_TRADE, None, now))
        self.tell_balances(Cause.RELEASE, now)
        return taker

    def _tell_fill(self, order: Order, fill: Fill) -> None:
        self._store.update(order, fill)
        if order.is_open:
            self._journal.emit(OrderUpdated(order, Change.FILL, fill, fill.time))
        else:
            self._journal.emit(OrderClosed(order, fill, fill.time))

    def _tell_level(self, symbol: str, level: LevelChange, now: int) -> None:
        self._journal.emit(BookChanged(symbol, level.sequence, level.side, level.price, level.size, now))
