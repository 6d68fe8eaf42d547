"""Settlement: carries out what admission and requests decided, and says so event by event.

Rules:
- The only place that changes orders, books and balances together; each method leaves all three consistent.
- A fill takes base and quote from those who pay them and lowers both holds to what the rest of each order needs, so a
  better price frees its excess at once. Then each side's fee is judged, and only then it gets what the fill brings.
- Events come in causal order: the trade, the book, the maker's order, the taker's order, balances.
"""

from collections import deque
from collections.abc import Callable
from decimal import Decimal

from msgspec.structs import replace

from .accounts import Accounts
from .admission import Admitted
from .amounts import ZERO, exact
from .clearing import Clearing
from .events import (
    Cause,
    OrderAccepted,
    OrderClosed,
    OrderRested,
)
from .fees import FeeSchedule
from .herald import Herald
from .holds import held_after, held_after_fill
from .journal import Journal
from .kinds import Change, Side, Stage
from .lifecycle import closed, decremented, ending, filled, prevention, sliced
from .matching import Decrement, End, Match, Plan, Prevent, Step
from .order import Order
from .reasons import LATE, Close, Rejected
from .store import Store
from .venue import Venue


class Settlement:
    """Changes to orders, books and balances. `schedule_of` gives an account's fee schedule; `herald` tells."""

    __slots__ = ("_accounts", "_clearing", "_schedule_of", "_store", "_venue", "herald")

    def __init__(
        self,
        accounts: Accounts,
        store: Store,
        venue: Venue,
        journal: Journal,
        schedule_of: Callable[[str], FeeSchedule],
        first_trade: int,
    ) -> None:
        self._accounts, self._store, self._venue = accounts, store, venue
        self.herald = Herald(accounts, journal)
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
        self.herald.tell(OrderAccepted(order, now))
        self._accounts.hold(order.account, order.held_asset, order.held)
        self.herald.balances(Cause.HOLD, now)
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
        self.herald.updated(order, now)
        if isinstance(outcome, Rejected):
            return self.close(order, LATE.get(outcome.reason, Close.FUNDS_EXHAUSTED), now)
        order = self._rehold(replace(outcome.order, held=order.held), outcome.order.held)
        self._store.update(order)
        self.herald.balances(Cause.HOLD, now)
        if order.stage is Stage.WORKING:
            return self._work(order, outcome.plan, now)
        if order.stage is Stage.UNTRIGGERED:
            listing.watch.add(order)
        return order

    @exact
    def readmit(self, before: Order, after: Order, outcome: Admitted, now: int) -> Order:
        """An amended order leaves its place, and comes to the book, or to those that wait, as if it were new."""
        if before.rests:
            self.herald.level(before.symbol, self._venue[before.symbol].book.remove(before), now)
        return self.rouse(after, outcome, now)

    @exact
    def amend(self, after: Order, now: int) -> Order:
        """An amended order stays where it is: it holds no more than before, and shows no more."""
        after = self._rehold(after, held_after(after, *self._terms(after)))
        if after.visible_amount is not None:
            after = replace(after, slice=min(after.slice, after.visible_amount))
        self._set_aside(after, now)
        self._store.update(after)
        self.herald.updated(after, now)
        self.herald.balances(Cause.RELEASE, now)
        return after

    def _work(self, taker: Order, plan: Plan, now: int) -> Order:
        """Match an order that holds its funds; rest or close what is left."""
        for index, step in enumerate(plan.steps, 1):
            taker = self._apply(taker, step, plan.end if index == len(plan.steps) else None, now)
        return self._finish(taker, plan, now) if taker.is_open else taker

    @exact
    def accept_closed(self, order: Order, reason: Close, now: int) -> Order:
        """Take an order in and close it at once, with nothing held and nothing done."""
        self._store.add(order)
        self.herald.tell(OrderAccepted(order, now))
        return self.close(order, reason, now)

    @exact
    def close(self, order: Order, reason: Close, now: int, *, rests: bool = False) -> Order:
        """End an open order: out of the book if it rests there, its hold released."""
        listing = self._venue[order.symbol]
        listing.watch.discard(order)
        if rests:
            self.herald.level(order.symbol, listing.book.remove(order), now)
        ended = closed(order, reason, now)
        self._accounts.hold(order.account, order.held_asset, -order.held)
        self._store.update(ended)
        self.herald.tell(OrderClosed(ended, None, now))
        self.herald.balances(Cause.RELEASE, now)
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
        self.herald.updated(smaller, now)
        self.herald.balances(Cause.RELEASE, now)
        return smaller

    def _apply(self, taker: Order, step: Step, end: End | None, now: int) -> Order:
        """Do one step; `end` is why the walk ends with it, None where it goes on."""
        if isinstance(step, Match):
            return self._trade(taker, step, end is End.DONE, now)
        taker = self._prevent(taker, step, now)
        return self._decrement(taker, step, end, now) if isinstance(step, Decrement) else taker

    def _latest(self, order: Order) -> Order:
        return self._store.get(order.account, order.id) or order

    def _finish(self, taker: Order, plan: Plan, now: int) -> Order:
        """Rest or close the part that did not trade."""
        reason = ending(taker, plan)
        if reason is not None:
            return self.close(taker, reason, now)
        taker = sliced(taker)
        self._store.update(taker)
        self.herald.tell(OrderRested(taker, now))
        self.herald.level(taker.symbol, self._venue[taker.symbol].book.add(taker), now)
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
        self.herald.tell(trade)
        self.herald.level(maker.symbol, listing.book.replace(maker), now)
        self._store.update(maker, trade.maker)
        self.herald.filled(maker, trade.maker)
        self._store.update(taker, trade.taker)
        self.herald.filled(taker, trade.taker)
        self.herald.balances(Cause.TRADE, now)
        self._refill(maker, now)
        return taker

    def _refill(self, order: Order, now: int) -> None:
        """Let an iceberg whose part is gone show the next one."""
        if order.is_open and not order.shown:
            order = replace(sliced(order), change=Change.REFILL, updated=now)
            self._store.update(order)
            self.herald.level(order.symbol, self._venue[order.symbol].book.refill(order), now)
            self.herald.updated(order, now)

    def _terms(self, order: Order) -> tuple[FeeSchedule, str]:
        return self._schedule_of(order.account), self._venue[order.symbol].instrument.quote

    def _set_aside(self, order: Order, now: int) -> None:
        """Put the next version of an open order where it is: in the book, or with those that wait."""
        listing = self._venue[order.symbol]
        if order.rests:
            self.herald.level(order.symbol, listing.book.replace(order), now)
        elif order.stage is Stage.UNTRIGGERED:
            listing.watch.add(order)

    def _rehold(self, order: Order, held: Decimal) -> Order:
        self._accounts.hold(order.account, order.held_asset, held - order.held)
        return replace(order, held=held)

    def _prevent(self, taker: Order, step: Prevent | Decrement, now: int) -> Order:
        """Keep two orders of an account from trading: the resting one loses what it does, the other one knows of it."""
        listing, maker = self._venue[taker.symbol], self._latest(step.maker)
        kept = prevention(listing.prevented, taker, maker, step, now)
        listing.prevented += 1
        if kept.maker_lost is not None:
            maker = replace(maker, preventions=(*maker.preventions, kept))
            if kept.maker_lost == maker.remaining:
                self.close(maker, Close.SELF_TRADE, now, rests=True)
            else:
                self._refill(self.shrink(maker, maker.amount - step.amount, Change.SELF_TRADE, now), now)
        return replace(taker, preventions=(*taker.preventions, kept))

    def _decrement(self, taker: Order, step: Decrement, end: End | None, now: int) -> Order:
        """Take off the incoming order what would have traded; one that ends by that is told once, when it closes."""
        taker = decremented(taker, step, now)
        if taker.price is not None:
            taker = self._rehold(taker, held_after(taker, *self._terms(taker)))
        elif taker.side is Side.SELL and not taker.by_quote:
            taker = self._rehold(taker, min(taker.held, taker.remaining))
        if end is not End.SELF:
            self._store.update(taker)
            self.herald.updated(taker, now)
            self.herald.balances(Cause.RELEASE, now)
        return taker
