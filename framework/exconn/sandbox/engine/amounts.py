"""Exact arithmetic on Decimal: the context the engine computes in, steps, and plain text.

Rules:
- Sums and products are exact: `EXACT` keeps 400 digits and raises Inexact rather than round silently. An entry point
  of the engine computes under it by `@exact`; properties that anyone may read call `minus`.
- Only `divide` and `round_to` may lose digits, and say so by their name.
- `LIMIT` bounds what may enter, so that exact results always fit.
"""

from collections.abc import Callable, Iterable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import reduce, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ZERO = Decimal(0)
LIMIT = 30
DIGITS = 400
EXACT = Context(prec=DIGITS, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
ROUNDED = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
RATIO = Context(prec=40, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function under `EXACT`, whatever context its caller has."""

    @wraps(function)
    def under_exact(*args: P.args, **kwargs: P.kwargs) -> R:
        before = getcontext()
        if before is EXACT:
            return function(*args, **kwargs)
        setcontext(EXACT)
        try:
            return function(*args, **kwargs)
        finally:
            setcontext(before)

    return under_exact


def is_sane(value: Decimal) -> bool:
    """True when a number is finite and its digits lie between 10^-30 and 10^30."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -LIMIT and value.adjusted() <= LIMIT


def is_multiple(value: Decimal, step: Decimal) -> bool:
    """True when `value` is a whole number of steps."""
    return not ROUNDED.remainder(value, step)


def whole(value: Decimal, step: Decimal) -> Decimal:
    """How many whole steps fit into `value` (both non-negative)."""
    return ROUNDED.divide_int(value, step)


def minus(a: Decimal, b: Decimal) -> Decimal:
    """a - b exactly, under any context."""
    return EXACT.subtract(a, b)


def plus(values: Iterable[Decimal]) -> Decimal:
    """The exact sum of numbers, under any context."""
    return reduce(EXACT.add, values, ZERO)


def divide(a: Decimal, b: Decimal) -> Decimal:
    """a / b to 40 digits."""
    return RATIO.divide(a, b)


def round_to(value: Decimal, digits: int, mode: str) -> Decimal:
    """`value` with `digits` decimals, rounded by one of the decimal module's modes."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=mode, context=ROUNDED)


def plain(value: Decimal) -> str:
    """The shortest text of a number, without an exponent: `1E+2` is `100`, `0.50` is `0.5`, `-0` is `0`."""
    return format(EXACT.normalize(value), "f") if value else "0"
