"""Values of an order that templates show and that the engine has under no such name. Pure getters, a line each."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal

from exconn.sandbox.engine import Order, Stage
from exconn.sandbox.engine.amounts import EXACT, ZERO, plus, round_to


def remaining(order: Order) -> Decimal:
    """What is left to fill, base."""
    return order.remaining


def original_amount(order: Order) -> Decimal:
    """The size without what self-trade prevention took away from it."""
    return EXACT.add(order.amount, order.prevented)


def prevented(order: Order) -> Decimal:
    """What self-trade prevention took away from it in all."""
    return plus(kept.lost_by(order.id) or ZERO for kept in order.preventions)


def prevented_match(order: Order) -> int | None:
    """The number of the last prevented match that took something away from it."""
    return next((kept.number for kept in reversed(order.preventions) if kept.lost_by(order.id)), None)


def average_price(order: Order) -> Decimal | None:
    """Quote per base over all fills, to ten decimals; None before the first."""
    return None if order.average_price is None else round_to(order.average_price, 10, ROUND_HALF_EVEN)


def fee(order: Order) -> Decimal:
    """All that its fills cost, which is in one asset as long as fees are."""
    return plus(fill.fee for fill in order.fills)


def tag(name: str) -> Callable[[Order], int | None]:
    """A number of the client's own that an order may bear."""
    return lambda order: int(text) if (text := order.tags.get(name)) is not None else None


user_ref = tag("user_ref")


def close_type(order: Order) -> str | None:
    """Our word for the type of the order that closes what this one opens; None without one."""
    return order.tags.get("close_type")


def close_money(name: str) -> Callable[[Order], Decimal | None]:
    """A price of the order that closes what this one opens."""
    return lambda order: Decimal(text) if (text := order.tags.get(name)) is not None else None


def is_working(order: Order) -> bool:
    """False for an order that waits for its time or its trigger."""
    return order.stage is Stage.WORKING


def is_triggered(order: Order) -> bool | None:
    """Whether its trigger has fired; None for an order without one."""
    return None if order.trigger is None else order.triggered is not None


def trail_bips(order: Order) -> int | None:
    """Its trail in hundredths of a percent, where it is a part of the price."""
    trail = None if order.trigger is None else order.trigger.trail
    return int(trail.amount * 10_000) if trail is not None and trail.relative else None


def trail_percent(order: Order) -> Decimal | None:
    """Its trail in percent, where it is a part of the price."""
    trail = None if order.trigger is None else order.trigger.trail
    return EXACT.multiply(trail.amount, Decimal(100)) if trail is not None and trail.relative else None


def trail_offset(order: Order) -> Decimal | None:
    """Its trail in quote, where it is an amount."""
    trail = None if order.trigger is None else order.trigger.trail
    return None if trail is None or trail.relative else trail.amount


def is_placed(order: Order) -> bool:
    """False for an order that was only checked."""
    return order.id != 0
