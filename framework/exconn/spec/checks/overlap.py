"""Whether two tests of one value, or two matches of one frame, can hold together.

Rules: tests that name their values are decided by trying them; others by their kinds; where nothing is proved, both are
taken to be possible. Literals are typed: "0" is not 0, and true is not 1.
"""

import re

from exconn.spec.pieces import Literal, Match, Test, TestKind

_OF_TEXT = {TestKind.STARTS, TestKind.CONTAINS}
_NUMBER = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE][+-]?[0-9]+)?")


def can_both_hold(first: Test, second: Test) -> bool:
    """False only where no value satisfies both."""
    for one, other in ((first, second), (second, first)):
        if one.kind in (TestKind.IS, TestKind.ANY_OF):
            return any(holds(other, value) for value in one.values)
    pair = {(test.kind, test.values) for test in (first, second)}
    kinds = {test.kind for test in (first, second)}
    if kinds == {TestKind.STARTS}:
        short, long = sorted((str(first.values[0]), str(second.values[0])), key=len)
        return long.startswith(short)
    if len(kinds) == 1:
        return first.values == second.values or first.kind not in (TestKind.PRESENT, TestKind.EMPTY, TestKind.ZERO)
    if (TestKind.EMPTY, (True,)) in pair and ((TestKind.ZERO, (True,)) in pair or kinds & _OF_TEXT):
        return False
    if (TestKind.PRESENT, (False,)) in pair:
        return not pair & {(TestKind.EMPTY, (False,)), (TestKind.ZERO, (True,))} and not kinds & _OF_TEXT
    return True


def holds(test: Test, value: Literal) -> bool:
    """Whether a literal satisfies a test."""
    kind, wanted = test.kind, test.values
    if kind in (TestKind.IS, TestKind.ANY_OF):
        return any(_same(value, each) for each in wanted)
    if kind in (TestKind.NOT, TestKind.NONE_OF):
        return not any(_same(value, each) for each in wanted)
    if kind is TestKind.PRESENT:
        return (value is not None) is wanted[0]
    if kind is TestKind.EMPTY:
        return (value is None or value == "") is wanted[0]
    if kind is TestKind.STARTS:
        return isinstance(value, str) and value.startswith(str(wanted[0]))
    if kind is TestKind.CONTAINS:
        return isinstance(value, str) and str(wanted[0]) in value
    return _is_zero(value) is wanted[0]


def _is_zero(value: Literal) -> bool | None:
    """None where the value is no number, which is neither zero nor not zero."""
    found = None if isinstance(value, bool) else _NUMBER.fullmatch(str(value))
    return None if found is None else not (found[1] + (found[2] or "")).strip("0")


def _same(first: Literal, second: Literal) -> bool:
    return type(first) is type(second) and first == second


def implies(first: Test, second: Test) -> bool:
    """True only where every value that satisfies `first` satisfies `second`."""
    if first.kind in (TestKind.IS, TestKind.ANY_OF):
        return all(holds(second, value) for value in first.values)
    return (first.kind, first.values) == (second.kind, second.values)


def surely_overlap(first: Match, second: Match) -> bool:
    """True where some frame satisfies both: all lines on shared paths agree, and one match asks for no other path."""
    by_path = {(line.path.from_top, line.path.text): line.test for line in first.lines}
    other = {(line.path.from_top, line.path.text): line.test for line in second.lines}
    if not (by_path.keys() <= other.keys() or other.keys() <= by_path.keys()):
        return False
    return all(can_both_hold(by_path[path], other[path]) for path in by_path.keys() & other.keys())
