"""Runtime functions: Decimals among the numbers, refusals that name function and types and never the value."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.codec.jmes import JmesError
from exconn.compile.jmespath import compile_path

D = Decimal
SECRET = "s3cret"
DECIMALS: list[tuple[str, Any, Any]] = [
    ("a == `0.1`", {"a": D("0.1")}, True),
    ("a == b", {"a": 0.1, "b": D("0.1")}, True),
    ('a == `[0.1, {"k": 0.5}]`', {"a": [D("0.1"), {"k": D("0.50")}]}, True),
    ("a == `[0.1]`", {"a": [D("0.2")]}, False),
    ("a == `1`", {"a": D("1.00")}, True),
    ("a == `1`", {"a": True}, False),
    ("a == `true`", {"a": D(1)}, False),
    ("a != `5`", {"a": D("5.0")}, False),
    ("a <= `0.1`", {"a": D("0.1")}, True),
    ("a > `0.1`", {"a": D("0.10000000000000000001")}, True),
    ("a < b", {"a": "a", "b": "b"}, True),
    ("a < b", {"a": None, "b": "b"}, None),
    ("a && 'yes'", {"a": D(0)}, "yes"),
    ("!a", {"a": D(0)}, False),
    ("type(@)", D("1.5"), "number"),
    ("to_string(@)", {"é": [D("1.50"), None, 'x"', True]}, '{"\\u00e9":[1.50,null,"x\\"",true]}'),
    ("to_number(@)", D("1.50"), D("1.50")),
    ("abs(@)", D("-1.50"), D("1.50")),
    ("sum(@)", [D("0.1"), 0.2, 1], D("1.3")),
    ("avg(@)", [D("0.1"), D("0.3")], D("0.2")),
    ("ceil(@)", D("1.2"), 2),
    ("floor(@)", D("-1.2"), -2),
    ("max(@)", [D("0.3"), D("0.30000001"), 0], D("0.30000001")),
    ("sort_by(@, &p)[*].p", [{"p": D(2)}, {"p": 1}, {"p": 1.5}], [1, 1.5, D(2)]),
    ("contains(@, `0.1`)", [D("0.1")], True),
    ("entries(@)", {"x": 1, "y": None}, [{"key": "x", "value": 1}, {"key": "y", "value": None}]),
]


@pytest.mark.parametrize(("text", "value", "result"), DECIMALS)
def test_decimals(text: str, value: Any, result: Any) -> None:
    found = compile_path(text)(value)
    assert (type(found), found) == (type(result), result)


@pytest.mark.parametrize(
    "text", ["1_000", " 1", "NaN", "inf", "Infinity", "+1", "01", "1.", ".5", "٣", "0x1", "1e999", "9" * 401]
)
def test_to_number_reads_the_numbers_of_json_only(text: str) -> None:
    assert compile_path("to_number(@)")(text) is None


REFUSALS: list[tuple[str, Any, str, str]] = [
    ("length(@)", 5, "length", "['string', 'array', 'object'], received: \"number\""),
    ("length(@)", None, "length", "['string', 'array', 'object'], received: \"null\""),
    ("abs(@)", SECRET, "abs", "['number'], received: \"string\""),
    ("abs(@)", True, "abs", "['number'], received: \"boolean\""),
    ("sum(@)", [D(1), SECRET], "sum", "['array-number'], received: \"string\""),
    ("max(@)", ["a", 1], "max", "['array-number', 'array-string'], received: \"number\""),
    ("max(@)", [[]], "max", "['array-number', 'array-string'], received: \"array\""),
    ("join(',', @)", ["a", 1], "join", "['array-string'], received: \"number\""),
    ("contains(@, `1`)", SECRET, "contains", "['string'], received: \"number\""),
    ("merge(@, @)", [], "merge", "['object'], received: \"array\""),
    ("entries(@)", None, "entries", "['object'], received: \"null\""),
    ("sort_by(@, &a)", [{"a": 1}, {"a": SECRET}], "sort_by", "['number', 'string'], received: \"string\""),
    ("min_by(@, &a)", [{"a": SECRET}, {}], "min_by", "['number', 'string'], received: \"null\""),
]


@pytest.mark.parametrize(("text", "value", "function", "types"), REFUSALS)
def test_refusals_name_types_and_no_values(text: str, value: Any, function: str, types: str) -> None:
    with pytest.raises(JmesError) as caught:
        compile_path(text)(value)
    assert str(caught.value) == f"In function {function}(), invalid type for value, expected one of: {types}"
    assert caught.value.kind == "invalid-type"


IMPOSSIBLE = [
    ("a < `1`", {"a": SECRET}, "a string and a number have no order"),
    ("ceil(@)", D("1E+999999"), "In function ceil(), a number of more than 400 digits"),
    ("floor(@)", float("inf"), "In function floor(), the result is not a finite number"),
    (
        "sum(@)",
        [D("9E+999999999999999999"), D("9E+999999999999999999")],
        "In function sum(), the result is not a finite number",
    ),
]


@pytest.mark.parametrize(("text", "value", "message"), IMPOSSIBLE)
def test_impossible(text: str, value: Any, message: str) -> None:
    with pytest.raises(JmesError) as caught:
        compile_path(text)(value)
    assert str(caught.value) == message


def test_values_too_deep_are_refused() -> None:
    deep: list[Any] = []
    other: list[Any] = []
    for _ in range(20_000):
        deep, other = [deep], [other]
    for text, message in (("a == b", "compared"), ("to_string(a)", "nested too deeply")):
        with pytest.raises(JmesError, match=message):
            compile_path(text)({"a": deep, "b": other})
