"""Admission: an accepted order as it starts, what it holds, and what it will do to the book.

Rules:
- What depends on funds and on the book is checked here, in this order: balance, crossing of a post-only order, self
  trade, liquidity, fill-or-kill. `rules` comes before; nothing changes here.
- An order that waits holds what it would need at its own price: a limit order its value, a market sell its size, a
  market buy its value at the trigger. Once its time has come it is admitted anew, with what it holds and what is free.
- A market order that waited fills as far as the funds reach, whatever the policy: its price was not known before.
"""

from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from .amounts import ZERO, exact, plain
from .fees import hold_for, spend_for
from .kinds import Kind, SelfTrade, Side, Stage, TimeInForce
from .matching import Budget, End, Plan, plan
from .order import Order
from .policy import MarketFunds, MarketSell
from .reasons import Reject, Rejected
from .rules import Application
from .watch import follow, limit_at


class Admitted(Struct, frozen=True):
    """An accepted order as it will start, with its hold, and what it will do to the book."""

    order: Order
    plan: Plan


def draft(a: Application, order_id: int, now: int) -> Order:
    """The order as it would start, holding nothing yet. The application must have passed `vet`."""
    new, rules, stage = a.new, a.instrument, _first_stage(a, now)
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
        stage=stage,
        working=now if stage is Stage.WORKING else None,
        trigger=new.trigger,
        starts=new.starts,
        expires=new.expires,
        visible_amount=new.visible_amount,
    )


def _first_stage(a: Application, now: int) -> Stage:
    if a.new.starts is not None and a.new.starts > now:
        return Stage.PENDING
    return Stage.WORKING if a.new.trigger is None else Stage.UNTRIGGERED


@exact
def admit(a: Application, order: Order) -> Admitted | Rejected:
    """The rules of funds and matching, on a drafted order."""
    available = a.account.balance(order.held_asset).available + order.held
    if a.replaces is not None and a.replaces.held_asset == order.held_asset:
        available += a.replaces.held
    available -= sum((each.held for each in a.beside if each.held_asset == order.held_asset), ZERO)
    if order.stage is not Stage.WORKING:
        return _admit_waiting(a, order, available)
    whole_plan = _plan(a, order, None)
    held = _hold(a, order, whole_plan)
    if held > available:
        if not _may_fill_partly(a, order):
            return _short_of(order, held, available)
        whole_plan = _plan(a, order, Budget(available, a.schedule, a.instrument.quote))
        held = _hold(a, order, whole_plan)
    return _matching_error(a, order, whole_plan) or Admitted(replace(order, held=held), whole_plan)


def _admit_waiting(a: Application, order: Order, available: Decimal) -> Admitted | Rejected:
    last = a.listing.tape.last
    if order.stage is Stage.UNTRIGGERED and last is not None:
        order = follow(order, last, a.now)
    priced = limit_at(order, order.trigger_level or last or a.best_price, a.instrument.tick)
    if priced is None:
        return Rejected(Reject.NO_LIQUIDITY, f"{order.symbol} has no price yet that its limit could follow")
    order = priced
    held = max(_waiting_hold(a, order) - a.shares, ZERO)
    if held > available:
        return _short_of(order, held, available)
    return Admitted(replace(order, held=held), Plan((), End.DRY))


def _waiting_hold(a: Application, order: Order) -> Decimal:
    quote = a.instrument.quote
    if order.price is not None:
        return hold_for(a.schedule, order.side, order.price, order.remaining, quote)
    if order.side is Side.SELL:
        return order.amount  # of one sized in quote, nothing: what it sells is not known yet
    if order.quote_amount is not None:
        return order.quote_amount
    price = order.trigger_level or order.trigger_price or a.best_price or ZERO
    return spend_for(a.schedule, order.side, price, order.amount, quote)


def _short_of(order: Order, held: Decimal, available: Decimal) -> Rejected:
    detail = f"needs {plain(held)} {order.held_asset}, and {plain(available)} is available"
    return Rejected(Reject.INSUFFICIENT_BALANCE, detail)


def _plan(a: Application, order: Order, budget: Budget | None) -> Plan:
    return plan(order, a.listing.book.takes(order.side.opposite), a.instrument.lot, budget)


def _hold(a: Application, order: Order, its_plan: Plan) -> Decimal:
    quote = a.instrument.quote
    if order.price is not None:
        return hold_for(a.schedule, order.side, order.price, order.remaining, quote)
    if _holds_whole(a, order):
        return order.amount
    spent = (spend_for(a.schedule, order.side, m.maker.limit, m.amount, quote) for m in its_plan.matches)
    return sum(spent, ZERO)


def _may_fill_partly(a: Application, order: Order) -> bool:
    is_market = order.kind is Kind.MARKET and order.time_in_force is not TimeInForce.FOK
    if is_market and order.waited:
        return True
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
