"""The orders of one instrument that wait for a price, in order of arrival.

Rules:
- They are in no book and trade with nobody; the shelf holds their latest versions.
- Every trade is heard once: trailing triggers follow it, and those that it fires are handed over, oldest first.
"""

from decimal import Decimal

from msgspec.structs import replace

from .amounts import ROUNDED, exact
from .kinds import Side
from .order import Order


class Watch:
    """Untriggered orders by id."""

    __slots__ = ("_orders",)

    def __init__(self) -> None:
        self._orders: dict[int, Order] = {}

    def __bool__(self) -> bool:
        return bool(self._orders)

    def add(self, order: Order) -> None:
        """Wait with an order, or with its next version."""
        self._orders[order.id] = order

    def discard(self, order: Order) -> None:
        """Wait no more; an order that does not wait is no mistake."""
        self._orders.pop(order.id, None)

    def orders(self) -> list[Order]:
        """All that wait, oldest first."""
        return list(self._orders.values())

    @exact
    def hear(self, price: Decimal, now: int) -> tuple[list[Order], list[Order]]:
        """A trade at `price`: the orders whose trail moved, and those that it fires; both stay until discarded."""
        moved, due = [], []
        for order in self.orders():
            after = follow(order, price, now)
            if fires(order, price):
                due.append(after)
            if after is not order:
                self._orders[order.id] = after
                moved.append(after)
        return moved, due


def limit_at(order: Order, level: Decimal | None, tick: Decimal) -> Order | None:
    """The order with the limit that it would have if `level` fired it; None where that is needed and unknown."""
    trigger = order.trigger
    if trigger is None or trigger.limit is None:
        return order
    if level is None:
        return None
    steps = ROUNDED.divide(trigger.limit.above(level), tick).to_integral_value()
    return replace(order, price=max(steps, Decimal(1)) * tick)


def fires(order: Order, price: Decimal) -> bool:
    """Whether a trade at `price` fires an order's trigger."""
    trigger = order.trigger
    return trigger is not None and trigger.fires(order.peak, price, buys=order.side is Side.BUY)


def follow(order: Order, price: Decimal, now: int) -> Order:
    """The order after a trade at `price`: the same one unless its trail begins or moves."""
    trigger = order.trigger
    if trigger is None:
        return order
    peak = trigger.follow(order.peak, price, buys=order.side is Side.BUY)
    if peak is None or peak == order.peak:
        return order
    return replace(order, peak=peak, tracking=now if order.tracking is None else order.tracking)
