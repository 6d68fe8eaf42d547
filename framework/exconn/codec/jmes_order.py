"""Equality and order of JSON values as JMESPath knows them, for compiled paths.

Rules: numbers are int, float and Decimal, and a Decimal equals the float of the same text (0.1 is 0.1), where the
library, which knows floats only, would compare two rounded ones; booleans are no numbers; text has an order with
text, numbers with numbers, and a mixture is a JmesError (the library leaks a TypeError).
"""

import math
from collections.abc import Callable
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from .jmes_types import NUMBERS, TYPES, JmesError

_EXACT = frozenset({int, Decimal})


def jmes_is_number(value: Any) -> bool:
    return type(value) in NUMBERS


def jmes_equal(left: Any, right: Any) -> bool:
    """`==`: 0 and 1 are not false and true; within lists and maps they are, as in the library."""
    kinds = type(left), type(right)
    if kinds[0] is bool or kinds[1] is bool:
        return left is right
    return alike(left, right)


def alike(left: Any, right: Any) -> bool:
    try:
        return bool(left == right) or _same_numbers(left, right)
    except RecursionError:
        raise JmesError("values nested too deeply to be compared", "invalid-value") from None


def _same_numbers(left: Any, right: Any) -> bool:
    """Whether two unequal values are equal once a float and a Decimal of the same text are."""
    match left, right:
        case (float(), Decimal()):
            return Decimal(repr(left)) == right
        case (Decimal(), float()):
            return Decimal(repr(right)) == left
        case (list(), list()):
            return len(left) == len(right) and all(map(_same_numbers_or_equal, left, right))
        case (dict(), dict()):
            return left.keys() == right.keys() and all(_same_numbers_or_equal(left[key], right[key]) for key in left)
    return False


def _same_numbers_or_equal(left: Any, right: Any) -> bool:
    if type(left) in (list, dict):
        return left is right or _same_numbers(left, right)
    return bool(left == right) or _same_numbers(left, right)


def _ordered(left: Any, right: Any, test: Callable[[Any, Any], bool]) -> bool | None:
    """What the fast paths below leave over: wrong types, a mixture of text and numbers, a float against a Decimal."""
    kinds = TYPES.get(type(left)), TYPES.get(type(right))
    if not all(kind in ("number", "string") for kind in kinds):
        return None
    if kinds[0] != kinds[1]:
        raise JmesError(f"a {kinds[0]} and a {kinds[1]} have no order")
    return test(exact(left), exact(right))


def exact(number: Any) -> Any:
    """A float as the Decimal of its shortest text; any other value as it is."""
    return Decimal(repr(number)) if type(number) is float and math.isfinite(number) else number


def jmes_lt(left: Any, right: Any) -> bool | None:
    if type(left) in _EXACT and type(right) in _EXACT:
        return bool(left < right)
    return _ordered(left, right, lt)


def jmes_lte(left: Any, right: Any) -> bool | None:
    if type(left) in _EXACT and type(right) in _EXACT:
        return bool(left <= right)
    return _ordered(left, right, le)


def jmes_gt(left: Any, right: Any) -> bool | None:
    if type(left) in _EXACT and type(right) in _EXACT:
        return bool(left > right)
    return _ordered(left, right, gt)


def jmes_gte(left: Any, right: Any) -> bool | None:
    if type(left) in _EXACT and type(right) in _EXACT:
        return bool(left >= right)
    return _ordered(left, right, ge)
