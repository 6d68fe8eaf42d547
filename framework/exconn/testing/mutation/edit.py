"""One small edit of a document's tree: where it is, what stands there afterwards, and how it is told.

Rules: an edit replaces the node at one path or takes it out; a mapping or list that would be left empty goes with it;
all other nodes, and every span, stay as they are, so that whatever an edit does not touch builds an equal tree; an edit
is told as `path: what becomes of it`, without a line number, so that a written reason outlives edits elsewhere.
"""

from dataclasses import dataclass
from typing import TypeAlias

from exconn.document import Entry, Mapping, Node, Scalar, Sequence, Span, quoted

Steps: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A document with one edit. `node` None: what stood at `path` is gone. `change` tells it; `span` is its place."""

    path: Steps
    node: Node | None
    span: Span
    change: str


@dataclass(frozen=True, slots=True)
class Site:
    """A node and the path that leads to it. `span`: where its key stands, or else itself."""

    path: Steps
    node: Node
    span: Span

    @property
    def name(self) -> str:
        return str(self.path[-1])

    @property
    def text(self) -> str:
        """The text of a scalar; "" of everything else."""
        return self.node.text if isinstance(self.node, Scalar) else ""

    def get(self, *keys: str) -> "Site | None":
        """The site under these keys, None where one of them is absent."""
        site = self
        for key in keys:
            entry = site.node.entry(key) if isinstance(site.node, Mapping) else None
            if entry is None:
                return None
            site = Site((*site.path, key), entry.value, entry.key.span)
        return site

    def entries(self) -> "list[Site]":
        """The sites of a mapping's entries, without the free `x-` keys."""
        found = self.node.entries if isinstance(self.node, Mapping) else ()
        return [Site((*self.path, key.text), value, key.span) for key, value in found if not key.text.startswith("x-")]

    def items(self) -> "list[Site]":
        """The sites of a list's items; anything else stands for a list of itself."""
        if not isinstance(self.node, Sequence):
            return [self]
        return [Site((*self.path, index), item, item.span) for index, item in enumerate(self.node.items)]


def mutate(root: Node, mutant: Mutant) -> Node | None:
    """The document with the edit; None where nothing is left of it."""
    return _put(root, mutant.path, mutant.node)


def _put(node: Node, path: Steps, new: Node | None) -> Node | None:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(node, Mapping):
        laid = [(key, _put(value, rest, new) if key.text == step else value) for key, value in node.entries]
        entries = tuple(Entry(key, value) for key, value in laid if value is not None)
        return Mapping(entries, node.span) if entries else None
    assert isinstance(node, Sequence)
    put = [_put(item, rest, new) if index == step else item for index, item in enumerate(node.items)]
    items = tuple(item for item in put if item is not None)
    return Sequence(items, node.span) if items else None


def removed(site: Site) -> Mutant:
    return Mutant(site.path, None, site.span, f"{dotted(site.path)}: left out")


def becomes(site: Site, value: str | int | bool) -> Mutant:
    """A scalar says something else. A text is a text, whatever it looks like."""
    node = site.node
    assert isinstance(node, Scalar)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    new = Scalar(value, text, node.span, not isinstance(value, str))
    return Mutant(site.path, new, node.span, f"{dotted(site.path)}: {_shown(node)} becomes {_shown(new)}")


def renamed(table: Site, site: Site, name: str) -> Mutant:
    """An entry of `table` has another key."""
    assert isinstance(table.node, Mapping)
    entries = tuple(
        Entry(Scalar(name, name, key.span, False), value) if key.text == site.name else Entry(key, value)
        for key, value in table.node.entries
    )
    change = f"{dotted(site.path)}: named {quoted(name)}"
    return Mutant(table.path, Mapping(entries, table.node.span), site.span, change)


def exchanged(table: Site, first: Site, second: Site) -> Mutant:
    """Two entries of `table` have each other's values."""
    assert isinstance(table.node, Mapping)
    values = {first.name: second.node, second.name: first.node}
    entries = tuple(Entry(key, values.get(key.text, value)) for key, value in table.node.entries)
    change = f"{dotted(table.path)}: {first.name} and {second.name} change places"
    return Mutant(table.path, Mapping(entries, table.node.span), first.span, change)


def _shown(scalar: Scalar) -> str:
    return quoted(scalar.text) if isinstance(scalar.value, str) else scalar.text


def dotted(path: Steps) -> str:
    """`sockets.user.messages[0].match`"""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).lstrip(".")
