"""Which edits are made: of each small language, and of everything that the cases have to notice."""

from collections.abc import Callable, Iterator
from itertools import accumulate

import pytest

from exconn.document import Mapping, Node, Scalar, Sequence, load
from exconn.testing.mutation import mutants_of
from exconn.testing.mutation.edit import Mutant, Site, Steps
from exconn.testing.mutation.matches import match_mutants
from exconn.testing.mutation.paths import elsewhere
from exconn.testing.mutation.readings import reading_mutants, record_mutants
from exconn.testing.mutation.signing import recipe_mutants
from exconn.testing.mutation.tables import decision_mutants, errors_mutants, words_mutants
from exconn.testing.mutation.templates import http_mutants, table_mutants, template_texts


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("GTC", ["GTCx"]),
        ("{price}", ["x"]),
        ("{base:lower}", ["x", "{base}", "{quote:lower}"]),
        ("/a/{client_id}", ["{client_id}", "/a/x{client_id}", "/a/", "/a/x", "{client_id}/a/"]),
        ("{time_ms}{body}", ["{body}", "x{body}", "{time_s}{body}", "{time_ms}", "{time_ms}x", "{body}{time_ms}"]),
    ],
)
def test_templates(text: str, edits: list[str]) -> None:
    assert list(template_texts(text)) == edits


@pytest.mark.parametrize(
    ("path", "other"),
    [("a.b", "a.bx"), ("[13]", "[14]"), ('a."b c"', 'a."b cx"'), ("keys(@)", "nothing_of_this_name"), ("/ts", "/tsx")],
)
def test_paths(path: str, other: str) -> None:
    assert elsewhere(path) == other


def under(text: str, *keys: str) -> Site:
    """The site at some keys of a document."""
    root = load(text.encode(), "t.yaml")
    site = Site((), root, root.span).get(*keys)
    assert site is not None
    return site


@pytest.mark.parametrize(
    ("reading", "edits"),
    [
        ("size", ["sizex", "/size", "size or none"]),
        ("/ts as us", ["/tsx as us", "ts as us", "/ts as ms", "/ts as us or none"]),
        ("a as s or none", ["ax as s or none", "/a as s or none", "a as ms or none", "a as s"]),
        ("p as prefixed(t)", ["px as prefixed(t)", "/p as prefixed(t)", "p", "p as prefixed(t) or none"]),
        ("a as negated", ["ax as negated", "/a as negated", "a", "a as negated or none"]),
        ("always maker", ["always taker"]),
        ("quote of symbol", ["base of symbol"]),
        ("by state", []),
    ],
)
def test_readings(reading: str, edits: list[str]) -> None:
    mutants = reading_mutants(under(f"f: {reading}", "f"), has_rows=True)
    assert [mutant.node.text for mutant in mutants if isinstance(mutant.node, Scalar)] == edits


def test_an_index_of_a_reading() -> None:
    mutants = reading_mutants(under("f: p as split_pair(_, 0)", "f"), has_rows=False, may_lack=False)
    assert [mutant.change for mutant in mutants] == [
        "f: 'p as split_pair(_, 0)' becomes 'px as split_pair(_, 0)'",
        "f: 'p as split_pair(_, 0)' becomes 'p as split_pair('_', 1)'",
    ]


def records(site: Site) -> Iterator[Mutant]:
    return record_mutants(site, "price", site)


def recipes(site: Site) -> Iterator[Mutant]:
    return recipe_mutants(site, ["key", "secret"])


