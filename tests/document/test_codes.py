"""Every code of the YAML pass: one broken file and the exact text that is shown for it."""

import pytest

from exconn.document import DocumentError, load, readable, render_text

DEEP = "[" * 33
LONG = "b" * 16_385

# code, file, place, message, hint
_IN_FLOW = 'quote the whole text, as in {code: "data[0].code"}, or put "," before what follows'
CASES: list[tuple[str, str | bytes, str, str, str]] = [
    ("alias", "a: *x\n", "1:4", "the alias '*x' is not allowed", "write the value out"),
    ("anchor", "a: &x 1\n", "1:4", "the anchor '&x' is not allowed", "write the value out"),
    ("anchor", "a: &x {b: 1}\n", "1:4", "the anchor '&x' is not allowed", "write the value out"),
    ("tag", "a: !!python/object:os.system x\n", "1:4",
     "the tag 'tag:yaml.org,2002:python/object:os.system' is not allowed",
     "delete it, or quote a text that begins with '!'"),
    ("tag", "a: !t [1]\n", "1:4", "the tag '!t' is not allowed", "delete it, or quote a text that begins with '!'"),
    ("tag", "a: ! b\n", "1:4", "the tag '!' is not allowed", "delete it, or quote a text that begins with '!'"),
    ("tag", "a: !x!y b\n", "1:4", "tags are not allowed", "delete it, or quote a text that begins with '!'"),
    ("merge-key", "a:\n  <<: {b: 1}\n", "2:3", "merge keys are not allowed", "write the keys out where they belong"),
    ("duplicate-key", "a: 1\nb: 2\n'a': 3\n", "3:1", "the key 'a' is given twice; first on line 1",
     "delete one of the two"),
    ("key-not-text", "1: x\n", "1:1", "the key '1' is an integer; keys are text", 'quote it: "1"'),
    ("key-not-text", "true: x\n", "1:1", "the key 'true' is a boolean; keys are text", 'quote it: "true"'),
    ("key-not-text", "null: x\n", "1:1", "the key 'null' is null; keys are text", 'quote it: "null"'),
    ("key-not-text", "?\n: x\n", "1:2", "a key is missing here", "write a key before the ':'"),
    ("key-not-text", "? [a]\n: 1\n", "1:3", "a key cannot be a list or a mapping", "write a text as the key"),
    ("key-not-text", "? a: b\n: 1\n", "1:3", "a key cannot be a list or a mapping", "write a text as the key"),
    ("directive", "%YAML 1.1\n---\na: 1\n", "1:1", "directives are not allowed",
     "delete the line that begins with '%'"),
    ("directive", "%TAG ! x,2000:\n---\na: 1\n", "1:1", "directives are not allowed",
     "delete the line that begins with '%'"),
    ("directive", "%YAML 3.0\n---\na: 1\n", "1:1", "directives are not allowed",
     "delete the line that begins with '%'"),
    ("multiple-documents", "a: 1\n---\nb: 2\n", "2:1", "a second document begins here",
     "delete the '---' or '...' line"),
    ("multiple-documents", "a: 1\n...\nb: 2\n", "3:1", "a second document begins here",
     "delete the '---' or '...' line"),
    ("empty-document", "", "1:1", "the file holds nothing", "write 'key: value' lines"),
    ("empty-document", "# only a comment\n", "1:1", "the file holds nothing", "write 'key: value' lines"),
    ("empty-document", "---\n", "1:1", "the file holds nothing", "write 'key: value' lines"),
    ("too-deep", f"{DEEP}\n", "1:33", "more than 32 levels of lists and mappings", "nest less deeply"),
    ("too-many-nodes", "[" + "a," * 50_001 + "]", "1:100002", "more than 50000 nodes in one file",
     "move data out of this file"),
    ("too-large", b"#" * 524_289, "1:1", "the file has more than 524288 bytes", "move data out of it"),
    ("scalar-too-long", f"a: {LONG}\n", "1:4", "a text of 16385 characters; the limit is 16384", "shorten it"),
    ("not-utf8", b"a: 1\nb: \xc3\xa9\xff\n", "2:5", "byte 0xff here is not UTF-8 text", "save the file as UTF-8"),
    ("not-utf8", "a: 1\n".encode("utf-16"), "1:1", "byte 0xff here is not UTF-8 text",
     "save the file as UTF-8 (it looks like UTF-16)"),
    ("not-utf8", b"a: \xed\xa0\x80\n", "1:4", "byte 0xed here is not UTF-8 text", "save the file as UTF-8"),
    ("control-character", b"a: \x00\n", "1:4", "the character U+0000 is not allowed here",
     r'delete it, or write it as "\x00" in double quotes'),
    ("control-character", "a: 1\nb: x\u202ey\n", "2:5",
     "the character U+202E (RIGHT-TO-LEFT OVERRIDE) is not allowed here",
     r'delete it, or write it as "\u202e" in double quotes'),
    ("control-character", "a: 1\u2028b: 2\n", "1:5", "the character U+2028 (LINE SEPARATOR) is not allowed here",
     r'delete it, or write it as "\u2028" in double quotes'),
    ("control-character", "a: 1\rb: 2\n", "1:5", "a carriage return without a line feed is not allowed here",
     "end lines with LF or CRLF"),
    ("yaml-syntax", "a:\n\tb: 1\n", "2:1", "a tab cannot indent", "indent with spaces"),
    ("yaml-syntax", "a:\n  b: 1\n\tc: 2\n", "3:1", "a tab cannot indent", "indent with spaces"),
    ("yaml-syntax", "a: @b\n", "1:4", "an unquoted text cannot begin with '@'", "quote it"),
    ("yaml-syntax", "a: b: c\n", "1:5", "a ': ' cannot stand here", "quote a text with ': ' in it, or indent properly"),
    ("yaml-syntax", 'a: 1\nb: "c\nd: e\n', "2:4", "these quotes are never closed", "add the closing quote"),
    ("yaml-syntax", 'a: "b\n---\nc: "\n', "1:4", "a document marker within these quotes",
     "add the closing quote before it"),
    ("yaml-syntax", "a: [b, c\nd: 1\n", "2:2", "a '[' list is not closed properly; it begins on line 1",
     "put ',' between, end with ']'"),
    ("yaml-syntax", "a: [b,\n\n", "1:7", "the file ends too early", "close what was opened by '[' or '{'"),
    ("yaml-syntax", "[", "1:2", "the file ends too early", "close what was opened by '[' or '{'"),
    ("yaml-syntax", "a: {b: c\nd: 1\n", "2:2", "a '{' mapping is not closed properly; it begins on line 1",
     "put ',' between, end with '}'"),
    ("yaml-syntax", "a: {b: c[0].d || e, f: g}\n", "1:9", "'[' cannot stand in an unquoted text inside { }", _IN_FLOW),
    ("yaml-syntax", "a: [b, c{d}]\n", "1:9", "'{' cannot stand in an unquoted text inside [ ]", _IN_FLOW),
    ("yaml-syntax", "a: {base}-{quote}\n", "1:10", "a text that begins with '{' reads as a mapping",
     "quote the whole text"),
    ("yaml-syntax", "a:\n   b: 1\n  c: 1\n", "3:3", "this does not continue the mapping",
     "align it with the keys above, or quote it"),
    ("yaml-syntax", "a:\n  - 1\n  b: 2\n", "3:3", "this does not continue the list", "align it with the '-' above"),
    ("yaml-syntax", "a: 1\nb\nc: 2\n", "2:1", "a key without ': ' after it", "write 'key: value'"),
    ("yaml-syntax", "a: * b\n", "1:5", "'*' and '&' cannot begin an unquoted text", "quote it"),
    ("yaml-syntax", "a: *", "1:5", "'*' and '&' cannot begin an unquoted text", "quote it"),
    ("yaml-syntax", 'a: "\\q"\n', "1:5", "unknown escape in double quotes", r"write '\\', or use single quotes"),
    ("yaml-syntax", 'a: "\\x1"', "1:7", "this escape lacks digits", r"write all digits, or '\\' for a backslash"),
    ("yaml-syntax", "a: - b\n", "1:4", "a '- ' cannot stand here", "begin a list on a line of its own, or quote it"),
    ("yaml-syntax", "a: ? b\n", "1:4", "a '? ' cannot stand here", "quote it"),
    ("yaml-syntax", 'a: "\\ud800"\n', "1:7", "this escape is no character", "escape a Unicode character"),
    ("yaml-syntax", "a: |x\n  b\n", "1:5", "text after '|' or '>'", "begin the text on the next line, or quote it"),
    ("yaml-syntax", "a: ]\n", "1:4", "a key or a value is missing before this", "write it, or quote this text"),
]  # fmt: skip


