"""Matches: `{path: what it must be}`, the only condition of the language.

Rules: a literal is typed ("0" is not 0); a list means any of; a mapping holds exactly one test; all lines must hold.
The schema has proved the shape of the nodes; here the paths and the sense of the tests are read.
"""

from exconn.document import Findings, Mapping, Node, Scalar, Sequence
from exconn.spec.pieces import Literal, Match, MatchLine, Test, TestKind
from exconn.spec.read.paths import read_path

TESTS = {
    "present": TestKind.PRESENT,
    "empty": TestKind.EMPTY,
    "zero": TestKind.ZERO,
    "starts": TestKind.STARTS,
    "contains": TestKind.CONTAINS,
    "not": TestKind.NOT,
}


def read_match(node: Node, findings: Findings) -> Match:
    """The match that `node` writes."""
    assert isinstance(node, Mapping)
    lines = []
    for entry in node.entries:
        path = read_path(entry.key, findings)
        test = read_test(entry.value, findings)
        if test is not None:
            lines.append(MatchLine(path, test))
    return Match(tuple(lines), node.span)


def read_test(node: Node, findings: Findings) -> Test | None:
    """What a value must be; None where the test has no sense."""
    if isinstance(node, Scalar):
        return Test(TestKind.IS, (node.value,), node.span)
    if isinstance(node, Sequence):
        return Test(TestKind.ANY_OF, _literals(node), node.span)
    if len(node.entries) != 1:
        findings.add("bad-match", "a test is exactly one of its words", node.span, f"write one of {', '.join(TESTS)}")
        return None
    key, value = node.entries[0]
    kind = TESTS[key.text]
    if isinstance(value, Sequence):
        return Test(TestKind.NONE_OF, _literals(value), node.span)
    assert isinstance(value, Scalar)
    return Test(kind, (value.value,), node.span)


def _literals(node: Sequence) -> tuple[Literal, ...]:
    return tuple(item.value for item in node.items if isinstance(item, Scalar))
