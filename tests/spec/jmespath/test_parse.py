"""One typed error for whatever is wrong with a text, with its offset; and what the checker asks about a good one."""

from typing import Any

import pytest

from exconn.compile.jmespath import compile_path
from exconn.spec.jmespath import PathError, fields, functions_used, is_filtered, literals, parse

REFUSED = [
    ("", "syntax", "an empty path: `@` means the value itself", 0),
    ("   ", "syntax", "the expression ends too early", 3),
    ("foo.", "syntax", "the expression ends too early", 4),
    ("foo[", "syntax", "the expression ends too early", 4),
    ("f(a", "syntax", "the expression ends too early", 3),
    ("foo[?]", "syntax", "invalid token, at ']'", 5),
    ("a b", "syntax", "Unexpected token: b, at 'b'", 2),
    ("a-b", "syntax", "Unknown token '-'", 1),
    ("a\0b", "syntax", "Unknown token <U+0000>", 1),
    ("a == 'b", "syntax", "Unclosed ' delimiter", 5),
    ('"a"(b)', "syntax", "Quoted identifier not allowed for function names, at '('", 0),
    ("a | nope(b)", "unknown-function", "unknown function nope()", 4),
    ("a || length(b, c)", "invalid-arity", "length() takes 1 argument(s), not 2", 5),
    ("merge()", "invalid-arity", "merge() takes at least 1 argument(s), not 0", 0),
    ("sort_by(a, b)", "invalid-type", "argument 2 of sort_by() is an expression to apply: write `&` before it", 0),
    ("length(&a)", "invalid-type", "`&` stands only before what map, sort_by, min_by and max_by apply", None),
    ("&a", "invalid-type", "`&` stands only before what map, sort_by, min_by and max_by apply", None),
    ("a[::0]", "invalid-value", "a slice cannot have the step 0", None),
    ("a == `NaN`", "invalid-value", "nan is not a number of JSON", None),
    ('a == `{"b": [-1e999]}`', "invalid-value", "-inf is not a number of JSON", None),
]


@pytest.mark.parametrize(("text", "kind", "message", "offset"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(text: str, kind: str, message: str, offset: int | None) -> None:
    with pytest.raises(PathError) as caught:
        parse(text)
    assert (caught.value.kind, str(caught.value), caught.value.offset) == (kind, message, offset)


@pytest.mark.parametrize(
    "text", ["'x' < `1`", "foo[0", "[a.*,]", "a.{b", "\ud800", "`\ud800`", "a[" + "9" * 1900 + "]"]
)
def test_nothing_but_a_path_error_leaves_parse(text: str) -> None:
    try:
        assert parse(text).text == text
    except PathError as error:
        assert error.message


def test_deprecated_bare_literals_warn_nobody() -> None:
    assert compile_path("`foo`")(None) == "foo"


SURVEYS: list[tuple[str, set[str], tuple[Any, ...], tuple[str, ...]]] = [
    ("a.b[0].a", set(), (), ("a", "b")),
    ("sum(rows[?x == `1.5`].y) || avg(z)", {"sum", "avg"}, (1.5,), ("rows", "x", "y", "z")),
    ("sort_by(rows, &to_number(px))[0]", {"sort_by", "to_number"}, (), ("rows", "px")),
    ("[?s=='x' && t!=`[1, {\"k\": 2.5}]`]", set(), ("x", [1, {"k": 2.5}]), ("s", "t")),
    ("rows[1:3].{id: c, px: join('-', [d, e])}", {"join"}, ("-",), ("rows", "c", "d", "e")),
]


@pytest.mark.parametrize(("text", "functions", "values", "names"), SURVEYS, ids=[row[0] for row in SURVEYS])
def test_survey(text: str, functions: set[str], values: tuple[Any, ...], names: tuple[str, ...]) -> None:
    tree = parse(text)
    assert (functions_used(tree), literals(tree), fields(tree)) == (functions, values, names)


@pytest.mark.parametrize(
    ("text", "filtered"),
    [
        ("data[?kind=='spot']", True),
        ("data[?kind=='spot'] || `[]`", True),
        ("(data[?kind=='spot'])[*].row", True),
        ("groups[?kind=='spot'].rows[]", True),
        ("reverse(data[?kind=='spot'])", True),
        ("data[*].row", False),
        ("groups | list[?a]", True),
        ("data", False),
        ("entries(data)", False),
        ("groups[?kind=='spot'] | [0].rows", False),
    ],
)
def test_whether_a_filter_gives_the_rows(text: str, filtered: bool) -> None:
    assert is_filtered(parse(text)) is filtered
