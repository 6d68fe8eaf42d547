"""From parser events to nodes, with every limit checked at each event.

A hostile file is left at the first event too many: 32 levels, 50,000 nodes. Refused besides: anchors, aliases, tags,
merge keys, directives, keys that are not text, keys given twice, scalars over 16,384 characters, a second document.
What can be passed over is added to the findings and building goes on; a broken limit raises. A collection ends where
its last item ends, not where the parser noticed, which is after blank lines and comments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeGuard

import yaml

from .diagnostic import Findings, Span, quoted
from .node import Entry, Mapping, Node, Scalar, Sequence
from .scalar import read_plain

MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_SCALAR = 16 * 1024

_tuple = tuple.__new__
"""Makes a named tuple in half the time that calling its class takes."""


class OpenSequence:
    """A list whose end has not come yet."""

    __slots__ = ("_items", "begun")

    def __init__(self, begun: Any) -> None:
        self.begun = begun
        self._items: list[Node] = []

    def add(self, node: Node) -> None:
        self._items.append(node)

    def close(self, span: Span) -> Sequence:
        return Sequence(tuple(self._items), span)


class OpenMapping:
    """A mapping whose end has not come yet. Keys and values arrive in turns; a refused key loses its value."""

    __slots__ = ("_at_key", "_entries", "_findings", "_key", "_seen", "begun")

    def __init__(self, begun: Any, findings: Findings) -> None:
        self.begun = begun
        self._findings = findings
        self._entries: list[Entry] = []
        self._seen: dict[str, Scalar] = {}
        self._key: Scalar | None = None
        self._at_key = True

    def add(self, node: Node) -> None:
        if self._at_key:
            self._at_key = False
            self._key = node if self._is_new_key(node) else self._accept_key(node)
            return
        self._at_key = True
        if self._key is not None:
            self._entries.append(_tuple(Entry, (self._key, node)))

    def close(self, span: Span) -> Mapping:
        return Mapping(tuple(self._entries), span)

    def _is_new_key(self, node: Node) -> TypeGuard[Scalar]:
        """Whether a key is what nearly all are: a text that is neither known nor a merge key."""
        if type(node) is not Scalar:
            return False
        value, text, _, _ = node
        if type(value) is not str or text in self._seen or text == "<<":
            return False
        self._seen[text] = node
        return True

    def _accept_key(self, node: Node) -> Scalar | None:
        if not isinstance(node, Scalar):
            self._findings.add(
                "key-not-text", "a key cannot be a list or a mapping", node.span, "write a text as the key"
            )
            return None
        if not isinstance(node.value, str):
            self._findings.add("key-not-text", *_name_untyped(node))
            return None
        if node.plain and node.text == "<<":
            self._findings.add(
                "merge-key", "merge keys are not allowed", node.span, "write the keys out where they belong"
            )
            return None
        first = self._seen.setdefault(node.text, node)
        if first is not node:
            message = f"the key {quoted(node.text)} is given twice; first on line {first.span.line}"
            self._findings.add("duplicate-key", message, node.span, "delete one of the two")
            return None
        return node


class Builder:
    """Takes the events of one file in order; `root` is the document when all are taken."""

    def __init__(self, file: str, findings: Findings) -> None:
        self.root: Node | None = None
        self._file = file
        self._findings = findings
        self._open: list[OpenSequence | OpenMapping] = []
        self._last_end: Any = None  # the mark after the last scalar or flow collection
        self._nodes = 0
        self._documents = 0

    def take(self, events: Iterable[Any]) -> None:
        """Take all `events`. Raises DocumentError where a limit is broken or a second document begins."""
        for event in events:
            step = _STEPS.get(type(event))
            if step is not None:
                step(self, event)

    def _begin_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            hint = "delete the '---' or '...' line"
            self._findings.fail("multiple-documents", "a second document begins here", self._start_of(event), hint)
        if event.version or event.tags:
            hint = "delete the line that begins with '%'"
            self._findings.add("directive", "directives are not allowed", self._start_of(event), hint)

    def _take_scalar(self, event: Any) -> None:
        plain = not event.style
        if event.anchor is not None or event.tag is not None or (plain and not event.implicit[0]):
            self._refuse_properties(event)
        text = event.value
        if len(text) > MAX_SCALAR:
            message = f"a text of {len(text)} characters; the limit is {MAX_SCALAR}"
            self._findings.add("scalar-too-long", message, self._start_of(event), "shorten it")
        start, end = event.start_mark, event.end_mark
        self._last_end = end
        # The same as `_span`; of scalars there are thousands.
        span = _tuple(Span, (self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1))
        self._place(_tuple(Scalar, (read_plain(text) if plain else text, text, span, plain)))

    def _take_alias(self, event: Any) -> None:
        self._last_end = event.end_mark
        span = self._span(event.start_mark)
        self._findings.add("alias", f"the alias {quoted('*' + event.anchor)} is not allowed", span, _NO_REUSE)
        # Text, so that an alias that stands as a key is reported once and not as a key of another type as well.
        self._place(Scalar(f"*{event.anchor}", f"*{event.anchor}", span, False))

    def _begin_sequence(self, event: Any) -> None:
        self._begin(event, OpenSequence(event))

    def _begin_mapping(self, event: Any) -> None:
        self._begin(event, OpenMapping(event, self._findings))

    def _begin(self, event: Any, opened: OpenSequence | OpenMapping) -> None:
        if len(self._open) == MAX_DEPTH:
            message = f"more than {MAX_DEPTH} levels of lists and mappings"
            self._findings.fail("too-deep", message, self._start_of(event), "nest less deeply")
        if event.anchor is not None or event.tag is not None or not event.implicit:
            self._refuse_properties(event)
        self._open.append(opened)

    def _end(self, event: Any) -> None:
        opened = self._open.pop()
        if opened.begun.flow_style:
            self._last_end = event.end_mark
        self._place(opened.close(self._span(opened.begun.start_mark)))

    def _place(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = f"more than {MAX_NODES} nodes in one file"
            self._findings.fail("too-many-nodes", message, node.span, "move data out of this file")
        if self._open:
            self._open[-1].add(node)
        else:
            self.root = node

    def _refuse_properties(self, event: Any) -> None:
        span = self._start_of(event)
        if event.anchor is not None:
            self._findings.add("anchor", f"the anchor {quoted('&' + event.anchor)} is not allowed", span, _NO_REUSE)
        if event.tag is not None or event.anchor is None:
            name = quoted(event.tag or "!")
            hint = "delete it, or quote a text that begins with '!'"
            self._findings.add("tag", f"the tag {name} is not allowed", span, hint)

    def _span(self, start: Any) -> Span:
        """From `start` to the end of what was taken last."""
        end = self._last_end
        return Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _start_of(self, event: Any) -> Span:
        """The first character of `event`."""
        mark = event.start_mark
        return Span(self._file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)


def _name_untyped(key: Scalar) -> tuple[str, Span, str]:
    """Message, place and hint for a scalar key that is not text."""
    if not key.text:
        return "a key is missing here", key.span, "write a key before the ':'"
    kind = "null" if key.value is None else "a boolean" if isinstance(key.value, bool) else "an integer"
    return f"the key {quoted(key.text)} is {kind}; keys are text", key.span, f'quote it: "{key.text}"'


_NO_REUSE = "write the value out"

_STEPS: dict[type, Callable[[Builder, Any], None]] = {
    yaml.ScalarEvent: Builder._take_scalar,
    yaml.MappingStartEvent: Builder._begin_mapping,
    yaml.MappingEndEvent: Builder._end,
    yaml.SequenceStartEvent: Builder._begin_sequence,
    yaml.SequenceEndEvent: Builder._end,
    yaml.AliasEvent: Builder._take_alias,
    yaml.DocumentStartEvent: Builder._begin_document,
}
