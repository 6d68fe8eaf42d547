"""The tree of a document: scalars, sequences and mappings, each knowing where it stands in its file.

Nodes are immutable data; the kinds made by the thousand are named tuples, for their speed. A scalar keeps both its
value and its text, so that what a file says never depends on how Python would print it. A path is what a schema
validator reports: keys and indexes from the root. `find` gives the node at a path (a bad value is shown at the
value), `key_span` the place of the key that leads to it (an unknown key is shown at the key).
"""

from __future__ import annotations

from collections import abc
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from .diagnostic import Span, quoted

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | bool | None"
Path: TypeAlias = abc.Iterable[str | int]


class Scalar(NamedTuple):
    """A single value. `text` is what the file says after unquoting; `plain`: it stands there without quotes."""

    value: str | int | bool | None
    text: str
    span: Span
    plain: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes, in the file's order."""

    items: tuple[Node, ...]
    span: Span


class Entry(NamedTuple):
    """One line of a mapping. The key's value is always text."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries in the file's order; no two keys are alike."""

    entries: tuple[Entry, ...]
    span: Span
    _by_key: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {entry.key.text: entry for entry in self.entries})

    def entry(self, key: str) -> Entry | None:
        return self._by_key.get(key)

    def get(self, key: str) -> Node | None:
        entry = self._by_key.get(key)
        return None if entry is None else entry.value


Node: TypeAlias = Scalar | Sequence | Mapping


def to_plain(node: Node) -> Plain:
    """The same data as dict, list, str, int, bool and None, for a schema validator. Fresh containers at every call."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_plain(item) for item in node.items]
    return {entry.key.text: to_plain(entry.value) for entry in node.entries}


def find(node: Node, path: Path) -> Node:
    """The node at `path` below `node`; an empty path gives `node` itself. Raises LookupError where there is none."""
    for step in path:
        node = _step(node, step)[1]
    return node


def key_span(node: Node, path: Path) -> Span:
    """Where the last step of `path` is written: its key; for an index, its item; for an empty path, `node`.

    Raises LookupError where the path leads nowhere.
    """
    span = node.span
    for step in path:
        span, node = _step(node, step)
    return span


def _step(node: Node, step: str | int) -> tuple[Span, Node]:
    """One step down: the place where the step is written, and the node it leads to."""
    if isinstance(node, Mapping) and isinstance(step, str):
        entry = node.entry(step)
        if entry is not None:
            return entry.key.span, entry.value
    elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        item = node.items[step]
        return item.span, item
    shown = quoted(step) if isinstance(step, str) else f"item {step}"
    raise LookupError(f"{node.span}: the {type(node).__name__.lower()} here has no {shown}")
