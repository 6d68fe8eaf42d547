"""The one decoder: exact numbers, bounded input, one error for everything that is wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec.decoding import MAX_BYTES, decode
from exconn.codec.levels import read_number
from exconn.codec.numbers import BadValue, read_decimal
from exconn.errors import Unanswered


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-7", -7),
        ("18446744073709551616", 18446744073709551616),
        ("1.50", Decimal("1.50")),
        ("9e-05", Decimal("9e-05")),
        ("0.1", Decimal("0.1")),
        ('"1.50"', "1.50"),
        ('{"a": [true, null]}', {"a": [True, None]}),
        (b'{"a": 1.0}', {"a": Decimal("1.0")}),
    ],
)
def test_numbers_keep_their_digits(text, value):
    read = decode(text)
    assert read == value
    assert str(read) == str(value)
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "the body is not readable JSON: Input data was truncated"),
        (b"<html>502</html>", "the body is not readable JSON: JSON is malformed: invalid character (byte 0)"),
        (b'{"a": 1', "the body is not readable JSON: Input data was truncated"),
        (b"NaN", "the body is not readable JSON: JSON is malformed: invalid character (byte 0)"),
        (b"1_000", "the body is not readable JSON: JSON is malformed: trailing characters (byte 2)"),
        (b'"\xff"', "the body is not UTF-8"),
        ('"\ud800"', "the body is not UTF-8"),
        (b"[" * 100_000, "the body is nested too deep"),
        (b"9" * 5000, "the body is not readable JSON: Integer value out of range"),
        (b" " * (MAX_BYTES + 1), f"the body is longer than {MAX_BYTES} bytes"),
    ],
)
def test_what_is_no_answer(data, why):
    with pytest.raises(Unanswered) as told:
        decode(data)
    assert str(told.value) == why


def test_a_body_cut_at_every_byte():
    whole = '{"code": 0, "data": [{"px": "1.5", "é": -2.25e1}]}'.encode()
    assert decode(whole)["code"] == 0
    for end in range(len(whole)):
        with pytest.raises(Unanswered):
            decode(whole[:end])


@pytest.mark.parametrize(
    ("text", "number", "as_level"),
    [
        ("1e-99999999999999999999", "1E-99999", 0.0),
        ("-7.5E99999999999999999999", "-1E+99999", None),
        ("0e99999999999999999999", "0E+99999", 0.0),
        ("-0.0e-99999999999999999999", "-0E-99999", 0.0),
    ],
)
def test_an_exponent_out_of_every_range_costs_its_field_alone(text, number, as_level):
    read = decode(f'{{"a": {text}, "b": 1.50}}')
    assert (str(read["a"]), str(read["b"])) == (number, "1.50")
    with pytest.raises(BadValue, match="out of range"):
        read_decimal(read["a"])
    if as_level is not None:
        assert read_number(read["a"]) == as_level


@given(st.binary(max_size=60))
def test_no_other_error_for_any_bytes(data):
    try:
        decode(data)
    except Unanswered as fault:
        assert str(fault).startswith("the body ")
