"""A proof, made while compiling, that no message can blow up in an expression.

Rules: the size of a value is its nodes written out in full (a value named twice counts twice) plus one for every 16
characters of text or digits. On a value of size n, the result of an expression has at most `growth` x n, and reaching
it takes at most `work` x n steps. Both multiply along a path (`[@,@][]` five times over counts 243), so what doubles
without end is refused here, and compiled code needs no metering. Only `join` with a separator from the message grows
faster than its input; the runtime caps it to `JOIN_GROWTH` times what went in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .functions import FUNCTIONS
from .kind import Kind

MOST_GROWTH = 1000
MOST_WORK = 4000
JOIN_GROWTH = 64
_TEXT_UNIT = 16
_SORTING = 8
_SORTS = {"sort", "sort_by"}
# \u00e9 is six characters for one, 1e308 is 309 digits.
_GROWING = {"ceil": 32, "entries": 3, "floor": 32, "to_string": 7}


@dataclass(frozen=True, slots=True)
class Cost:
    growth: int
    work: int


_ITSELF = Cost(1, 1)


def cost(node: dict[str, Any]) -> Cost:
    """The bound of `node`, as multiples of its subject's size, which is at least 1."""
    return _COSTS.get(node["type"], _step)(node)


def _step(_: dict[str, Any]) -> Cost:
    return _ITSELF


def _chain(node: dict[str, Any]) -> Cost:
    total = Cost(1, 0)
    for child in node["children"]:
        total = _then(total, cost(child))
    return total


def _then(first: Cost, second: Cost) -> Cost:
    return Cost(first.growth * second.growth, first.work + first.growth * second.work)


def _each(node: dict[str, Any]) -> Cost:
    """The sizes of the elements add up to no more than the base's, so one bound holds for all of them together."""
    base, *rest = map(cost, node["children"])
    return _then(base, Cost(rest[0].growth, sum(part.work for part in rest) + 1))


def _flatten(node: dict[str, Any]) -> Cost:
    return _then(cost(node["children"][0]), _ITSELF)


def _selection(node: dict[str, Any]) -> Cost:
    parts = [cost(child) for child in node["children"]]
    return Cost(1 + sum(part.growth for part in parts), 1 + sum(part.work for part in parts))


def _pair(node: dict[str, Any]) -> Cost:
    value = cost(node["children"][0])
    return Cost(_size(node["value"]) + value.growth, value.work)


def _literal(node: dict[str, Any]) -> Cost:
    size = _size(node["value"])
    return Cost(size, size)


def _either(node: dict[str, Any]) -> Cost:
    parts = [cost(child) for child in node["children"]]
    return Cost(max(part.growth for part in parts), 1 + sum(part.work for part in parts))


def _judged(node: dict[str, Any]) -> Cost:
    """Comparing walks both sides; the result is a single value."""
    parts = [cost(child) for child in node["children"]]
    return Cost(1, 1 + sum(part.work + part.growth for part in parts))


def _call(node: dict[str, Any]) -> Cost:
    name = node["value"]
    arguments = [cost(child) for child in node["children"] if child["type"] != "expref"]
    growth, work = 1 + sum(each.growth for each in arguments), sum(each.work for each in arguments)
    applied = [cost(child["children"][0]) for child in node["children"] if child["type"] == "expref"]
    reading = growth * (_SORTING if name in _SORTS else 1) + sum(growth * each.work for each in applied)
    if name == "join":
        growth *= _join_growth(node["children"][0])
    if name == "map":
        growth *= applied[0].growth
    if FUNCTIONS[name].result in (Kind.NUMBER, Kind.BOOLEAN):
        return Cost(_GROWING.get(name, 2), work + reading)
    growth *= _GROWING.get(name, 1)
    return Cost(growth, work + reading + growth)


def _join_growth(separator: dict[str, Any]) -> int:
    return 1 + _size(separator["value"]) if separator["type"] == "literal" else JOIN_GROWTH


def _size(value: Any) -> int:
    if type(value) is str:
        return 1 + len(value) // _TEXT_UNIT
    parts = [*value, *value.values()] if type(value) is dict else value if type(value) is list else ()
    return 1 + sum(map(_size, parts))


_COSTS: dict[str, Callable[[dict[str, Any]], Cost]] = {
    "and_expression": _either,
    "comparator": _judged,
    "filter_projection": _each,
    "flatten": _flatten,
    "function_expression": _call,
    "index_expression": _chain,
    "key_val_pair": _pair,
    "literal": _literal,
    "multi_select_dict": _selection,
    "multi_select_list": _selection,
    "not_expression": _judged,
    "or_expression": _either,
    "pipe": _chain,
    "projection": _each,
    "subexpression": _chain,
    "value_projection": _each,
}
