"""A place in a dialect file: a node, where it stands, and the findings of the pass.

Rules:
- Used after the schema pass, so a key that the schema requires is there and every value has the type it asks for.
- A mistake is reported with `error` and reading goes on; the pass raises all of them together at its end.
- `Stop` leaves the piece that cannot be read further; whoever reads the list around it goes on with the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exconn.document import Findings, Mapping, Node, Sequence, Span, to_plain


class Stop(Exception):
    """What stands here cannot be used; its reason is among the findings."""


@dataclass(frozen=True, slots=True)
class Place:
    """One node of the file. `span` is where a mistake is shown; `name` is the key or index that leads to it."""

    node: Node
    findings: Findings
    span: Span
    name: str = ""

    @property
    def plain(self) -> Any:
        """The value as dict, list, str, int, bool or None."""
        return to_plain(self.node)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.node, Mapping) and self.node.get(key) is not None

    def at(self, key: str) -> Place:
        """The value of a key that is there."""
        if isinstance(self.node, Mapping):
            entry = self.node.entry(key)
            if entry is not None:
                return Place(entry.value, self.findings, entry.value.span, key)
        raise self.stop("missing-key", f"the key '{key}' is missing", f"add {key}")

    def get(self, key: str, default: Any = None) -> Any:
        """The plain value of a key, or `default` where it is not written."""
        return self.at(key).plain if key in self else default

    def key_places(self) -> Iterator[Place]:
        """The places of a mapping's keys, each spanning the key itself; `at(name)` gives the value."""
        if isinstance(self.node, Mapping):
            for entry in self.node.entries:
                yield Place(entry.key, self.findings, entry.key.span, entry.key.text)

    def entries(self, key: str | None = None) -> Iterator[Place]:
        """The values of a mapping, each named by its key; with `key`, those of the mapping there, if it is there."""
        if key is not None:
            if key in self:
                yield from self.at(key).entries()
        elif isinstance(self.node, Mapping):
            for entry in self.node.entries:
                yield Place(entry.value, self.findings, entry.value.span, entry.key.text)

    def items(self, key: str | None = None) -> Iterator[Place]:
        """The items of a list; with `key`, those of the list there, if it is there."""
        if key is not None:
            if key in self:
                yield from self.at(key).items()
        elif isinstance(self.node, Sequence):
            for index, item in enumerate(self.node.items):
                yield Place(item, self.findings, item.span, str(index))

    def error(self, code: str, message: str, hint: str | None = None) -> None:
        """Report a mistake here."""
        self.findings.add(code, message, self.span, hint)

    def stop(self, code: str, message: str, hint: str | None = None) -> Stop:
        """Report a mistake here; the result is to be raised, and leaves the piece."""
        self.error(code, message, hint)
        return Stop()


def root(node: Node, findings: Findings) -> Place:
    """The whole document."""
    return Place(node, findings, node.span)
