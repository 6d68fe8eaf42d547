"""Builds envelopes and error rows.

Rules: a bare code is a row with that code alone; the meaning is the key above; rows keep the file's order, which has no
meaning.
"""

from exconn.document import Findings, Mapping, Node, Scalar
from exconn.spec.build.nodes import mapping, path, rows_of, scalar, text
from exconn.spec.names import named_entries
from exconn.spec.pieces import Match, Test, TestKind
from exconn.spec.read import read_match, read_test
from exconn.spec.tree import Envelope, ErrorRow


def build_envelopes(root: Mapping, findings: Findings) -> dict[str, Envelope]:
    return {key.text: _envelope(key, mapping(value), findings) for key, value in named_entries(root.get("envelopes"))}


def _envelope(key: Scalar, node: Mapping, findings: Findings) -> Envelope:
    success: Match = read_match(mapping(node.get("success")), findings)
    return Envelope(key.text, key.span, success, path(node, "code", findings), path(node, "text", findings))


def build_errors(found: Node | None, findings: Findings) -> tuple[ErrorRow, ...]:
    """The rows of an `errors` table, of the spec, an endpoint or a socket."""
    return tuple(_row(key.text, item, findings) for key, rows in named_entries(found) for item in rows_of(rows))


def _row(meaning: str, node: Node, findings: Findings) -> ErrorRow:
    if isinstance(node, Scalar):
        return ErrorRow(meaning, node.span, Test(TestKind.IS, (node.value,), node.span), None, ())
    row = mapping(node)
    code, http = row.get("code"), row.get("http")
    statuses = tuple(int(scalar(item).text) for item in rows_of(http))
    return ErrorRow(meaning, row.span, None if code is None else read_test(code, findings), text(row, "text"), statuses)
