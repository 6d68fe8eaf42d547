"""Bodies: JSON as it will be sent, with templates for texts, and the flat tables of headers, query and form.

Rules: a quoted or plain text is a template, any other scalar a constant; keys are sent as written and hold no holes;
in flat tables a number or boolean is sent as its text, since nothing else can be; braces without quotes, which YAML
reads as a mapping of one key to nothing, are a placeholder somebody forgot to quote.
"""

import re

from exconn.document import Findings, Mapping, Node, Scalar, Sequence
from exconn.spec.pieces import Array, Body, Constant, Object, Template
from exconn.spec.read.templates import read_template

_UNQUOTED = re.compile(r"[a-z][a-z0-9_.]*(?::[a-z]+)?")


def read_value(node: Node, findings: Findings) -> Body:
    """A value inside a body, where a template may stand."""
    name = _unquoted(node)
    if name is not None:
        hint = f'write "{{{name}}}"; a null that is meant is written out, as in {{key: null}}'
        findings.add("unquoted-placeholder", "a placeholder must be quoted", node.span, hint)
    return read_body(node, findings)


def _unquoted(node: Node) -> str | None:
    """The name in `{name}` written without quotes."""
    if not isinstance(node, Mapping) or len(node.entries) != 1:
        return None
    key, value = node.entries[0]
    is_bare = key.plain and isinstance(value, Scalar) and value.plain and not value.text
    return key.text if is_bare and _UNQUOTED.fullmatch(key.text) else None


def read_body(node: Node, findings: Findings) -> Body:
    """The body that `node` writes."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            return read_template(node, findings)
        return Constant(node.value, node.span)
    if isinstance(node, Sequence):
        return Array(tuple(read_value(item, findings) for item in node.items), node.span)
    return Object(tuple((entry.key.text, read_value(entry.value, findings)) for entry in node.entries), node.span)


def read_constant_text(node: Node, findings: Findings) -> Template:
    """A value of a flat table; the schema has proved that it is a scalar and not null."""
    assert isinstance(node, Scalar)
    if isinstance(node.value, str):
        return read_template(node, findings)
    return Template((node.text,), node.span)


def read_fields(node: Node | None, findings: Findings) -> dict[str, Template]:
    """A flat table: headers, query or form."""
    if node is None:
        return {}
    assert isinstance(node, Mapping)
    return {entry.key.text: read_constant_text(entry.value, findings) for entry in node.entries}
