"""How an order changes: by a fill, by its end. Pure functions from one snapshot to the next.

Rules:
- An order ends once, with a reason; the reason decides the final state.
- An ended order holds nothing; an order by quote ends as large as what filled.
"""

from msgspec.structs import replace

from .amounts import ZERO
from .kinds import Change, Kind, State
from .matching import End, Plan
from .order import Fill, Order
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
