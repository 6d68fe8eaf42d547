"""What an open order must hold, after whatever changed it. Pure: an order, a fee schedule and the quote asset in.

Rules:
- A limit order holds what the rest of it would cost at its limit; a market order what its other fills will spend.
- A market order that waits holds its size to sell, and its value at its trigger to buy.
- A schedule made dearer since takes nothing more from an order that was accepted before.
"""

from decimal import Decimal

from msgspec.structs import replace

from .amounts import ZERO
from .fees import FeeSchedule, hold_for, spend_for
from .kinds import Side
from .order import Order


def held_after(order: Order, schedule: FeeSchedule, quote: str, spent: Decimal = ZERO) -> Decimal:
    """What an order must hold for what is left of it, once `spent` of its hold is gone."""
    if order.price is not None:
        needed = hold_for(schedule, order.side, order.price, order.remaining, quote)
    elif order.side is Side.SELL:
        needed = order.remaining
    else:
        price = order.trigger_level or order.trigger_price
        needed = order.held if price is None else spend_for(schedule, order.side, price, order.remaining, quote)
    return min(needed, order.held - spent)


def held_after_fill(order: Order, schedule: FeeSchedule, quote: str, price: Decimal, amount: Decimal) -> Decimal:
    """What an order must hold after a fill of `amount` at `price`."""
    if order.side is Side.SELL:
        return order.held - amount
    if order.price is not None:
        return held_after(replace(order, filled=order.filled + amount), schedule, quote, price * amount)
    return order.held - spend_for(schedule, order.side, price, amount, quote)
