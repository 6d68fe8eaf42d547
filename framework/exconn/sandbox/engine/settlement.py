"""Settlement: carries out what admission and requests decided, and says so event by event.

Rules:
- The only place that changes orders, books and balances together; each method leaves all three consistent.
- A fill takes base and quote from those who pay them and lowers both holds to what the rest of each order needs, so a
  better price frees its excess at once. Then each side's fee is judged, and only then it gets what the fill brings.
- Events come in causal order: the trade, the book, the maker's order, the taker's order, balances.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from .accounts import Accounts
from .admission import Admitted
from .amounts import ZERO, exact
from .book import LevelChange
from .events import (
    BalanceChanged,
    BookChanged,
    Cause,
    Change,
    OrderAccepted,
    OrderClosed,
    OrderRested,
    OrderUpdated,
    Trade,
)
from .fees import Charge, Deal, FeeSchedule, charge, hold_for, spend_for
from .journal import Journal
from .lifecycle import closed, ending, filled
from .matching import Decrement, End, Match, Plan, Step
from .order import Fill, Liquidity, Order, Side
from .reasons import Close
from .store import Store
from .venue import Listing, Venue

HOUSE = "house"


class Settlement:
    """Changes to orders, books and balances. `schedule_of` gives an account's fee schedule."""

    __slots__ = ("_accounts", "_journal", "_next_trade", "_schedule_of", "_store", "_venue")

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
        self._next_trade = first_trade

    @exact
    def accept(self, admitted: Admitted, now: int) -> Order:
        """Take an order in: hold its funds, match it, rest or close what is left. Returns it as it then stands."""
        taker = admitted.order
        self._store.add(taker)
        self._journal.emit(OrderAccepted(taker, now))
        self._accounts.hold(taker.account, taker.held_asset, taker.held)
        self.tell_balances(Cause.HOLD, now)
        plan = admitted.plan
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
        if rests:
            self._tell_level(order.symbol, self._venue[order.symbol].book.remove(order), now)
        ended = closed(order, reason, now)
        self._accounts.hold(order.account, order.held_asset, -order.held)
        self._store.update(ended)
        self._journal.emit(OrderClosed(ended, None, now))
        self.tell_balances(Cause.RELEASE, now)
        return ended

    @exact
    def shrink(self, order: Order, amount: Decimal, change: Change, now: int) -> Order:
        """Lower a resting order's size to `amount` (above what is filled); it keeps its place."""
        smaller = replace(order, amount=amount, updated=now)
        smaller = self._rehold(smaller, self._held_after(smaller))
        self._tell_level(order.symbol, self._venue[order.symbol].book.replace(smaller), now)
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
        self.close(step.maker, Close.SELF_TRADE, now, rests=True)
        return taker

    def _finish(self, taker: Order, plan: Plan, now: int) -> Order:
        """Rest or close the part that did not trade."""
        reason = ending(taker, plan)
        if reason is not None:
            return self.close(taker, reason, now)
        self._journal.emit(OrderRested(taker, now))
        self._tell_level(taker.symbol, self._venue[taker.symbol].book.add(taker), now)
        return taker

    def _trade(self, taker: Order, match: Match, finishes: bool, now: int) -> Order:
        listing = self._venue[taker.symbol]
        maker, amount = match.maker, match.amount
        price = maker.limit
        quote = price * amount
        buyer, seller = (taker, maker) if taker.side is Side.BUY else (maker, taker)
        self._accounts.credit(seller.account, listing.instrument.base, -amount)
        self._accounts.credit(buyer.account, listing.instrument.quote, -quote)
        maker = self._rehold(maker, self._held_after_fill(maker, price, amount))
        taker = self._rehold(taker, self._held_after_fill(taker, price, amount))
        trade = self._record(listing, taker, maker, amount, quote, now)
        maker = filled(maker, trade.maker, finishes=maker.remaining == amount)
        taker = filled(taker, trade.taker, finishes=finishes)
        self._journal.emit(trade)
        self._tell_level(maker.symbol, listing.book.replace(maker), now)
        self._tell_fill(maker, trade.maker)
        self._tell_fill(taker, trade.taker)
        self.tell_balances(Cause.TRADE, now)
        return taker

    def _record(self, listing: Listing, taker: Order, maker: Order, amount: Decimal, quote: Decimal, now: int) -> Trade:
        """Give both sides what the trade brings them, less its fees, and put it on the tape."""
        trade_id, number = self._next_trade, listing.tape.count + 1
        self._next_trade += 1

        def fill(order: Order, liquidity: Liquidity) -> Fill:
            fee = self._bring(order, Deal(listing.instrument, order.side, liquidity, amount, quote))
            who = (order.id, order.client_id, order.account, order.symbol, order.side, liquidity)
            return Fill(trade_id, number, *who, maker.limit, amount, quote, fee.amount, fee.asset, now)

        of_maker, of_taker = fill(maker, Liquidity.MAKER), fill(taker, Liquidity.TAKER)
        trade = Trade(trade_id, number, taker.symbol, maker.limit, amount, quote, taker.side, of_maker, of_taker, now)
        listing.tape.record(trade)
        return trade

    def _bring(self, order: Order, deal: Deal) -> Charge:
        """Judge the fee with the balances as they are, then credit what the deal brings, then take the fee."""
        account = self._accounts[order.account]
        fee = charge(
            self._schedule_of(account.name), deal, self._venue.price_of, lambda asset: account.balance(asset).available
        )
        self._accounts.credit(account.name, *deal.received)
        self._accounts.move(account.name, HOUSE, fee.asset, fee.amount)
        return fee

    def _held_after(self, order: Order, spent: Decimal = ZERO) -> Decimal:
        """What a limit order must hold for what is left of it, once `spent` of its hold is gone.

        A schedule made dearer since takes nothing more from an order that was accepted before.
        """
        quote = self._venue[order.symbol].instrument.quote
        needed = hold_for(self._schedule_of(order.account), order.side, order.limit, order.remaining, quote)
        return min(needed, order.held - spent)

    def _held_after_fill(self, order: Order, price: Decimal, amount: Decimal) -> Decimal:
        """What an order must hold after a fill; a market buy holds exactly what its other fills will spend."""
        if order.side is Side.SELL:
            return order.held - amount
        if order.price is not None:
            spent = price * amount
            return self._held_after(replace(order, filled=order.filled + amount), spent)
        quote = self._venue[order.symbol].instrument.quote
        return order.held - spend_for(self._schedule_of(order.account), order.side, price, amount, quote)

    def _rehold(self, order: Order, held: Decimal) -> Order:
        self._accounts.hold(order.account, order.held_asset, held - order.held)
        return replace(order, held=held)

    def _decrement_maker(self, step: Decrement, now: int) -> None:
        maker = step.maker
        if maker.remaining == step.amount:
            self.close(maker, Close.SELF_TRADE, now, rests=True)
        else:
            self.shrink(maker, maker.amount - step.amount, Change.SELF_TRADE, now)

    def _decrement_taker(self, taker: Order, step: Decrement, now: int) -> Order:
        if taker.quote_amount is not None:
            left = taker.quote_amount - step.amount * step.maker.limit
            taker = replace(taker, quote_amount=left, updated=now)
        else:
            taker = replace(taker, amount=taker.amount - step.amount, updated=now)
        if taker.price is not None:
            taker = self._rehold(taker, self._held_after(taker))
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