def refusal(data: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        load(data.encode() if isinstance(data, str) else data, "x.yaml")
    return caught.value


@pytest.mark.parametrize(("code", "data", "place", "message", "hint"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES])
def test_a_broken_file_is_refused_with_this_text(
    code: str, data: str | bytes, place: str, message: str, hint: str
) -> None:
    first = refusal(data).diagnostics[0]
    assert str(first) == f"x.yaml:{place}: error[{code}] {message}"
    assert first.hint == hint


@pytest.mark.parametrize(("code", "data"), [(case[0], case[1]) for case in CASES])
def test_a_broken_file_yields_one_finding_and_renders(code: str, data: str | bytes) -> None:
    error = refusal(data)
    assert [diagnostic.code for diagnostic in error.diagnostics] == [code]
    raw = data.encode() if isinstance(data, str) else data
    shown = render_text(error.diagnostics, {"x.yaml": readable(raw)}).split("\n")
    assert [line.partition(" ")[0] for line in (shown[0], shown[3])] == [f"{error.diagnostics[0].span}:", "hint:"]
    assert shown[2].strip(" |^") == "" and "^" in shown[2]
    assert max(map(len, shown)) < 140


def test_all_findings_of_the_pass_come_at_once_in_the_order_of_the_file() -> None:
    error = refusal("a: &x 1\n2: b\na: 3\nc: *x\nd: !t e\nf: g: h\n")
    found = [(d.span.line, d.code) for d in error.diagnostics]
    assert found == [
        (1, "anchor"), (2, "key-not-text"), (3, "duplicate-key"), (4, "alias"), (5, "tag"), (6, "yaml-syntax"),
    ]  # fmt: skip
    assert str(error).split("\n")[2] == "x.yaml:3:1: error[duplicate-key] the key 'a' is given twice; first on line 1"


@pytest.mark.parametrize(
    ("data", "code"),
    [("".join(f"k{i}: &a 1\n" for i in range(5000)), "anchor"), ("\x00" * 5000, "control-character")],
)
def test_the_report_of_a_hostile_file_is_bounded(data: str, code: str) -> None:
    found = refusal(data).diagnostics
    assert [d.code for d in found] == [code] * 100 + ["too-many-findings"]
    assert found[-1].message == "more than 100 findings in this pass; the others are not shown"


def test_what_a_file_says_cannot_forge_lines_of_the_report() -> None:
    error = refusal('"a\\n::error::\\e[31m": 1\n"a\\n::error::\\e[31m": 2\n')
    assert str(error) == (
        "x.yaml:2:1: error[duplicate-key] the key 'a<U+000A>::error::<U+001B>[31m' is given twice; first on line 1"
    )
