"""From bytes to a tree of nodes, or to the reasons why not.

The bytes become text, the text becomes parser events, the events become nodes; each step is strict and bounded, and
nothing a file can hold makes this raise anything but DocumentError. All findings of the pass come at once.
"""

from __future__ import annotations

import yaml

from .build import Builder
from .diagnostic import Findings, Span
from .events import parse_events
from .node import Node, Scalar
from .source import MAX_BYTES, decode


def first_key(data: bytes, file: str) -> str | None:
    """The first key of the document in `data`, which is read no further; None where it does not begin with a text.

    Raises DocumentError where the bytes are no text that `load` would take.
    """
    events = parse_events(decode(data, file), file, Findings())
    kinds = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.MappingStartEvent, yaml.ScalarEvent)
    for kind, event in zip(kinds, events, strict=False):
        if type(event) is not kind:
            return None
        if kind is yaml.ScalarEvent:
            return str(getattr(event, "value", ""))
    return None


def load(data: bytes, file: str, most: int = MAX_BYTES) -> Node:
    """The document in `data`; `file` is its name in every span, `most` its greatest size in bytes.

    Raises DocumentError with all findings in order.
    """
    text = decode(data, file, most)
    findings = Findings()
    builder = Builder(file, findings)
    builder.take(parse_events(text, file, findings))
    findings.raise_errors()
    root = builder.root
    if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
        findings.fail("empty-document", "the file holds nothing", Span(file, 1, 1), "write 'key: value' lines")
    return root
