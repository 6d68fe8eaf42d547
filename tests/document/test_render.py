"""Diagnostics as text, JSON and workflow commands."""

import json

import pytest

from exconn.document import Diagnostic, Span, render_github, render_json, render_text
from exconn.document.excerpt import excerpt


def at(line: int, col: int, end_col: int | None = None, file: str = "x.yaml") -> Span:
    return Span(file, line, col, None if end_col is None else line, end_col)


def test_text_of_two_diagnostics() -> None:
    found = [
        Diagnostic("unknown-key", "'nmae' is no key here", at(1, 1, 5), "did you mean 'name'?"),
        Diagnostic("odd", "this is odd", at(12, 3), severity="warning"),
    ]
    source = "nmae: x\n" + "\n" * 10 + "a: b\r\n"
    assert render_text(found, {"x.yaml": source}).split("\n") == [
        "x.yaml:1:1: error[unknown-key] 'nmae' is no key here",
        "   1 | nmae: x",
        "     | ^^^^",
        "hint: did you mean 'name'?",
        "",
        "x.yaml:12:3: warning[odd] this is odd",
        "  12 | a: b",
        "     |   ^",
        "",
    ]


@pytest.mark.parametrize("sources", [{}, {"y.yaml": "a"}, {"x.yaml": "a\nb"}], ids=["none", "other", "too-short"])
def test_text_without_the_line(sources: dict[str, str]) -> None:
    assert render_text([Diagnostic("c", "m", at(3, 1))], sources) == "x.yaml:3:1: error[c] m\n"


@pytest.mark.parametrize(
    ("line", "span", "text", "carets"),
    [
        ("abc", at(1, 2), "abc", " ^"),
        ("abc", at(1, 2, 4), "abc", " ^^"),
        ("abc", at(1, 2, 2), "abc", " ^"),
        ("abc", at(1, 2, 99), "abc", " ^^"),
        ("abc", at(1, 9), "abc", "   ^"),
        ("", at(1, 1), "", "^"),
        ("abc", Span("x", 1, 2, 5, 9), "abc", " ^"),
        ("\ta\tb", at(1, 4, 5), "    a    b", "         ^"),
        ("漢字: 漢", at(1, 5, 6), "漢字: 漢", "      ^^"),
        ("e\u0301x", at(1, 3, 4), "e\u0301x", " ^"),
        ("a\x1b[31mb", at(1, 7, 8), "a<U+001B>[31mb", "             ^"),
        ("a\u202eb", at(1, 2, 3), "a<U+202E>b", " ^^^^^^^^"),
        ("x" * 70 + "y", at(1, 71, 72), "…" + "x" * 60 + "y", " " * 61 + "^"),
        ("y" * 70, at(1, 1, 71), "y" * 60 + "…", "^" * 60),
        ("漢" * 80, at(1, 41, 42), "…" + "漢" * 60 + "…", " " * 61 + "^^"),
    ],
)
def test_excerpt(line: str, span: Span, text: str, carets: str) -> None:
    assert excerpt(line, span) == (text, carets)


def test_a_line_of_half_a_megabyte_is_cut_around_the_caret() -> None:
    text, carets = excerpt("\x00" * 300_000 + "!" + "\u202e" * 200_000, at(1, 300_001, 300_002))
    assert carets.index("^") == text.index("!") and len(text) < 125


def test_json_is_an_array_with_stable_keys() -> None:
    found = [Diagnostic("c", "mé", Span("x.yaml", 1, 2, 1, 5), "h"), Diagnostic("d", "n", at(3, 4), severity="note")]
    rows = json.loads(render_json(found))
    keys = ["file", "line", "col", "end_line", "end_col", "severity", "code", "message", "hint"]
    assert [list(row) for row in rows] == [keys, keys]
    assert list(rows[0].values()) == ["x.yaml", 1, 2, 1, 5, "error", "c", "mé", "h"]
    assert list(rows[1].values()) == ["x.yaml", 3, 4, None, None, "note", "d", "n", None]
    assert json.loads(render_json([])) == []


@pytest.mark.parametrize(
    ("diagnostic", "line"),
    [
        (Diagnostic("c", "m", at(1, 2)), "::error file=x.yaml,line=1,col=2,title=c::m"),
        (Diagnostic("c", "100%: a, b", at(1, 2), "h"),
         "::error file=x.yaml,line=1,col=2,title=c::100%25: a, b%0Ahint: h"),
        (Diagnostic("c", "m", at(1, 2, file="a,b:c%.yaml"), severity="warning"),
         "::warning file=a%2Cb%3Ac%25.yaml,line=1,col=2,title=c::m"),
        (Diagnostic("c", "m", at(1, 2), severity="note"), "::notice file=x.yaml,line=1,col=2,title=c::m"),
        (Diagnostic("c", "a\r\n::error::b", at(1, 2)),
         "::error file=x.yaml,line=1,col=2,title=c::a<U+000D><U+000A>::error::b"),
    ],
)  # fmt: skip
def test_github(diagnostic: Diagnostic, line: str) -> None:
    assert render_github([diagnostic]) == line + "\n"


def test_text_writes_out_what_would_not_print() -> None:
    found = Diagnostic("c", "a\nb\x1b[2J", at(1, 1, file="x\n.yaml"), "h\u202e")
    assert render_text([found], {}) == "x<U+000A>.yaml:1:1: error[c] a<U+000A>b<U+001B>[2J\nhint: h<U+202E>\n"
