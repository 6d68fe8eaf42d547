"""From bytes to a trusted Spec, or to the reasons why not, in three passes: YAML, schema, semantics.

Rules: a pass that finds errors ends the loading with all it found; a Spec that is returned has no finding; nothing here
reaches a network, a clock or another file but those that the spec names beside itself.
"""

from pathlib import Path

from exconn.document import Diagnostic, DocumentError, Findings, Mapping, Node, Span, load, quoted, read_source, suggest
from exconn.document.schema import check
from exconn.spec.build import build_spec
from exconn.spec.checks import check_spec
from exconn.spec.names import Names, named_entries
from exconn.spec.schema import load_schema
from exconn.spec.tree import Spec
from exconn.spec.vocabulary import OPERATIONS

MAX_SPEC = 64 * 1024
"""Bytes: several times the longest spec known, and few enough that the worst one is read well within two seconds."""


def load_spec(data: bytes, file: str) -> Spec:
    """The spec in `data`; `file` is its name in findings and tracebacks. Raises DocumentError."""
    return spec_of(load(data, file, MAX_SPEC), file)


def spec_of(root: Node, file: str) -> Spec:
    """The spec of a document that is read already: the passes over its shape and its meaning. Raises DocumentError."""
    shape = Findings()
    shape.extend(_check_shape(root, file))
    if not isinstance(root, Mapping):
        shape.fail("wrong-type", "a spec is a mapping", Span(file, 1, 1), "begin with the line: exconn: 1")
    shape.raise_errors()
    findings = Findings()
    names = Names(findings)
    spec = build_spec(root, file, names, findings)
    check_spec(spec, root, names, findings)
    if findings.has_errors:  # a type stands for two sides, a shape for many records: one fault, one finding
        raise DocumentError(dict.fromkeys(findings.sorted()))
    return spec


def _check_shape(root: Node, file: str) -> list[Diagnostic]:
    """What the schema finds; an endpoint that is neither an operation nor a preparation is one finding, not many."""
    found = list(dict.fromkeys(check(root, load_schema(), file)))
    endpoints = root.get("endpoints") if isinstance(root, Mapping) else None
    for key, value in named_entries(endpoints):
        if key.text in OPERATIONS or not isinstance(value, Mapping) or value.get("gives") is not None:
            continue
        end = value.span.end_line or value.span.line
        found = [each for each in found if not key.span.line <= each.span.line <= end]
        near = suggest(key.text, OPERATIONS)
        hint = f"did you mean {near}?" if near else f"the operations are {', '.join(OPERATIONS)}"
        message = f"{quoted(key.text)} is no operation, and gives nothing as a preparation does"
        found.append(Diagnostic("unknown-operation", message, key.span, hint))
    return found


def read_spec(path: Path | str) -> Spec:
    """The spec in the file at `path`, named in findings as it was given. Raises DocumentError, OSError."""
    return load_spec(read_source(Path(path)), str(path))
