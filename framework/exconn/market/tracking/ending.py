"""When an order is over, and as what.

Rules: an order whose fills make up its amount is FILLED, whoever says what; one that was made larger on the exchange
has that amount. Otherwise the exchange must have said how it ended, and the end is held until the sum of the fills is
what the exchange counts. A cancel or an expiry is held for 30 s and then told as incomplete; a completion is held until
it is true, because its event carries the amounts. A rejection is a failure only of an order without fills.
"""

from decimal import Decimal

from exconn.market.tracking.order import Phase, TrackedOrder
from exconn.model import OrderState

HELD_SECONDS = 30.0
_ROUNDING = Decimal("1e-12")
_ENDING = Phase.ENDING  # looking a member up in its enum costs more than a comparison

_CLOSES_AS = {
    OrderState.FILLED: Phase.FILLED,
    OrderState.CANCELED: Phase.CANCELED,
    OrderState.EXPIRED: Phase.EXPIRED,
    OrderState.REJECTED: Phase.FAILED,
}


def closing_phase(order: TrackedOrder, forced: bool) -> Phase | None:
    """The terminal phase that follows from what is known, None while it does not. `forced`: held long enough."""
    if order.end is None and order.executed_base < order.amount and not order.rounded:
        return None  # nearly always
    if is_full(order):
        return Phase.FILLED
    if order.end is None:
        return None
    if not has_all_fills(order) and not (forced and order.end is not OrderState.FILLED):
        return None
    if order.end is OrderState.REJECTED and order.executed_base:
        return Phase.CANCELED
    return _CLOSES_AS[order.end]


def is_full(order: TrackedOrder) -> bool:
    return order.quote_amount is None and _reaches(order, order.executed_base, order.whole)


def has_all_fills(order: TrackedOrder) -> bool:
    """Whether the fills seen are all that the exchange counts. An end without an amount is proven by reading the
    fills.
    """
    if not _reaches(order, order.executed_base, order.told_filled):
        return False
    if order.end_filled is not None:
        return _reaches(order, order.executed_base, order.end_filled)
    if order.end_filled_quote is not None:
        return _reaches(order, order.executed_quote, order.end_filled_quote)
    if order.end is OrderState.FILLED and order.quote_amount is None:
        return False
    return order.fills_read or order.end is OrderState.REJECTED


def needs_fills(order: TrackedOrder) -> bool:
    """Whether the exchange counts fills of this order that have not been seen: they are to be asked for."""
    if order.phase < _ENDING and order.executed_base >= order.told_filled:
        return False  # nearly always
    if order.phase is _ENDING:
        return True
    if order.is_closed:
        return order.incomplete and not has_all_fills(order)
    return order.tells_trades and not _reaches(order, order.executed_base, order.told_filled)


def _reaches(order: TrackedOrder, sum_of_fills: Decimal, expected: Decimal) -> bool:
    if sum_of_fills >= expected:
        return True
    return order.rounded and expected - sum_of_fills <= expected * _ROUNDING
