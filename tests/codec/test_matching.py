"""The questions of matches, asked of every kind of JSON value."""

from decimal import Decimal

import pytest

from exconn.codec.matching import holds, is_empty, is_one_of, is_zero, starts

VALUES = (None, "", "0", "0.00", "-0", "abc", "x0", 0, 1, Decimal("0.0"), True, False, [], ["abc", 1], {}, {"a": 1})


@pytest.mark.parametrize(
    ("ask", "true_of"),
    [
        (is_empty, [None, "", [], {}]),
        (lambda value: is_zero(value) is True, ["0", "0.00", "-0", 0, Decimal("0.0")]),
        (lambda value: is_zero(value) is False, [1]),
        (lambda value: is_one_of(value, ("abc", 1, None)), [None, "abc", 1]),
        (lambda value: is_one_of(value, (True, 0)), [0, True]),
        (lambda value: starts(value, "ab"), ["abc"]),
        (lambda value: holds(value, "bc"), ["abc"]),
        (lambda value: holds(value, "abc"), ["abc", ["abc", 1]]),
        (lambda value: holds(value, 1), [["abc", 1]]),
        (lambda value: holds(value, True), []),
    ],
)
def test_a_question(ask, true_of):
    said = [value for value in VALUES if ask(value)]
    assert [repr(value) for value in said] == [repr(value) for value in true_of]
