"""Documents as plain lists that can be changed at will, and written as YAML again.

Rules: a mapping is a list of pairs, so that a key can stand there twice or be no text; what is written is block style
with one entry a line, so that a reproducer can be shortened line by line; every text is quoted, with escapes for all
that a strict reader would refuse to see bare.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from exconn.document import Mapping, Node, Scalar, Sequence, load

Tree: TypeAlias = "Table | list[Tree] | str | int | bool | None"


@dataclass(slots=True)
class Table:
    """A mapping; `pairs` may hold a key twice."""

    pairs: list[tuple[str, Tree]] = field(default_factory=list)


def read_tree(data: bytes) -> Tree:
    """The tree of a good document."""
    return _thaw(load(data, "good.yaml"))


def _thaw(node: Node) -> Tree:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_thaw(item) for item in node.items]
    assert isinstance(node, Mapping)
    return Table([(entry.key.text, _thaw(entry.value)) for entry in node.entries])


def copy_tree(tree: Tree) -> Tree:
    if isinstance(tree, Table):
        return Table([(key, copy_tree(value)) for key, value in tree.pairs])
    return [copy_tree(item) for item in tree] if isinstance(tree, list) else tree


def write_tree(tree: Tree) -> str:
    """The YAML text of a tree."""
    return "".join(_lines(tree, 0)) or f"{write_scalar(tree)}\n"


def _lines(tree: Tree, indent: int) -> Iterator[str]:
    """The lines of a table or list that is not empty."""
    if isinstance(tree, Table):
        for key, value in tree.pairs:
            yield from _entry(f"{write_scalar(key)}:", value, indent)
    elif isinstance(tree, list):
        for item in tree:
            yield from _entry("-", item, indent)


def _entry(head: str, value: Tree, indent: int) -> Iterator[str]:
    below = value.pairs if isinstance(value, Table) else value
    if isinstance(below, list) and below:
        yield f"{' ' * indent}{head}\n"
        yield from _lines(value, indent + 1)
    else:
        yield f"{' ' * indent}{head} {write_scalar(value)}\n"


def write_scalar(value: Tree) -> str:
    """A scalar, or something empty, as it stands after its key."""
    if isinstance(value, str):
        return f'"{"".join(map(_escape, value))}"'
    if isinstance(value, Table | list):
        return "[]" if isinstance(value, list) else "{}"
    return "null" if value is None else str(value).lower()


def _escape(character: str) -> str:
    code = ord(character)
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable() and code < 0xD800:
        return character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
