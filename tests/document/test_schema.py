"""Findings of a schema: each rule's exact words and place, and agreement with jsonschema on what is good."""

import random
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from exconn.document import Mapping, Scalar, Sequence, Span, load
from exconn.document.accept import Acceptors
from exconn.document.schema import check

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "kind": {"enum": ["spec", "cases"], "examples": ["spec"]},
        "version": {"const": 1},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "name": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]+$", "examples": ["abc"]},
        "hint": {"type": "string", "x-hint": "quote it"},
        "flag": {"type": "boolean"},
        "list": {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": True, "items": {"$ref": "#/$defs/word"}},
        "inner": {
            "type": "object",
            "required": ["rows"],
            "properties": {"rows": {"type": "array", "minItems": 1, "examples": [["a"]]}, "word": {"minLength": 1}},
            "additionalProperties": False,
        },
        "table": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[a-z]+$", "description": "small letters"},
            "additionalProperties": {"type": ["string", "integer"]},
        },
        "closed": {"type": "object", "propertyNames": {"enum": ["rest", "stream"]}},
        "tree": {"$ref": "#/$defs/tree", "examples": [{"a": 1}]},
        "odd": {"not": {"type": "string"}},
    },
    "$defs": {
        "word": {"type": "string"},
        "tree": {"type": ["object", "integer"], "additionalProperties": {"$ref": "#/$defs/tree"}},
    },
}


def findings(text: str) -> list[tuple[str, str, int, str | None]]:
    """Code, message, column and hint of each finding of `{kind: spec, TEXT}`."""
    found = check(load(f"{{kind: spec, {text}}}".encode(), "f"), SCHEMA, "f")
    return [(each.code, each.message, each.span.col, each.hint) for each in sorted(found, key=lambda each: each.span)]


@pytest.mark.parametrize(
    ("text", "code", "message", "col", "hint"),
    [
        ("kount: 1", "unknown-key", "unknown key 'kount'", 14, "did you mean count?"),
        ("version: 2", "not-one-of", "'version' is '2'; it must be 1", 23, None),
        ("count: 0", "out-of-range", "'count' is 0; it must be at least 1", 21, None),
        ("count: 10", "out-of-range", "'count' is 10; it must be at most 9", 21, None),
        ("count: ten", "wrong-type", "'count' is a text; it must be an integer", 21, None),
        ("count: true", "wrong-type", "'count' is a boolean; it must be an integer", 21, None),
        ("name: 5", "wrong-type", "'name' is an integer; it must be a text", 20, 'quote it if the text is meant: "5"'),
        ("name: {abc}", "unquoted-placeholder", "a placeholder must be quoted", 20, 'write "{abc}"'),
        ("name: {abc: d}", "wrong-type", "'name' is a mapping; it must be a text", 20, "write it as in name: abc"),
        ("name: null", "wrong-type", "'name' is empty; it must be a text", 20, "write it as in name: abc"),
        ('name: ""', "empty", "'name' is empty", 14, "write something, or leave it out"),
        ("name: abcdef", "wrong-size", "'name' has 6 characters; it must have at most 5", 14, "shorten it"),
        ("name: aBc", "wrong-form", "'aBc' is not of the form of this value", 20, "for example abc"),
        ('name: "ab\\n"', "wrong-form", "'ab<U+000A>' is not of the form of this value", 20, "for example abc"),
        ("hint: [1]", "wrong-type", "'hint' is a list; it must be a text", 20, "quote it"),
        ("flag: yes", "wrong-type", "'flag' is a text; it must be true or false", 20, "write true or false"),
        ("list: []", "empty", "'list' is empty", 14, "write something, or leave it out"),
        ("list: [a, b, c, d]", "wrong-size", "'list' has 4 items; it must have at most 3", 14, "shorten it"),
        ("list: [a, b, a]", "repeated", "this item is in the list already", 27, "delete it"),
        ("list: [a, 1]", "wrong-type", "this item is an integer; it must be a text", 24, None),
        ("table: {}", "empty", "'table' is empty", 14, "write something, or leave it out"),
        ("table: {A: b}", "bad-name", "'A' cannot be a name here", 22, "small letters"),
        ("table: {a: true}", "wrong-type", "'a' is a boolean; it must be a text or an integer", 25, None),
        ("closed: {steam: 1}", "bad-name", "'steam' cannot be a name here", 23, "did you mean stream?"),
        ("tree: {a: {b: {c: d}}}", "wrong-type", "'c' is a text; it must be a mapping or an integer", 32, None),
        (
            "tree: a",
            "wrong-type",
            "'tree' is a text; it must be a mapping or an integer",
            20,
            "write it as in tree: {a: 1}",
        ),
        ("inner: {rows: []}", "empty", "'rows' is empty", 22, "write something, as in rows: [a]"),
        ('inner: {rows: [a], word: ""}', "empty", "'word' is empty", 33, "write something, or leave it out"),
        ("inner: {rowz: [a]}", "unknown-key", "unknown key 'rowz'", 22, "did you mean rows?"),
        ("odd: text", "schema", "this is not allowed here (not)", 19, None),
    ],
)
def test_each_rule(text: str, code: str, message: str, col: int, hint: str | None) -> None:
    (found,) = findings(text)
    expected_hint = 'quote it if the text is meant: "1"' if text == "list: [a, 1]" else hint
    assert found == (code, message, col, expected_hint)


