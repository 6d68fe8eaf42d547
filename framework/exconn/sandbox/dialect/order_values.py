"""Values of an order that templates show and that the engine has under no such name. Pure getters, a line each."""

from __future__ import annotations

from decimal import Decimal

from exconn.sandbox.engine import Order, Stage
from exconn.sandbox.engine.amounts import EXACT


def remaining(order: Order) -> Decimal:
    """What is left to fill, base."""
    return order.remaining


def original_amount(order: Order) -> Decimal:
    """The size without what self-trade prevention took away from it."""
    return EXACT.add(order.amount, order.prevented)


def is_working(order: Order) -> bool:
    """False for an order that waits for its time or its trigger."""
    return order.stage is Stage.WORKING


def is_triggered(order: Order) -> bool | None:
    """Whether its trigger has fired; None for an order without one."""
    return None if order.trigger is None else order.triggered is not None


def is_placed(order: Order) -> bool:
    """False for an order that was only checked."""
    return order.id != 0
