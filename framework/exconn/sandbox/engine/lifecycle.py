"""How an order changes: by a fill, by its end. Pure functions from one snapshot to the next.

Rules:
- An order ends once, with a reason; the reason decides the final state.
- An ended order holds nothing; an order by quote ends as large as what filled.
"""

from msgspec.structs import replace

from .amounts import ZERO
from .kinds import Change, Kind, SelfTrade, State
from .matching import Decrement, End, Plan, Prevent
from .order import Fill, Order
from .prevention import Prevention
from .reasons import Close

STATES: dict[Close, State] = {
    Close.FILLED: State.FILLED,
    Close.REQUESTED: State.CANCELLED,
    Close.AMENDED: State.CANCELLED,
    Close.REPLACED: State.CANCELLED,
    Close.DISCONNECTED: State.CANCELLED,
    Close.OPERATOR: State.CANCELLED,
    Close.DROPPED: State.REJECTED,
}


def filled(order: Order, fill: Fill, *, finishes: bool) -> Order:
    """The order after a fill; `finishes` says that it was the last one it wants."""
    after = replace(
        order,
        slice=max(order.slice - fill.amount, ZERO),
        filled=order.filled + fill.amount,
        filled_quote=order.filled_quote + fill.quote,
        fills=(*order.fills, fill),
        state=State.PARTIALLY_FILLED,
        change=Change.FILL,
        updated=fill.time,
    )
    return replace(closed(after, Close.FILLED, fill.time), change=Change.FILL) if finishes else after


def closed(order: Order, reason: Close, now: int) -> Order:
    """The order as it ends. What is neither filled, nor ended by its owner, nor lost has expired."""
    return replace(
        order,
        state=STATES.get(reason, State.EXPIRED),
        reason=reason,
        change=Change.CLOSE,
        held=ZERO,
        updated=now,
        amount=order.filled if order.by_quote else order.amount,
    )


def prevention(number: int, taker: Order, maker: Order, step: Prevent | Decrement, now: int) -> Prevention:
    """What a step keeps from trading, and what both orders lose by the incoming one's mode."""
    mode, amount = taker.self_trade, step.amount
    of_taker, of_maker = (
        amount if order.by_quote or isinstance(step, Decrement) else order.remaining for order in (taker, maker)
    )
    return Prevention(
        number,
        taker.symbol,
        mode,
        taker.id,
        maker.id,
        maker.limit,
        amount,
        None if mode is SelfTrade.CANCEL_OLDEST else of_taker,
        None if mode is SelfTrade.CANCEL_NEWEST else of_maker,
        now,
    )


def decremented(taker: Order, step: Decrement, now: int) -> Order:
    """The incoming order without what would have traded with its own account."""
    taker = replace(taker, updated=now, change=Change.SELF_TRADE)
    if taker.quote_amount is not None:
        return replace(taker, quote_amount=taker.quote_amount - step.amount * step.maker.limit)
    return replace(taker, amount=taker.amount - step.amount, prevented=taker.prevented + step.amount)


def sliced(order: Order) -> Order:
    """An order as it comes to rest: an iceberg shows its next part, any other all of itself."""
    return order if order.visible_amount is None else replace(order, slice=min(order.visible_amount, order.remaining))


def ending(taker: Order, plan: Plan) -> Close | None:
    """Why what is left of an incoming order closes; None when it rests."""
    if plan.end is End.SELF:
        return Close.SELF_TRADE
    if plan.end is End.DONE and taker.filled:
        return Close.FILLED
    if taker.kind is Kind.MARKET:
        return Close.FUNDS_EXHAUSTED if plan.end is End.FUNDS else Close.NO_LIQUIDITY
    return None if taker.time_in_force.rests else Close.IOC_REMAINDER
