"""One edit of a tree: what it changes, what it leaves alone, and how it is told."""

import pytest

from exconn.document import Mapping, Node, find, load, to_plain
from exconn.testing.mutation import Mutant, mutate
from exconn.testing.mutation.edit import Site, becomes, exchanged, removed, renamed

TEXT = b"a: {b: one, c: 2, x-note: no}\nd:\n  - {e: true}\n  - f\n"


@pytest.fixture
def root() -> Mapping:
    found = load(TEXT, "t.yaml")
    assert isinstance(found, Mapping)
    return found


def site(root: Node, *path: str | int) -> Site:
    found = Site((), root, root.span)
    for step in path:
        under = found.get(step) if isinstance(step, str) else found.items()[step]
        assert under is not None
        found = under
    return found


def table(root: Node) -> Site:
    return site(root, "a")


@pytest.mark.parametrize(
    ("make", "change", "left"),
    [
        (lambda r: becomes(site(r, "a", "b"), "{x}"), "a.b: 'one' becomes '{x}'", {"b": "{x}", "c": 2}),
        (lambda r: becomes(site(r, "a", "c"), 3), "a.c: 2 becomes 3", {"b": "one", "c": 3}),
        (lambda r: becomes(site(r, "a", "c"), "2"), "a.c: 2 becomes '2'", {"b": "one", "c": "2"}),
        (lambda r: removed(site(r, "a", "b")), "a.b: left out", {"c": 2}),
        (lambda r: renamed(table(r), site(r, "a", "b"), "z"), "a.b: named 'z'", {"z": "one", "c": 2}),
        (
            lambda r: exchanged(table(r), site(r, "a", "b"), site(r, "a", "c")),
            "a: b and c change places",
            {"b": 2, "c": "one"},
        ),
    ],
)
def test_an_edit(root: Mapping, make: object, change: str, left: dict[str, object]) -> None:
    mutant: Mutant = make(root)  # type: ignore[operator]
    assert (mutant.change, mutant.span.line) == (change, 1)
    new = mutate(root, mutant)
    assert new is not None
    assert to_plain(find(new, ["a"])) == {**left, "x-note": "no"}
    assert find(new, ["d"]) is find(root, ["d"])


def test_a_true_becomes_false(root: Mapping) -> None:
    mutant = becomes(site(root, "d", 0, "e"), False)
    assert mutant.change == "d[0].e: true becomes false"
    new = mutate(root, mutant)
    assert new is not None and to_plain(find(new, ["d"])) == [{"e": False}, "f"]


def test_what_would_be_empty_goes_too(root: Mapping) -> None:
    new = mutate(root, removed(site(root, "d", 0, "e")))
    assert new is not None and to_plain(find(new, ["d"])) == ["f"]
    only = load(b"a: {b: [1]}\n", "t.yaml")
    assert mutate(only, removed(site(only, "a", "b", 0))) is None


def test_free_keys_are_not_entries(root: Mapping) -> None:
    assert [entry.name for entry in table(root).entries()] == ["b", "c"]
