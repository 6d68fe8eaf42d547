"""The arithmetic that compiled JMESPath calls. Never for money: the checker refuses it there.

Rules: numbers are int, float and Decimal, and where they meet, a float counts as the Decimal of its text; a result
that is no finite number, or has too many digits, is a JmesError; `to_number` reads JSON's number grammar and no more,
where the library takes all that Python's `int` and `float` do.
"""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .jmes_order import exact
from .jmes_types import NUMBERS, JmesError, require, require_all

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
_MOST_DIGITS = 400


def jmes_abs(value: Any) -> Any:
    require("abs", value, "number")
    return value.copy_abs() if type(value) is Decimal else abs(value)


def jmes_avg(values: Any) -> Any:
    require_all("avg", values, "number")
    return _computed("avg", lambda: _sum(values) / len(values)) if values else None


def jmes_sum(values: Any) -> Any:
    require_all("sum", values, "number")
    return _computed("sum", lambda: _sum(values))


def _sum(values: list[Any]) -> Any:
    return sum(map(exact, values)) if Decimal in map(type, values) else sum(values)


def jmes_ceil(value: Any) -> Any:
    return _rounded("ceil", value, math.ceil)


def jmes_floor(value: Any) -> Any:
    return _rounded("floor", value, math.floor)


def _rounded(function: str, value: Any, rounding: Callable[[Any], int]) -> int:
    require(function, value, "number")
    if type(value) is Decimal and value.is_finite() and value.adjusted() > _MOST_DIGITS:
        raise JmesError(f"In function {function}(), a number of more than {_MOST_DIGITS} digits", "invalid-value")
    return int(_computed(function, lambda: rounding(value)))


def _computed(function: str, compute: Callable[[], Any]) -> Any:
    try:
        return compute()
    except (ArithmeticError, ValueError):
        raise JmesError(f"In function {function}(), the result is not a finite number", "invalid-value") from None


def jmes_to_number(value: Any) -> Any:
    """A number as it is; text by JSON's grammar to int or float, null for any other; never for money."""
    if type(value) in NUMBERS:
        return value
    matched = _JSON_NUMBER.fullmatch(value) if type(value) is str and len(value) <= _MOST_DIGITS else None
    if matched is None:
        return None
    number = int(value) if not any(matched.groups()) else float(value)
    return number if math.isfinite(number) else None
