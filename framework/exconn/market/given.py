"""Numbers as callers give them: Decimal, an int, a float or a text, made Decimal once, at the door.

Rules: a float is what its shortest text says; None is 0, as the contract's defaults have it; NaN passes, because it
stands for "no price"; what is no number at all is a UsageError that names it.
"""

from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from exconn.errors import UsageError
from exconn.model import s_decimal_0

Number: TypeAlias = Decimal | float | str | None


def decimal_of(value: Number) -> Decimal:
    """UsageError for what is no number."""
    if isinstance(value, Decimal):
        return value
    if value is None:
        return s_decimal_0
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise UsageError(f"{value!r} is no number; give prices and amounts as Decimal") from None
