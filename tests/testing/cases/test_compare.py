"""Expectation against outcome: what is the same, and what is said where it is not."""

import pytest

from exconn.document import Entry, Mapping, load
from exconn.testing.cases.compare import compare
from exconn.testing.cases.moments import Moment
from exconn.testing.cases.told import Body, Json, Message, Told, Url

# (expected as YAML, what came)
SAME: list[tuple[str, Told]] = [
    ("a: 1", {"a": "1"}),
    ("{a: 1, b: x}", {"b": "x", "a": "1"}),
    ("a: 0.10", {"a": "0.10"}),
    ("a: [[1, 2.50]]", {"a": [[1.0, 2.5]]}),
    ("a: 1700000000 s", {"a": Moment(1_700_000_000 * 10**9)}),
    ("a: 1700000000000 ms", {"a": Moment(1_700_000_000 * 10**9)}),
    ("a: true", {"a": "true"}),
    ("a: price", {"a": Message("the price is missing")}),
    ("""a: '{"x": 1, "y": [true, null]}'""", {"a": Json('{"y":[true,null],"x":1}')}),
    ("a: pong", {"a": Json("pong")}),
    ("""a: '{"x":1}'""", {"a": Body('{"x":1}')}),
    ("a: GET https://a.example/b?c=1", {"a": Url("GET https://a.example/b?c=1")}),
    ("a: []", {"a": []}),
]

TOKEN = "eyJhIjoiYiJ9.%s.%s"

