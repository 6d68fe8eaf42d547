"""Strict YAML with positions, limits and diagnostics.

Every file of a user is read through `load`, which gives a tree of nodes that know their places, or raises
DocumentError with everything that is wrong. Later passes add their own diagnostics about the same spans; the
`render_*` functions show them all.
"""

from .diagnostic import Diagnostic, DocumentError, Findings, Severity, Span, printable, quoted
from .load import first_key, load
from .node import Entry, Mapping, Node, Path, Plain, Scalar, Sequence, find, key_span, to_plain
from .render import render_github, render_json, render_text
from .source import read_inside, read_source, readable
from .suggest import suggest

__all__ = [
    "Diagnostic",
    "DocumentError",
    "Entry",
    "Findings",
    "Mapping",
    "Node",
    "Path",
    "Plain",
    "Scalar",
    "Sequence",
    "Severity",
    "Span",
    "find",
    "first_key",
    "key_span",
    "load",
    "printable",
    "quoted",
    "read_inside",
    "read_source",
    "readable",
    "render_github",
    "render_json",
    "render_text",
    "suggest",
    "to_plain",
]