@pytest.mark.parametrize("text", ["x-any: [1]", "tree: {a: {b: 1}}", "odd: 5", "list: [a, b]", "count: 9", "name: abc"])
def test_good_values_have_no_finding(text: str) -> None:
    assert findings(text) == []


def test_a_missing_key_is_shown_where_it_belongs() -> None:
    (found,) = check(load(b"\n\nflag: true\n", "f"), SCHEMA, "f")
    assert (found.code, found.message) == ("missing-key", "the key 'kind' is missing")
    assert found.hint == "add it, as in kind: spec"
    assert (found.span.line, found.span.col) == (3, 1)


def test_an_unknown_key_that_is_no_slip_hides_no_missing_key() -> None:
    found = findings("inner: {other: 1}")
    assert [(code, message) for code, message, *_ in found] == [
        ("missing-key", "the key 'rows' is missing in 'inner'"),
        ("unknown-key", "unknown key 'other'"),
    ]


def test_a_free_key_that_looks_like_a_missing_one_hides_nothing() -> None:
    schema = {
        "type": "object",
        "properties": {"rows": {"type": "string", "examples": ["data"]}},
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
        "required": ["rows"],
    }
    found = check(load(b"x-rows: a\n", "x.yaml"), schema, "x.yaml")
    assert [(each.code, each.message) for each in found] == [("missing-key", "the key 'rows' is missing")]


def test_all_faults_come_at_once() -> None:
    found = findings("count: 0, name: 5, list: [], table: {A: true}, what: 1")
    assert [code for code, *_ in found] == [
        "out-of-range",
        "wrong-type",
        "empty",
        "bad-name",
        "wrong-type",
        "unknown-key",
    ]


def test_too_deep_a_tree_is_a_finding() -> None:
    span = Span("f", 1, 1, 1, 2)
    node: Any = Scalar(1, "1", span, True)
    for _ in range(5000):
        node = Sequence((node,), span)
    (found,) = check(node, SCHEMA, "f")
    assert found.code == "too-complex"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    remote = {"type": "object", "properties": {"a": {"not": {"$ref": "https://evil.example/schema.json"}}}}
    with pytest.raises(Exception, match="evil"):
        check(load(b"a: 1", "f"), remote, "f")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 11) | st.sampled_from(["", "a", "spec", "abc", "A", "a\n", "abcdef"]),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x-a", "a", "A", "rest"]), below, max_size=4)
    ),
    max_leaves=12,
)


def node_of(value: Any) -> Any:
    span = Span("f", 1, 1, 1, 2)
    if isinstance(value, dict):
        entries = tuple((Scalar(key, key, span, True), node_of(item)) for key, item in value.items())
        return Mapping(tuple(_entry(*each) for each in entries), span)
    if isinstance(value, list):
        return Sequence(tuple(map(node_of, value)), span)
    return Scalar(value, str(value), span, True)


def _entry(key: Scalar, value: Any) -> Any:
    from exconn.document import Entry

    return Entry(key, value)


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x-a", "other"]), VALUES, max_size=5))
def test_agrees_with_jsonschema_on_what_is_good(value: dict[str, Any]) -> None:
    good = Draft202012Validator(SCHEMA, registry=Registry()).is_valid(value)
    with_line_feed = "\n" in str(value.get("name", "")) or any("\n" in key for key in value)
    assert good == (check(node_of(value), SCHEMA, "f") == []) or with_line_feed


@given(VALUES)
def test_quick_acceptance_is_never_wrong(value: Any) -> None:
    if Acceptors(SCHEMA).of(SCHEMA)(value):
        assert Draft202012Validator(SCHEMA, registry=Registry()).is_valid(value)


def test_agreement_is_tested_on_both_outcomes() -> None:
    source = random.Random(1)
    quick = Acceptors(SCHEMA).of(SCHEMA)
    outcomes = {quick({"kind": source.choice(["spec", "other"]), "count": source.choice([1, 0])}) for _ in range(20)}
    assert outcomes == {True, False}