# (expected as YAML, what came, what is said)
DIFFERENT: list[tuple[str, Told, str]] = [
    ("a: 1", {"a": "2"}, "a: expected '1', came '2'"),
    ("a: 0.10", {"a": "0.1"}, "a: expected '0.10', came '0.1'"),
    ("{a: 1, b: 2}", {"a": "1"}, "b: expected '2', but nothing came"),
    ("a: 1", {"a": "1", "b": "2"}, "b: expected nothing, but '2' came"),
    ("a: 1", {"b": "2"}, "expected a '1', came b '2'"),
    ("a: [x]", {"a": ["x", "y"]}, "a[1]: expected nothing, but 'y' came"),
    ("a: [x, y]", {"a": ["x"]}, "a[1]: expected, but nothing came"),
    ("a: [x, y]", {"a": ["y", "y"]}, "a[0]: expected 'x', came 'y'"),
    ("a: [{o: {s: open}}]", {"a": [{"o": {"s": "filled"}}]}, "a[0].o.s: expected 'open', came 'filled'"),
    ("a: [{o: {s: open}}]", {"a": [{"u": {"why": "bad"}}]}, "a[0]: expected o {s: 'open'}, came u {why: 'bad'}"),
    ("a: x", {"a": ["x"]}, "a: expected 'x', came ['x']"),
    ("a: [x]", {"a": {"b": "x"}}, "a: expected ['x'], came {b: 'x'}"),
    ("a: {b: x}", {"a": "x"}, "a: expected {b: 'x'}, came 'x'"),
    ("a: 1700000000001 ms", {"a": Moment(1_700_000_000 * 10**9)}, "came 1700000000000 ms"),
    ("a: 1700000000 s", {"a": Moment(1_700_000_000_001 * 10**6)}, "came 1700000000001 ms"),
    ("a: [[1, 2]]", {"a": [[1.0, 2.5]]}, "a[0][1]: expected '2', came 2.5"),
    ("a: [[1, two]]", {"a": [[1.0, 2.0]]}, "a[0][1]: expected 'two', came 2.0"),
    ("a: size", {"a": Message("the price is missing")}, "a: expected 'size', came 'the price is missing'"),
    ("""a: '{"x": 1}'""", {"a": Json('{"x":"1"}')}, 'a.x: expected 1, came "1"'),
    ("""a: '{"x": 1.0}'""", {"a": Json('{"x":1}')}, "a.x: expected 1.0, came 1"),
    ("""a: '{"x": {"y": [1]}}'""", {"a": Json('{"x":{"y":[2]}}')}, "a.x.y[0]: expected 1, came 2"),
    ("""a: '{"x": [1]}'""", {"a": Json('{"x":[1,2]}')}, "a.x: expected"),
    ("""a: '{"x": 1}'""", {"a": Json("{}")}, "a.x: expected 1, but nothing came"),
    ("a: pong", {"a": Json("ping")}, "a: expected 'pong', came 'ping'"),
    (
        f"a: Bearer {TOKEN % ('eyJ4IjoxfQ', 'AA')}",
        {"a": f"Bearer {TOKEN % ('eyJ4IjoyfQ', 'AB')}"},
        "a.claims.x: expected 1, came 2",
    ),
    (
        f"a: {TOKEN % ('eyJ4IjoxfQ', 'AA')}",
        {"a": TOKEN % ("eyJ4IjoxfQ", "AB")},
        "a.signature: expected 'AA', came 'AB', over the same",
    ),
    (f"a: {TOKEN % ('eyJ4IjoxfQ', 'AA')}", {"a": TOKEN % ("eyJ4Ijox", "AA")}, "a.claims: expected"),
    (f"a: {TOKEN % ('eyJ4IjoxfQ', 'AA')}", {"a": "none"}, "came 'none'"),
    ("""a: '{"x":1,"y":2}'""", {"a": Body('{"y":2,"x":1}')}, "a: expected"),
    ("""a: '{"x": 1}'""", {"a": Body('{"x":1}')}, "a: expected"),
    ("""a: '{"x":1}'""", {"a": Body('{"x":2}')}, "a.x: expected 1, came 2"),
    ("a: x=1&y=2", {"a": Body("x=1&y=3")}, 'a.y: expected "2", came "3"'),
    ("a: x=1&y=2", {"a": Body("y=2&x=1")}, "a: expected 'x=1&y=2', came 'y=2&x=1'"),
    ("a: GET https://a.example/b", {"a": Url("GET https://a.example/c")}, "a: expected 'GET https://a.example/b'"),
    ("a: GET https://a.example/b?c=1", {"a": Url("GET https://a.example/b?c=2")}, 'a.c: expected "1", came "2"'),
    ("a: GET https://a.example/b?c=1", {"a": Url("GET https://a.example/b")}, 'a.c: expected "1", but nothing came'),
    ("a: GET https://a.example/b", {"a": Url("GET https://a.example/b?c=1")}, 'a.c: expected nothing, but "1" came'),
    ("a: G https://a.example/?c=1&d=2", {"a": Url("G https://a.example/?d=2&c=1")}, "a: expected 'G https"),
]


@pytest.mark.parametrize(("expected", "told"), SAME)
def test_the_same(expected: str, told: Told) -> None:
    assert list(compare(load(expected.encode(), "x.yaml"), told)) == []


@pytest.mark.parametrize(("expected", "told", "said"), DIFFERENT)
def test_a_difference(expected: str, told: Told, said: str) -> None:
    [found] = compare(load(expected.encode(), "x.yaml"), told)
    assert said in found.why


def test_a_difference_stands_at_its_expectation() -> None:
    node = load(b"gives:\n  - order:\n      state: open\n      price: 1\n", "x.yaml")
    found = list(compare(node, {"gives": [{"order": {"state": "filled", "price": "1", "side": "buy"}}]}))
    assert [(each.span.line, each.span.col, each.path) for each in found] == [
        (3, 14, ("gives", 0, "order", "state")),
        (3, 7, ("gives", 0, "order", "side")),
    ]


def test_a_long_value_is_cut() -> None:
    node = load(b"a: x", "x.yaml")
    assert isinstance(node, Mapping) and isinstance(node.entries[0], Entry)
    [found] = compare(node, {"a": "y" * 5000})
    assert len(found.why) < 250
