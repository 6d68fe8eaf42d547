"""Public numbers: floats that are finite and not negative, exact ones where asked for."""

from decimal import Decimal

import pytest

from exconn.codec.levels import read_exact, read_magnitude, read_number
from exconn.codec.numbers import BadValue


@pytest.mark.parametrize(
    ("read", "value", "number"),
    [
        (read_number, "65000.50", 65000.5),
        (read_number, "0", 0.0),
        (read_number, "1e-05", 1e-05),
        (read_number, 7, 7.0),
        (read_number, Decimal("0.1"), 0.1),
        (read_magnitude, "-1.5", 1.5),
        (read_magnitude, Decimal("-2"), 2.0),
        (read_exact, "0.10", Decimal("0.10")),
    ],
)
def test_a_number(read, value, number):
    made = read(value)
    assert (made, type(made)) == (number, type(number))


@pytest.mark.parametrize(
    ("read", "value", "why"),
    [
        (read_number, "-1", "'-1' is negative"),
        (read_number, -1, "-1 is negative"),
        (read_number, "NaN", "'NaN' is not a number"),
        (read_number, "Infinity", "'Infinity' is not a number"),
        (read_number, "1_000", "'1_000' is not a number"),
        (read_number, "٣", "'\\u0663' is not a number"),
        (read_number, " 1", "' 1' is not a number"),
        (read_number, "", "'' is not a number"),
        (read_number, None, "null is not a number"),
        (read_number, True, "true is not a number"),
        (read_magnitude, "x", "'x' is not a number"),
        (read_exact, "-0.5", "'-0.5' is negative"),
    ],
)
def test_a_refused_number(read, value, why):
    with pytest.raises(BadValue) as told:
        read(value)
    assert told.value.why == why
