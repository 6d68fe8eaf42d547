"""Generated expressions on generated data: compiled code gives what the library gives, and fails where it fails.

Where exconn is different on purpose (see `exconn.codec.jmes`) the oracle is taught the difference here, one function
each; everything else is the library, untouched. Numbers are compared by value, booleans are no numbers.
"""

import json
import re
from decimal import Decimal
from string import Formatter
from typing import Any

import jmespath
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jmespath import functions

from exconn.codec.jmes import JmesError
from exconn.compile.jmespath import compile_path
from exconn.spec.jmespath import PathError, parse
from exconn.spec.jmespath.growth import cost

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
FAILED, REFUSED = object(), object()


class Functions(functions.Functions):
    @functions.signature({"types": ["object"]})
    def _func_entries(self, value: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"key": key, "value": each} for key, each in value.items()]

    @functions.signature({"types": ["object"], "variadic": True})
    def _func_merge(self, *values: Any) -> dict[str, Any]:
        if not all(isinstance(value, dict) for value in values):
            raise TypeError
        return {key: each for value in values for key, each in value.items()}

    @functions.signature({"types": []})
    def _func_to_number(self, value: Any) -> Any:
        if isinstance(value, str) and not NUMBER.fullmatch(value):
            return None
        return super()._func_to_number(value)


def expected(expression: str, value: Any) -> Any:
    """The library's result, or FAILED for any exception of it."""
    try:
        return jmespath.search(expression, value, jmespath.Options(custom_functions=Functions()))
    except Exception:
        return FAILED


def comparable(value: Any) -> Any:
    if isinstance(value, list):
        return [comparable(each) for each in value]
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items()}
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return "number", round(float(value), 9)
    return value if value is FAILED else (type(value).__name__, value)


def size(value: Any) -> int:
    """As `growth` counts it: nodes, and one more for every 16 characters or digits."""
    if isinstance(value, list):
        return 1 + sum(map(size, value))
    if isinstance(value, dict):
        return 1 + sum(size(key) + size(each) for key, each in value.items())
    return 1 + len(str(value)) // 16


def with_decimals(value: Any) -> Any:
    """The same JSON as our decoder gives it: every number a Decimal of the wire's text."""
    return json.loads(json.dumps(value), parse_int=Decimal, parse_float=Decimal)


NAMES = ["a", "b", "c"]
TEXTS = ["", "a", "b", "ab", "x,y", "1", "2.5", "é"]
NUMBERS = [0, 1, 2, -1, 7, 0.0, 0.5, 1.0, 2.5]
SCALARS = st.sampled_from([None, True, False, *NUMBERS, *TEXTS])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(NAMES), SCALARS, max_size=3), min_size=1, max_size=4)
    ),
    max_leaves=16,
)
UNARY = ["abs", "avg", "ceil", "entries", "floor", "keys", "length", "max", "min", "reverse", "sort", "sum"]
UNARY += ["to_array", "to_number", "to_string", "type", "values", "not_null", "merge"]
BINARY = ["contains", "ends_with", "starts_with", "join", "merge", "not_null"]
APPLIED = ["sort_by({x}, &{x})", "max_by({x}, &{x})", "min_by({x}, &{x})", "map(&{x}, {x})"]
STARTS = [*NAMES, '"a"', "@", "[0]", "[*]", "*", "[]", "{literal}"]
STEPS = [".{name}", "[{index}]", "[*]", ".*", "[]", "[{bound}:{bound}{step}]", "[?{x}]", ".[{x}, {x}]", " | {x}"]
STEPS += [".{{{name}: {x}, b: {x}}}", " {operator} {x}", ".{function}(@)", " | [?{name} {operator} {literal}]"]
STEPS += ["[*].{name}", "[?{x}].{name}", "[].{{a: {name}, b: {name}}}"]
WHOLE = ["({x})", "!{x}", "[{x}, {x}]", "{{a: {x}, c: {x}}}", "{function}({x})", "{two}({x}, {x})", "{applied}"]
HOLES = {
    "name": st.sampled_from(NAMES),
    "index": st.integers(-3, 3).map(str),
    "bound": st.sampled_from(["", "-2", "-1", "0", "1", "2"]),
    "step": st.sampled_from(["", ":2", ":-1", ":-2", ":1"]),
    "literal": (SCALARS | st.lists(SCALARS, max_size=2)).map(lambda value: f"`{json.dumps(value)}`"),
    "function": st.sampled_from(UNARY),
    "two": st.sampled_from(BINARY),
    "applied": st.sampled_from(APPLIED),
    "operator": st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "&&", "||"]),
}


@st.composite
def expressions(draw: st.DrawFn, depth: int = 2) -> str:
    """A well-formed expression; functions take the right number of arguments, not always of the right types."""
    if depth == 0 or draw(st.booleans()):
        start = filled(draw, draw(st.sampled_from(STARTS)), 0)
    else:
        start = filled(draw, draw(st.sampled_from(WHOLE)), depth - 1)
    count = draw(st.integers(0, 3 if depth else 1))
    return start + "".join(filled(draw, draw(st.sampled_from(STEPS)), max(depth - 1, 0)) for _ in range(count))


def filled(draw: st.DrawFn, template: str, depth: int) -> str:
    """The template with a draw for each of its holes, and no draw more."""
    parts = []
    for text, hole, _, _ in Formatter().parse(template):
        parts.append(text)
        if hole == "x":
            parts.append(draw(expressions(depth)))
        elif hole is not None:
            parts.append(filled(draw, draw(HOLES[hole]), depth))
    return "".join(parts)


def compiled(expression: str, value: Any) -> Any:
    """Our result, FAILED for a JmesError, None-like REFUSED where the budget says no."""
    try:
        return compile_path(expression)(value)
    except PathError as error:
        if error.kind != "budget":
            raise
        return REFUSED
    except JmesError:
        return FAILED


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(expression=expressions(), value=VALUES)
def test_equals_the_library(expression: str, value: Any) -> None:
    result = compiled(expression, value)
    if result is not REFUSED:
        assert comparable(result) == comparable(expected(expression, value))
        if result is not FAILED:
            assert size(result) <= cost(parse(expression).root).growth * size(value), "the proof of growth is wrong"


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(expression=expressions().filter(lambda text: "to_string" not in text), value=VALUES)
def test_equals_the_library_on_decimals(expression: str, value: Any) -> None:
    result = compiled(expression, with_decimals(value))
    if result is not REFUSED:
        assert comparable(result) == comparable(expected(expression, value))