@pytest.mark.parametrize(
    ("make", "text", "changes"),
    [
        (
            table_mutants,
            "{a: '{x}', b: 1, c: [true]}",
            {
                "t.a: left out",
                "t.a: named 'ax'",
                "t.a: '{x}' becomes 'x'",
                "t.b: left out",
                "t.b: named 'bx'",
                "t.b: 1 becomes 2",
                "t.c: left out",
                "t.c: named 'cx'",
                "t.c[0]: left out",
                "t.c[0]: true becomes false",
                "t: a and b change places",
                "t: b and c change places",
            },
        ),
        (http_mutants, "GET /a", {"t: 'GET /a' becomes 'POST /a'", "t: 'GET /a' becomes 'GET /ax'"}),
        (
            match_mutants,
            "{a: 0, b: ['1', x], c: {present: true}}",
            {
                "t.a: left out",
                "t.a: named 'ax'",
                "t.a: 0 becomes 1",
                "t.a: 0 becomes '0'",
                "t.b: left out",
                "t.b: named 'bx'",
                "t.b[0]: left out",
                "t.b[0]: '1' becomes '1x'",
                "t.b[0]: '1' becomes 1",
                "t.b[1]: left out",
                "t.b[1]: 'x' becomes 'xx'",
                "t.c: left out",
                "t.c: named 'cx'",
                "t.c.present: true becomes false",
            },
        ),
        (
            words_mutants,
            "{open: [new], filled: 2, otherwise: unchanged}",
            {
                "t.open[0]: left out",
                "t.open[0]: 'new' becomes 'newx'",
                "t.filled: left out",
                "t.filled: 2 becomes 3",
                "t.filled: 2 becomes '2'",
                "t: open and filled change places",
                "t.otherwise: left out",
            },
        ),
        (
            decision_mutants,
            "[{when: {a: x}, is: open}]",
            {
                "t[0]: left out",
                "t[0].when.a: left out",
                "t[0].when.a: named 'ax'",
                "t[0].when.a: 'x' becomes 'xx'",
                "t[0].is: 'open' becomes 'pending'",
            },
        ),
        (
            errors_mutants,
            "{auth: [1, {code: E, text: key}], rejected: ['2']}",
            {
                "t.auth[0]: left out",
                "t: '1' moves from auth to rejected",
                "t.auth[1]: left out",
                "t: {'code': 'E', 'text': 'key'} moves from auth to rejected",
                "t.auth[1].code: left out",
                "t.auth[1].code: 'E' becomes 'Ex'",
                "t.auth[1].text: left out",
                "t.auth[1].text: 'key' becomes 'keyx'",
                "t.rejected[0]: left out",
                "t: '2' moves from rejected to auth",
            },
        ),
        (
            recipes,
            "{nonce: increasing_us, values: {s: {hmac_sha256: '{body}', key: secret, as: hex}}, after: {body: empty}}",
            {
                "t.nonce: left out",
                "t.nonce: 'increasing_us' becomes 'increasing_ms'",
                "t.values.s: left out",
                "t.values.s.hmac_sha256: named 'hmac_sha512'",
                "t.values.s.hmac_sha256: '{body}' becomes 'x'",
                "t.values.s.key: 'secret' becomes 'key'",
                "t.values.s.as: 'hex' becomes 'base64'",
                "t.after.body: left out",
            },
        ),
        (
            records,
            "{rows: data, symbol: s as symbol.rest or none, price: p}",
            {
                "t: left out",
                "t.rows: 'data' becomes 'datax'",
                "t.rows: left out",
                "t.symbol: left out",
                "t.symbol: 's as symbol.rest or none' becomes 'sx as symbol.rest or none'",
                "t.symbol: 's as symbol.rest or none' becomes '/s as symbol.rest or none'",
                "t.symbol: 's as symbol.rest or none' becomes 's as symbol.rest'",
                "t.symbol: 's as symbol.rest or none' becomes 'p as symbol.rest or none'",
                "t.price: left out",
                "t.price: 'p' becomes 'px'",
                "t.price: 'p' becomes '/p'",
                "t.price: 'p' becomes 's'",
            },
        ),
    ],
)
def test_tables(make: Callable[[Site], Iterator[Mutant]], text: str, changes: set[str]) -> None:
    told = [mutant.change for mutant in make(under(f"t: {text}", "t"))]
    assert set(told) == changes
    assert len(told) == len(changes)


# What only a market acts upon, and names that other edits change where they are used.
LEFT_ALONE = {
    "doc", "costs", "sees", "reach", "effect", "same_id", "kind", "by", "size", "every", "after_silence", "silence",
    "lives", "sends", "frames", "route", "orders_arrive", "at_most", "lasts", "host",
}  # fmt: skip
SECTIONS = ("symbols", "words", "decisions", "signing", "envelopes", "errors", "shapes", "endpoints", "sockets")


def leaves(node: Node | None, path: Steps) -> Iterator[Steps]:
    if isinstance(node, Scalar):
        yield path
    elif node is None:
        return
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from leaves(item, (*path, index))
    else:
        for key, value in node.entries:
            if key.text not in LEFT_ALONE:
                yield from leaves(value, (*path, key.text))


@pytest.mark.parametrize("spec", ["pier", "shipped"])
def test_nothing_is_left_alone(spec: str, request: pytest.FixtureRequest) -> None:
    data, file, *_ = request.getfixturevalue(spec)()
    root = load(data, file)
    assert isinstance(root, Mapping)
    mutants = mutants_of(root)
    edited = {mutant.path for mutant in mutants if mutant.node is None or isinstance(mutant.node, Scalar)}
    found = [path for section in SECTIONS for path in leaves(root.get(section), (section,))]
    assert len(found) > 100
    assert [path for path in found if not edited & set(accumulate((step,) for step in path))] == []


def test_the_list_is_the_same_each_time(shipped: Callable[[], tuple[bytes, str, bytes, str]]) -> None:
    data, file, *_ = shipped()
    once, again = (load(data, file) for _ in range(2))
    assert isinstance(once, Mapping) and isinstance(again, Mapping)
    assert mutants_of(once) == mutants_of(again)
    assert len(mutants_of(once)) > 800
