"""Which tests exclude each other, and which matches surely share a frame."""

import pytest

from exconn.document import Findings, Span, load
from exconn.spec.checks.overlap import can_both_hold, surely_overlap
from exconn.spec.pieces import Match, Test, TestKind
from exconn.spec.read import read_match

HERE = Span("f", 1, 1)
IS, ANY, NOT, NONE = TestKind.IS, TestKind.ANY_OF, TestKind.NOT, TestKind.NONE_OF
PRESENT, EMPTY, ZERO = TestKind.PRESENT, TestKind.EMPTY, TestKind.ZERO


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ((IS, "a"), (IS, "a"), True),
        ((IS, "a"), (IS, "b"), False),
        ((IS, "0"), (IS, 0), False),
        ((IS, 1), (IS, True), False),
        ((ANY, "a", "b"), (ANY, "b", "c"), True),
        ((ANY, "a", "b"), (IS, "c"), False),
        ((NOT, "a"), (IS, "a"), False),
        ((NONE, "a", "b"), (ANY, "a", "c"), True),
        ((PRESENT, True), (IS, "a"), True),
        ((PRESENT, False), (IS, "a"), False),
        ((PRESENT, False), (IS, None), True),
        ((PRESENT, True), (PRESENT, False), False),
        ((EMPTY, True), (IS, ""), True),
        ((EMPTY, True), (EMPTY, False), False),
        ((PRESENT, False), (EMPTY, False), False),
        ((PRESENT, True), (EMPTY, True), True),
        ((TestKind.STARTS, "bo"), (IS, "book"), True),
        ((TestKind.STARTS, "bo"), (IS, "tape"), False),
        ((TestKind.STARTS, "bo"), (PRESENT, False), False),
        ((TestKind.CONTAINS, "oo"), (IS, "book"), True),
        ((ZERO, True), (ZERO, False), False),
        ((NOT, "a"), (NOT, "b"), True),
        ((ZERO, True), (IS, "0.00"), True),
        ((ZERO, True), (IS, 0), True),
        ((ZERO, True), (IS, 5), False),
        ((ZERO, False), (IS, "book"), False),
        ((ZERO, False), (IS, True), False),
        ((ZERO, True), (EMPTY, True), False),
        ((TestKind.STARTS, "bo"), (TestKind.STARTS, "book"), True),
        ((TestKind.STARTS, "book"), (TestKind.STARTS, "trade"), False),
        ((TestKind.STARTS, "bo"), (EMPTY, True), False),
        ((TestKind.STARTS, "bo"), (TestKind.CONTAINS, "x"), True),
    ],
)
def test_tests(first: tuple[object, ...], second: tuple[object, ...], together: bool) -> None:
    one, other = (Test(each[0], each[1:], HERE) for each in (first, second))  # type: ignore[arg-type]
    assert can_both_hold(one, other) is can_both_hold(other, one) is together


def match(text: str) -> Match:
    return read_match(load(text.encode(), "f"), Findings())


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("{topic: a}", "{topic: a}", True),
        ("{topic: a}", "{topic: b}", False),
        ("{topic: a}", "{topic: a, type: x}", True),
        ("{topic: a, type: x}", "{topic: a, type: y}", False),
        ("{topic: a}", "{op: a}", False),
        ("{topic: [a, b]}", "{topic: [b, c]}", True),
        ("{topic: {present: true}}", "{topic: a}", True),
    ],
)
def test_matches(first: str, second: str, overlap: bool) -> None:
    assert surely_overlap(match(first), match(second)) is overlap
