"""The number grammar: one table for what is read, one for what is refused, one for what is written."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exconn.codec import BadValue, plain, read_decimal, read_integer, read_text
from exconn.codec.numbers import shown


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("0", "0"),
        ("-0.00", "-0.00"),
        ("1.50", "1.50"),
        ("007.5", "7.5"),
        ("9e-05", "0.00009"),
        ("1E+3", "1E+3"),
        ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
        (12, "12"),
        (-3, "-3"),
        (Decimal("0.10"), "0.10"),
    ],
)
def test_decimals(value: object, digits: str) -> None:
    number = read_decimal(value)
    assert type(number) is Decimal
    assert str(number) == digits


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            " ",
            "1 ",
            " 1",
            "+1",
            ".5",
            "5.",
            "1_000",
            "1,000",
            "0x10",
            "NaN",
            "Infinity",
            "-inf",
            "sNaN",
            "1e",
            "e5",
        ),
        *("١٢", "１２", "1\n", "1e500", "1e-99", "--1", "1.2.3", "9" * 41, "1e999"),
        *(True, False, None, 1.5, [], {}, b"1", Decimal("NaN"), Decimal("Infinity"), Decimal("1e70"), 10**61),
    ],
)
def test_what_is_no_decimal(value: object) -> None:
    with pytest.raises(BadValue, match=r"is not a number|is out of range|is not a finite number"):
        read_decimal(value)


@pytest.mark.parametrize(
    ("value", "number"), [(7, 7), ("7", 7), ("-12", -12), ("007", 7), (Decimal("5.0"), 5), (Decimal("1E+2"), 100)]
)
def test_integers(value: object, number: int) -> None:
    assert read_integer(value) == number


@pytest.mark.parametrize("value", ["5.0", "", "1e3", "٣", " 1", True, None, Decimal("5.5"), 5.0, [1], "9" * 41])
def test_what_is_no_integer(value: object) -> None:
    with pytest.raises(BadValue, match="is not an integer"):
        read_integer(value)


@pytest.mark.parametrize(("value", "text"), [("a", "a"), (12, "12"), (Decimal("1.50"), "1.50"), (" ", " ")])
def test_texts(value: object, text: str) -> None:
    assert read_text(value) == text


@pytest.mark.parametrize("value", ["", None, True, [], {}, 1.5])
def test_what_is_no_text(value: object) -> None:
    with pytest.raises(BadValue, match=r"is not a text|the text is empty"):
        read_text(value)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0", "0"),
        ("-0", "-0"),
        ("0.10", "0.10"),
        ("65000.00", "65000.00"),
        ("9E-8", "0.00000009"),
        ("1E+5", "100000"),
        ("-1.5", "-1.5"),
        ("0.1000000000000000000000", "0.1"),
        ("5.0000000000000000000", "5"),
        ("999999999999999999.999999999999999999", "999999999999999999.999999999999999999"),
    ],
)
def test_what_is_written(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "1E+18", "1E-19", "0.1234567890123456789", "1E+999999", "1E-999999"]
)
def test_what_cannot_be_written(number: str) -> None:
    with pytest.raises(BadValue, match="cannot be written in 18 digits before and 18 after the point"):
        plain(Decimal(number))


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_bad_value(text: str) -> None:
    try:
        number = read_decimal(text)
    except BadValue:
        return
    assert text.isascii()
    assert number.is_finite()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ("a\nb", r"'a\nb'"),
        ("x" * 30, "'" + "x" * 24 + "...'"),
        (10**30, "1" + "0" * 23 + "..."),
        ({}, "an object"),
        ([], "an array"),
        (1.5, "a binary number"),
        (b"", "a bytes"),
    ],
)
def test_values_in_messages(value: object, text: str) -> None:
    assert shown(value) == text


LONG = Decimal("1." + "0" * 5000)


@pytest.mark.parametrize("read", [read_decimal, read_integer, read_text])
@pytest.mark.parametrize("value", [LONG, Decimal("1." + "1" * 80), 10**41, -(10**41) + 1, 10**4299])
def test_a_json_number_has_no_more_digits_than_a_text_may_have(read: Callable[[object], object], value: object) -> None:
    if read is read_decimal and type(value) is int and value < 10**60:
        assert read_decimal(value) == value
    else:
        with pytest.raises(BadValue, match=r"too many digits|out of range"):
            read(value)


def test_digits_and_signs_of_a_json_number_are_kept() -> None:
    assert str(read_decimal(Decimal("1.2300"))) == "1.2300"
    assert str(read_decimal(Decimal("-0.00"))) == "-0.00"
