"""Admission: which orders are accepted, and by which rule the others are refused.

Rules are checked in this order, and the first broken one answers:
symbol; status; shape; price (range, tick); size (bounds, lot); notional; client id; open orders; then what depends on
funds and the book: balance, crossing of a post-only order, self trade, liquidity, fill-or-kill.
Nothing changes here. A size given in quote is checked by its value; a market order's value is taken at the best price.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from .accounts import Account
from .amounts import ZERO, exact, is_multiple, is_sane, plain
from .book import Book
from .fees import FeeSchedule, hold_for, spend_for
from .instrument import Instrument, Status
from .matching import Budget, End, Plan, plan
from .order import Kind, NewOrder, Order, SelfTrade, Side, TimeInForce
from .policy import ClientIds, MarketFunds, MarketSell, Policy
from .reasons import Reject, Rejected
from .store import Store


@dataclass(frozen=True, slots=True)
class Application:
    """An order that asks to be accepted, and all that the rules look at."""

    new: NewOrder
    account: Account
    schedule: FeeSchedule
    instrument: Instrument
    book: Book
    store: Store
    policy: Policy

    @property
    def best_price(self) -> Decimal | None:
        """The best price on the other side."""
        level = self.book.best(self.new.side.opposite)
        return None if level is None else level.price


@dataclass(frozen=True, slots=True)
class Admitted:
    """An accepted order as it will start, with its hold, and what it will do to the book."""

    order: Order
    plan: Plan


Rule = Callable[[Application], Rejected | None]


def _status(a: Application) -> Rejected | None:
    status = a.instrument.status
    allowed = {
        Status.TRADING: True,
        Status.POST_ONLY: a.new.post_only,
        Status.LIMIT_ONLY: a.new.kind is Kind.LIMIT,
    }.get(status, False)
    return (
        None if allowed else Rejected(Reject.HALTED, f"{a.instrument.symbol} is {status}; this order is not taken now")
    )


def _shape(a: Application) -> Rejected | None:
    new = a.new
    broken = {
        "a limit order needs a price": new.kind is Kind.LIMIT and new.price is None,
        "a market order has no price": new.kind is Kind.MARKET and new.price is not None,
        "give either amount or quote_amount": (new.amount is None) == (new.quote_amount is None),
        "only a market order may be sized in quote": new.kind is Kind.LIMIT and new.quote_amount is not None,
        "only a limit order can be post-only": new.post_only and new.kind is Kind.MARKET,
        "a post-only order must be GTC": new.post_only and new.time_in_force is not TimeInForce.GTC,
    }
    for detail, is_broken in broken.items():
        if is_broken:
            return Rejected(Reject.INVALID_ORDER, detail)
    return None


def _price(a: Application) -> Rejected | None:
    price, rules = a.new.price, a.instrument
    if price is None:
        return None
    low, high = rules.min_price or ZERO, rules.max_price
    if not is_sane(price) or price <= 0 or price < low or (high is not None and price > high):
        return Rejected(Reject.PRICE_OUT_OF_RANGE, f"price {price} is not between {low} and {high or 'any'}")
    if not is_multiple(price, rules.tick):
        return Rejected(Reject.PRICE_OFF_TICK, f"price {price} is not a multiple of {rules.tick}")
    return None


def _size(a: Application) -> Rejected | None:
    rules = a.instrument
    if a.new.amount is None:
        return _quote_size(a)
    return size_error(rules, a.new.amount)


def size_error(rules: Instrument, amount: Decimal) -> Rejected | None:
    """The rule that a size in base breaks, or None."""
    if not is_sane(amount) or amount <= 0 or amount < rules.min_size:
        return Rejected(Reject.SIZE_TOO_SMALL, f"amount {amount} is below {rules.min_size} or not a number above 0")
    if rules.max_size is not None and amount > rules.max_size:
        return Rejected(Reject.SIZE_TOO_LARGE, f"amount {amount} is above {rules.max_size}")
    if not is_multiple(amount, rules.lot):
        return Rejected(Reject.SIZE_OFF_LOT, f"amount {amount} is not a multiple of {rules.lot}")
    return None


def _quote_size(a: Application) -> Rejected | None:
    amount, step = a.new.quote_amount or ZERO, a.instrument.quote_step
    if not is_sane(amount) or amount <= 0:
        return Rejected(Reject.SIZE_TOO_SMALL, f"quote_amount {amount} is not a number above 0")
    if step is not None and not is_multiple(amount, step):
        return Rejected(Reject.SIZE_OFF_LOT, f"quote_amount {amount} is not a multiple of {step}")
    return None


def _notional(a: Application) -> Rejected | None:
    new, rules = a.new, a.instrument
    price = new.price or a.best_price
    if new.quote_amount is not None:
        value = new.quote_amount
    elif price is not None:
        value = price * (new.amount or ZERO)
    else:
        return None
    if value < rules.min_notional:
        return Rejected(Reject.NOTIONAL_TOO_SMALL, f"value {plain(value)} is below {rules.min_notional} {rules.quote}")
    if rules.max_notional is not None and value > rules.max_notional:
        return Rejected(Reject.NOTIONAL_TOO_LARGE, f"value {plain(value)} is above {rules.max_notional} {rules.quote}")
    return None


def _client_id(a: Application) -> Rejected | None:
    client_id, scope = a.new.client_id, a.policy.client_ids
    if client_id is None or scope is ClientIds.REUSABLE:
        return None
    holder = a.store.by_client_id(a.account.name, client_id)
    if holder is None or (scope is ClientIds.WHILE_OPEN and not holder.is_open):
        return None
    return Rejected(Reject.DUPLICATE_CLIENT_ID, f"client id {client_id} belongs to order {holder.id}")


def _open_orders(a: Application) -> Rejected | None:
    limit, may_rest = a.instrument.max_open, a.new.kind is Kind.LIMIT and a.new.time_in_force is TimeInForce.GTC
    if limit is None or not may_rest or a.store.open_count(a.account.name, a.instrument.symbol) < limit:
        return None
    return Rejected(Reject.TOO_MANY_OPEN, f"{limit} orders are open on {a.instrument.symbol}; cancel one first")


RULES: tuple[Rule, ...] = (_status, _shape, _price, _size, _notional, _client_id, _open_orders)


@exact
def vet(application: Application) -> Rejected | None:
    """The rules that do not look at funds or matching: the first one broken, or None."""
    for rule in RULES:
        rejected = rule(application)
        if rejected is not None:
            return rejected
    return None


def draft(a: Application, order_id: int, now: int) -> Order:
    """The order as it would start, holding nothing yet. The application must have passed `vet`."""
    new, rules = a.new, a.instrument
    return Order(
        id=order_id,
        client_id=new.client_id,
        account=a.account.name,
        symbol=new.symbol,
        side=new.side,
        kind=new.kind,
        time_in_force=new.time_in_force,
        post_only=new.post_only,
        self_trade=new.self_trade or a.policy.self_trade,
        price=new.price,
        amount=ZERO if new.amount is None else new.amount,
        quote_amount=new.quote_amount,
        held_asset=rules.quote if new.side is Side.BUY else rules.base,
        created=now,
        updated=now,
        tags=new.tags,
    )


@exact
def admit(a: Application, order: Order) -> Admitted | Rejected:
    """The rules of funds and matching, on a drafted order."""
    available = a.account.balance(order.held_asset).available
    whole_plan = _plan(a, order, None)
    held = _hold(a, order, whole_plan)
    if held > available:
        if not _may_fill_partly(a, order):
            return Rejected(
                Reject.INSUFFICIENT_BALANCE,
                f"needs {plain(held)} {order.held_asset}, and {plain(available)} is available",
            )
        whole_plan = _plan(a, order, Budget(available, a.schedule, a.instrument.quote))
        held = _hold(a, order, whole_plan)
    return _matching_error(a, order, whole_plan) or Admitted(replace(order, held=held), whole_plan)


def _plan(a: Application, order: Order, budget: Budget | None) -> Plan:
    return plan(order, a.book.orders(order.side.opposite), a.instrument.lot, budget)


def _hold(a: Application, order: Order, its_plan: Plan) -> Decimal:
    quote = a.instrument.quote
    if order.price is not None:
        return hold_for(a.schedule, order.side, order.price, order.amount, quote)
    if _holds_whole(a, order):
        return order.amount
    spent = (spend_for(a.schedule, order.side, m.maker.limit, m.amount, quote) for m in its_plan.matches)
    return sum(spent, ZERO)


def _may_fill_partly(a: Application, order: Order) -> bool:
    is_market = order.kind is Kind.MARKET and order.time_in_force is not TimeInForce.FOK
    return is_market and a.policy.market_funds is MarketFunds.PARTIAL and not _holds_whole(a, order)


def _holds_whole(a: Application, order: Order) -> bool:
    is_market_sell = order.kind is Kind.MARKET and order.side is Side.SELL and not order.by_quote
    return is_market_sell and a.policy.market_sell is MarketSell.WHOLE


def _matching_error(a: Application, order: Order, its_plan: Plan) -> Rejected | None:
    best = a.best_price
    if order.post_only and best is not None and order.reaches(best):
        return Rejected(Reject.WOULD_CROSS, f"price {order.price} would trade with the best price {best}")
    if order.self_trade is SelfTrade.REJECT and its_plan.end is End.SELF:
        return Rejected(Reject.SELF_TRADE, "it would meet another order of the same account")
    if its_plan.end is End.FUNDS and not its_plan.steps:
        return Rejected(Reject.INSUFFICIENT_BALANCE, f"the available {order.held_asset} pays for no lot")
    if its_plan.end is End.DONE and not its_plan.steps:
        return Rejected(Reject.NOTIONAL_TOO_SMALL, f"quote_amount {order.quote_amount} pays for no lot at {best}")
    if order.kind is Kind.MARKET and its_plan.end is End.DRY and not its_plan.steps:
        return Rejected(Reject.NO_LIQUIDITY, f"nobody offers the other side of {order.symbol}")
    if order.time_in_force is TimeInForce.FOK and not its_plan.fills_whole:
        return Rejected(Reject.FOK_UNFILLABLE, "the book cannot fill it at once")
    return None
