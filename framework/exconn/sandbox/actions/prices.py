"""Prices that a client gives relative to the market, and what they come to.

Rules:
- `+5` is 5 above the last price, `-5` below it, `#5` on the side on which the order would wait: where a trigger
  would fire later, where a limit would trade later. With `%` it is that part of the price; without a sign, a price.
- A unit of its own (`price_unit`, `trigger_unit`: static, quote, percent) says the same of a bare number.
- What it comes to is rounded to the tick, half to even. Before the first trade nothing is relative to it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.relative import Relative
from exconn.sandbox.engine import Distance
from exconn.sandbox.engine.amounts import EXACT, ROUNDED

Given = Decimal | Relative


def in_unit(value: Given | None, unit: str | None) -> Given | None:
    """A number with its unit: an offset where the unit says so."""
    if value is None or unit in (None, "static"):
        return value
    if isinstance(value, Decimal):
        value = Relative(value)
    return replace(value, sign=value.sign or "+", percent=unit == "percent")


def distance(value: Given, *, up: bool) -> Distance:
    """A distance: positive above. `up` is where `#` lies."""
    if isinstance(value, Decimal):
        return Distance(value)
    below = value.sign == "-" or (value.sign == "#" and not up)
    amount = EXACT.minus(value.amount) if below else value.amount
    return Distance(EXACT.multiply(amount, Decimal("0.01")), relative=True) if value.percent else Distance(amount)


def price(value: Given | None, last: Decimal | None, tick: Decimal, *, up: bool) -> Decimal | None:
    """A price. Refused: no_liquidity, where it is relative and nothing has traded yet."""
    if value is None or isinstance(value, Decimal):
        return value
    if not value.sign and not value.percent:
        return value.amount
    if last is None:
        raise Refused("no_liquidity")
    steps = ROUNDED.divide(distance(value, up=up).above(last), tick).to_integral_value()
    return EXACT.multiply(max(steps, Decimal(1)), tick)
