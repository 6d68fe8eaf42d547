"""What the checker accepts, the compiler compiles: odd texts in every kind of place."""

from pathlib import Path

import pytest

from exconn.compile import compile_spec, finish
from exconn.document import DocumentError
from exconn.spec import load_spec

TEXT = (Path(__file__).parents[1] / "spec" / "good" / "minimal.yaml").read_text(encoding="utf-8")

PLACES = {
    "field": ("last_id: seq", "last_id: <>"),
    "rows": ("{balance: {rows: data", "{balance: {rows: <>"),
    "match": ("- match: {topic: book}", "- match: {topic: book, <>: 1}"),
    "success": ("success: {code: 0}", "success: {<>: 0}"),
    "code": ("code: code, text", "code: <>, text"),
    "level": (
        "{rows: data, last_id: seq, bids: {rows: bids}",
        "{rows: data, last_id: seq, bids: {rows: bids, price: <>}",
    ),
    "identity": ("success: {code: 0}", "success: {<>: true}"),
    "presence": (
        "{balance: {rows: data, asset: asset,",
        "{balance: {rows: data, only: {<>: {present: true}}, asset: asset,",
    ),
}
TEXTS = [
    "&a",
    "length(a, b)",
    "sort_by(rows, price)",
    "map(&a, b)",
    "a[::0]",
    "a[::-1].b",
    "a == `NaN`",
    "not_null(a, `[1.5]`[0])",
    "[@,@][]",
    "a" + "|b" * 70,
    "a" + ".b" * 90,
    "a" + "[0]" * 90,
    "!" * 20 + "a",
    "a.*.b[].c",
    "entries(a)[?key == 'x'].value | [0]",
    "a[99999999999999999999]",
    "'\\\\u2028'",
    "'a text'",
    "as ms",
    "message",
    "__import__",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("place", PLACES)
def test_a_path_is_a_finding_or_compiles(place: str, text: str) -> None:
    written, template = PLACES[place]
    assert written in TEXT
    quoted = '"' + text.replace('"', '\\"') + '"'
    try:
        spec = load_spec(TEXT.replace(written, template.replace("<>", quoted)).encode(), "quay.yaml")
    except DocumentError as error:
        assert error.diagnostics
    else:
        finish(compile_spec(spec))


@pytest.mark.parametrize(
    "codes", ["[-2011]", "[-9223372036854775809, 1]", '["\\u2028", "\'", "\\\\"]', "[{code: true}, {code: 7}]"]
)
def test_codes_of_every_kind_compile(codes: str) -> None:
    text = TEXT.replace("order_not_found: [404]", f"order_not_found: {codes}")
    codec = compile_spec(load_spec(text.encode(), "quay.yaml"))
    finish(codec)
    assert codec.name == "quay"
