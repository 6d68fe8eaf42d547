"""The functions that compiled JMESPath calls, with the results and the refusals of the `jmespath` library.

Rules: a wrong type is a JmesError that names the function and the types; nothing else is raised on JSON. On purpose
other than the library: `contains` of a number in text and `merge` of what is no object are JmesErrors (it leaks a
TypeError, or merges lists of pairs); `to_string` writes a Decimal as the number it is; `join` is capped, so that no
message can multiply itself. Order and arithmetic have their own files; all of it is exported here.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from itertools import chain
from typing import Any

from .jmes_numbers import jmes_abs, jmes_avg, jmes_ceil, jmes_floor, jmes_sum, jmes_to_number
from .jmes_order import alike, jmes_equal, jmes_gt, jmes_gte, jmes_is_number, jmes_lt, jmes_lte
from .jmes_types import TYPES, JmesError, refuse, require, require_alike, require_all

__all__ = [
    "JmesError",
    "jmes_abs",
    "jmes_avg",
    "jmes_ceil",
    "jmes_contains",
    "jmes_ends_with",
    "jmes_entries",
    "jmes_equal",
    "jmes_flatten",
    "jmes_floor",
    "jmes_gt",
    "jmes_gte",
    "jmes_is_number",
    "jmes_join",
    "jmes_keys",
    "jmes_length",
    "jmes_lt",
    "jmes_lte",
    "jmes_map",
    "jmes_max",
    "jmes_max_by",
    "jmes_merge",
    "jmes_min",
    "jmes_min_by",
    "jmes_not_null",
    "jmes_reverse",
    "jmes_sort",
    "jmes_sort_by",
    "jmes_starts_with",
    "jmes_sum",
    "jmes_to_array",
    "jmes_to_number",
    "jmes_to_string",
    "jmes_type",
    "jmes_values",
]

_SIZED = frozenset({str, list, dict})
_JOIN_FREE = 16 * 1024
_JOIN_GROWTH = 8


def jmes_flatten(value: Any) -> list[Any] | None:
    """`[]`: one level of lists within a list taken apart; null for anything else."""
    if type(value) is not list:
        return None
    kinds = set(map(type, value))
    if list not in kinds:
        return value
    if len(kinds) == 1:
        return list(chain.from_iterable(value))
    return list(chain.from_iterable(each if type(each) is list else (each,) for each in value))


def jmes_contains(subject: Any, search: Any) -> bool:
    require("contains", subject, "array", "string")
    if type(subject) is str:
        require("contains", search, "string")
        return search in subject
    return any(alike(each, search) for each in subject)


def jmes_ends_with(text: Any, suffix: Any) -> bool:
    require("ends_with", text, "string")
    require("ends_with", suffix, "string")
    return bool(text.endswith(suffix))


def jmes_starts_with(text: Any, prefix: Any) -> bool:
    require("starts_with", text, "string")
    require("starts_with", prefix, "string")
    return bool(text.startswith(prefix))


def jmes_entries(value: Any) -> list[dict[str, Any]]:
    """Not JMESPath's own: the `{key, value}` pairs of an object, in its order."""
    require("entries", value, "object")
    return [{"key": key, "value": each} for key, each in value.items()]


def jmes_join(separator: Any, texts: Any) -> str:
    """A result over 16 KiB may be 8 times its input at most: a separator from a message is not to multiply it."""
    require("join", separator, "string")
    require_all("join", texts, "string")
    given = sum(map(len, texts))
    joined = given + len(separator) * max(len(texts) - 1, 0)
    if joined > _JOIN_FREE and joined > _JOIN_GROWTH * (given + len(texts) + len(separator)):
        raise JmesError(f"In function join(), a text of {joined} characters from {given}", "invalid-value")
    return str(separator.join(texts))


def jmes_keys(value: Any) -> list[str]:
    require("keys", value, "object")
    return list(value)


def jmes_values(value: Any) -> list[Any]:
    require("values", value, "object")
    return list(value.values())


def jmes_length(value: Any) -> int:
    if type(value) not in _SIZED:
        refuse("length", value, "string", "array", "object")
    return len(value)


def jmes_map(apply: Callable[[Any], Any], values: Any) -> list[Any]:
    require("map", values, "array")
    return [apply(each) for each in values]


def jmes_max(values: Any) -> Any:
    require_all("max", values, "number", "string")
    return max(values, default=None)


def jmes_min(values: Any) -> Any:
    require_all("min", values, "number", "string")
    return min(values, default=None)


def jmes_max_by(values: Any, apply: Callable[[Any], Any]) -> Any:
    keys = _keys("max_by", values, apply)
    return values[max(range(len(keys)), key=keys.__getitem__)] if keys else None


def jmes_min_by(values: Any, apply: Callable[[Any], Any]) -> Any:
    keys = _keys("min_by", values, apply)
    return values[min(range(len(keys)), key=keys.__getitem__)] if keys else None


def jmes_sort(values: Any) -> list[Any]:
    require_all("sort", values, "string", "number")
    return sorted(values)


def jmes_sort_by(values: Any, apply: Callable[[Any], Any]) -> list[Any]:
    keys = _keys("sort_by", values, apply)
    return [values[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]


def _keys(function: str, values: Any, apply: Callable[[Any], Any]) -> list[Any]:
    """What to order by, one for each value: all numbers or all texts."""
    if type(values) is not list:
        refuse(function, values, "array")
    keys = [apply(each) for each in values]
    require_alike(function, keys, ("number", "string"), ("number", "string"))
    return keys


def jmes_merge(*values: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for value in values:
        require("merge", value, "object")
        merged |= value
    return merged


def jmes_not_null(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def jmes_reverse(value: Any) -> Any:
    require("reverse", value, "array", "string")
    return value[::-1]


def jmes_to_array(value: Any) -> list[Any]:
    return value if type(value) is list else [value]


def jmes_to_string(value: Any) -> str:
    """Text as it is; anything else as compact JSON, ASCII only, numbers as the wire wrote them."""
    if type(value) is str:
        return value
    try:
        return _written(value)
    except RecursionError:
        raise JmesError("In function to_string(), a value nested too deeply", "invalid-value") from None


def _written(value: Any) -> str:
    match value:
        case dict():
            return "{" + ",".join(f"{json.dumps(key)}:{_written(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ",".join(map(_written, value)) + "]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def jmes_type(value: Any) -> str:
    return TYPES[type(value)]
