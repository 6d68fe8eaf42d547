"""The three small languages: what is read, and every way of being wrong with its exact column."""

import pytest

from exconn.document import Findings, Scalar, Span
from exconn.spec.jmespath.budget import DEEPEST_BRACKETS, LONGEST_TEXT
from exconn.spec.pieces import Cast, Hole, Source
from exconn.spec.read import read_path, read_reading, read_template
from exconn.spec.read.paths import find_fault, number_literal


def scalar(text: str, plain: bool = True) -> Scalar:
    """`text` at line 1, column 11; quoted, its first character is at column 12."""
    return Scalar(text, text, Span("f", 1, 11, 1, 11 + len(text) + (0 if plain else 2)), plain)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("GET", ("GET",)),
        ("{price}", (Hole("price"),)),
        ("{price:number}", (Hole("price", "number"),)),
        ("a{base:lower}_{quote:upper}", ("a", Hole("base", "lower"), "_", Hole("quote", "upper"))),
        ("{symbol.rest}", (Hole("symbol.rest"),)),
        ("{/data.ping:number}", (Hole("/data.ping", "number"),)),
    ],
)
def test_templates(text: str, parts: tuple[object, ...]) -> None:
    findings = Findings()
    assert read_template(scalar(text), findings).parts == parts
    assert not findings.has_errors


@pytest.mark.parametrize(
    ("text", "col", "message"),
    [
        ("a{b", 12, "'{' here is not part of a placeholder"),
        ("ab}", 13, "'}' here is not part of a placeholder"),
        ("{Upper}", 11, "'{' here is not part of a placeholder"),
        ("{a}{b:loud}", 17, "'loud' is not a suffix"),
        ("x{a:number}", 15, "':number' stands inside a text"),
        ("{{a}}", 11, "'{' here is not part of a placeholder"),
        ("{a\n}", 11, "'{' here is not part of a placeholder"),
    ],
)
@pytest.mark.parametrize("plain", [True, False])
def test_broken_templates(text: str, col: int, message: str, plain: bool) -> None:
    findings = Findings()
    read_template(scalar(text, plain), findings)
    first = findings.sorted()[0]
    assert (first.code, first.message) == ("bad-template", message)
    assert first.span.col == col + (0 if plain else 1)


def test_columns_of_an_escaped_text_are_those_of_the_scalar() -> None:
    findings = Findings()
    read_template(Scalar("é}", "é}", Span("f", 1, 11, 1, 20), False), findings)
    assert findings.sorted()[0].span == Span("f", 1, 11, 1, 20)


@pytest.mark.parametrize(
    ("text", "path", "cast", "or_none"),
    [
        ("price", "price", None, False),
        ("price or none", "price", None, True),
        ("time as ms", "time", Cast("ms"), False),
        ("time  as  ms  or  none", "time", Cast("ms"), True),
        ("[0] as side", "[0]", Cast("side"), False),
        ("s as symbol.rest", "s", Cast("symbol.rest"), False),
        ("p as split_pair(/, 1)", "p", Cast("split_pair", ("/", 1)), False),
        ("p as split_pair(', ', 0) or none", "p", Cast("split_pair", (", ", 0)), True),
        ("p as prefixed(t-)", "p", Cast("prefixed", ("t-",)), False),
        ("p as prefixed('12')", "p", Cast("prefixed", ("12",)), False),
        ("x[?y=='a as b'].z", "x[?y=='a as b'].z", None, False),
        ("x || y", "x || y", None, False),
    ],
)
def test_readings(text: str, path: str, cast: Cast | None, or_none: bool) -> None:
    findings = Findings()
    reading = read_reading(scalar(text), findings)
    assert not findings.has_errors
    assert reading.path is not None
    assert (reading.source, reading.path.text, reading.cast, reading.or_none) == (Source.PATH, path, cast, or_none)


def test_a_slash_starts_at_the_top() -> None:
    path = read_path(scalar("/data.symbol"), Findings())
    assert (path.text, path.from_top) == ("data.symbol", True)


@pytest.mark.parametrize(
    ("text", "source", "word"),
    [("always buy", "always", "buy"), ("by state", "by", "state"), ("quote of symbol", "part", "quote")],
)
def test_readings_without_a_path(text: str, source: str, word: str) -> None:
    reading = read_reading(scalar(text), Findings())
    assert (reading.source.value, reading.word, reading.path) == (source, word, None)


@pytest.mark.parametrize(
    ("text", "code", "col"),
    [
        ("time as", "bad-reading", 16),
        ("time as Ms", "bad-reading", 16),
        ("p as pow10_neg(2)", "bad-reading", 16),
        ("p as split_pair(/)", "bad-reading", 16),
        ("p as table(1)", "bad-reading", 16),
        ("a..b", "bad-path", 13),
        ("a.sum(b)", "banned-function", 13),
        ("nope(b)", "bad-path", 11),
        ("a[", "bad-path", 12),
    ],
)
def test_broken_readings(text: str, code: str, col: int) -> None:
    findings = Findings()
    read_reading(scalar(text), findings)
    (found,) = findings.sorted()
    assert (found.code, found.span.col) == (code, col)


@pytest.mark.parametrize(
    "bomb",
    [
        "a" * (LONGEST_TEXT + 1),
        "[" * (DEEPEST_BRACKETS + 1),
        "(" * 2000,
        "!" * 1999 + "a",
        "&" * 500,
        "a.b || " * 200 + "c",
        "join('a',[a,a])",
        "to_number(&!!*)",
        "`" + "[" * 1500,
        "a" + ".b" * 900 + "[0]",
        "\x00",
        "'" * 3,
    ],
)
def test_hostile_paths_are_a_finding_or_harmless(bomb: str) -> None:
    fault = find_fault(bomb)
    assert fault is None or fault.message


def test_library_bugs_are_findings() -> None:
    fault = find_fault("'x'<`1`" + "<" * 10)
    assert fault is not None and fault.code == "bad-path"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("&a", "`&` stands only before"),
        ("length(a, b)", "takes 1 argument"),
        ("sort_by(rows, price)", "write `&` before it"),
        ("a[::0]", "step 0"),
        ("a == `NaN`", "not a number of JSON"),
        ("[@,@][]" + " | [@,@][]" * 20, "multiply"),
        ("a" + "|b" * 100, "steps deep"),
        ("!" * 30 + "a", "operators in a row"),
    ],
)
def test_what_could_not_be_compiled_is_a_finding_of_the_checker(path: str, why: str) -> None:
    fault = find_fault(path)
    assert fault is not None and fault.code == "bad-path" and why in fault.message


@pytest.mark.parametrize(
    ("path", "place"),
    [("a || `0.5`", (5, 10)), ("not_null(a, `[0.5]`[0])", (12, 19)), ('a || `{"k": [1]}`.k[0]', (5, 17))],
)
def test_number_literals_are_found_at_any_depth(path: str, place: tuple[int, int]) -> None:
    assert number_literal(path) == place


@pytest.mark.parametrize("path", ["a", 'a || `"0.5"`', "a || `true`", "'`1`'"])
def test_what_is_no_number_literal(path: str) -> None:
    assert number_literal(path) is None
