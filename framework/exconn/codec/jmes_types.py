"""JSON's types as JMESPath names them, and the one error of compiled paths.

Rules: types are exact, as a decoder of JSON makes them, a Decimal being a number; an error names the function and the
types, never the value, which may be a secret; a list is checked by the set of its types, since one that is right is
the rule.
"""

from decimal import Decimal
from typing import Any, NoReturn

from exconn.errors import ExconnError

TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
    int: "number",
    float: "number",
    Decimal: "number",
}
NUMBERS = frozenset({int, float, Decimal})


class JmesError(ExconnError):
    """A value an expression cannot take. `kind`: the specification's error name, `invalid-type` or `invalid-value`."""

    def __init__(self, message: str, kind: str = "invalid-type") -> None:
        super().__init__(message)
        self.kind = kind


def refuse(function: str, value: Any, *expected: str) -> NoReturn:
    raise JmesError(
        f"In function {function}(), invalid type for value, expected one of: {list(expected)}, "
        f'received: "{TYPES.get(type(value), "unknown")}"'
    )


def require(function: str, value: Any, *expected: str) -> None:
    if TYPES.get(type(value)) not in expected:
        refuse(function, value, *expected)


def require_all(function: str, values: Any, *expected: str) -> None:
    """A list whose elements are all of one of the expected types."""
    shown = tuple(f"array-{each}" for each in expected)
    if type(values) is not list:
        refuse(function, values, *shown)
    require_alike(function, values, expected, shown)


def require_alike(function: str, values: list[Any], expected: tuple[str, ...], shown: tuple[str, ...]) -> None:
    """All of one type, that of the first; the types are gathered first, since a list that is right is the rule."""
    kinds = {TYPES.get(each) for each in set(map(type, values))}
    if kinds and (len(kinds) > 1 or not kinds <= set(expected)):
        first = TYPES.get(type(values[0]))
        allowed = (first,) if first in expected else ()
        refuse(function, next(value for value in values if TYPES.get(type(value)) not in allowed), *shown)
