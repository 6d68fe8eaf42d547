"""Taking values out of nodes whose shape the schema has proved.

Rules: an absent key gives None or the stated default; a value of a wrong kind cannot occur here, and an assertion says
so rather than a finding.
"""

from exconn.document import Findings, Mapping, Node, Scalar, Sequence, Span
from exconn.spec.pieces import Match, Path, Template
from exconn.spec.read import read_match, read_path, read_template


def mapping(node: Node | None) -> Mapping:
    assert isinstance(node, Mapping)
    return node


def scalar(node: Node | None) -> Scalar:
    assert isinstance(node, Scalar)
    return node


def rows_of(node: Node | None) -> tuple[Node, ...]:
    """A list's items; one mapping stands for a list of itself."""
    if node is None:
        return ()
    return node.items if isinstance(node, Sequence) else (node,)


def text(node: Mapping, key: str) -> str | None:
    value = node.get(key)
    return None if value is None else scalar(value).text


def integer(node: Mapping, key: str) -> int | None:
    value = node.get(key)
    if value is None:
        return None
    found = scalar(value).value
    assert isinstance(found, int)
    return found


def seconds(node: Mapping, key: str) -> float | None:
    value = node.get(key)
    return None if value is None else float(scalar(value).text)


def path(node: Mapping, key: str, findings: Findings) -> Path | None:
    value = node.get(key)
    return None if value is None else read_path(scalar(value), findings)


def match(node: Mapping, key: str, findings: Findings) -> Match | None:
    value = node.get(key)
    return None if value is None else read_match(value, findings)


def template(node: Mapping, key: str, findings: Findings) -> Template | None:
    value = node.get(key)
    return None if value is None else read_template(scalar(value), findings)


def place(node: Mapping, key: str) -> Span:
    """Where the value of `key` stands; of an absent key, the mapping."""
    value = node.get(key)
    return node.span if value is None else value.span
