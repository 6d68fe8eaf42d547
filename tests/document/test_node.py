"""Positions, paths and plain data of a tree."""

from collections.abc import Iterator

import pytest
import yaml

from exconn.document import Entry, Mapping, Node, Scalar, Sequence, Span, find, key_span, load, to_plain

SAMPLE = """\
# a sample
name: "x: y"
été: [one,  two , 'th''ree', {k: v, 漢字: 漢}]
nested:
    - key: plain text with words   # comment
      other: -5

    -   - deep
        - "esc\\taped"
empty:
text: |
  block
  lines

last: {}
"""


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        for entry in node.entries:
            yield entry.key
            yield from scalars(entry.value)


def source_of(span: Span, text: str) -> str:
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    assert span.end_line is not None and span.end_col is not None
    if span.line == span.end_line:
        return lines[span.line - 1][span.col - 1 : span.end_col - 1]
    return "\n".join(
        [
            lines[span.line - 1][span.col - 1 :],
            *lines[span.line : span.end_line - 1],
            lines[span.end_line - 1][: span.end_col - 1],
        ]
    )


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["bare", "bom"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_every_scalar_stands_where_its_span_says(start: str, line_end: str) -> None:
    root = load((start + SAMPLE.replace("\n", line_end)).encode(), "x.yaml")
    written = {
        "x: y": '"x: y"',
        "th'ree": "'th''ree'",
        "esc\taped": '"esc\\taped"',
        "block\nlines\n": "|\n  block\n  lines\n\n",
    }
    seen = [(source_of(each.span, SAMPLE), written.get(each.text, each.text)) for each in scalars(root)]
    assert len(seen) == 22
    assert [found for found, _ in seen] == [expected for _, expected in seen]


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        ([], "2:1-15:9", "2:1-15:9"),
        (["name"], "2:7-2:13", "2:1-2:5"),
        (["été", 2], "3:19-3:28", "3:19-3:28"),
        (["été", 3, "漢字"], "3:41-3:42", "3:37-3:39"),
        (["nested"], "5:5-9:22", "4:1-4:7"),
        (["nested", 0], "5:7-6:16", "5:7-6:16"),
        (["nested", 0, "other"], "6:14-6:16", "6:7-6:12"),
        (["empty"], "10:7-10:7", "10:1-10:6"),
        (["last"], "15:7-15:9", "15:1-15:5"),
    ],
)
def test_a_path_leads_to_a_value_and_to_its_key(path: list[str | int], value: str, key: str) -> None:
    root = load(SAMPLE.encode(), "x.yaml")
    shown = [f"{s.line}:{s.col}-{s.end_line}:{s.end_col}" for s in (find(root, path).span, key_span(root, path))]
    assert shown == [value, key]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (["nam"], "x.yaml:2:1: the mapping here has no 'nam'"),
        ([0], "x.yaml:2:1: the mapping here has no item 0"),
        (["été", 4], "x.yaml:3:6: the sequence here has no item 4"),
        (["été", -1], "x.yaml:3:6: the sequence here has no item -1"),
        (["name", "x"], "x.yaml:2:7: the scalar here has no 'x'"),
    ],
)
def test_a_path_that_leads_nowhere(path: list[str | int], message: str) -> None:
    root = load(SAMPLE.encode(), "x.yaml")
    for follow in (find, key_span):
        with pytest.raises(LookupError) as caught:
            follow(root, path)
        assert str(caught.value) == message


def test_plain_data() -> None:
    assert to_plain(load(SAMPLE.encode(), "x.yaml")) == {
        "name": "x: y",
        "été": ["one", "two", "th'ree", {"k": "v", "漢字": "漢"}],
        "nested": [{"key": "plain text with words", "other": -5}, ["deep", "esc\taped"]],
        "empty": None,
        "text": "block\nlines\n",
        "last": {},
    }


@pytest.mark.parametrize(
    ("data", "plain"), [(b"[]", []), (b"x", "x"), (b'{"a": [1, "b", null, true]}', {"a": [1, "b", None, True]})]
)
def test_a_root_may_be_anything_and_json_is_read_too(data: bytes, plain: object) -> None:
    assert to_plain(load(data, "x.yaml")) == plain


def test_a_mapping_gives_its_entries_by_key() -> None:
    span = Span("x.yaml", 1, 1)
    key = Scalar("a", "a", span, True)
    mapping = Mapping((Entry(key, key),), span)
    assert (mapping.get("a"), mapping.entry("a"), mapping.get("b"), mapping.entry("b")) == (
        key,
        Entry(key, key),
        None,
        None,
    )
    assert mapping == Mapping((Entry(key, key),), span)


def test_without_the_c_library_the_same_tree_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load(SAMPLE.encode(), "x.yaml")
    monkeypatch.setattr("exconn.document.events._PARSER", yaml.BaseLoader)
    assert load(SAMPLE.encode(), "x.yaml") == expected
