"""Public numbers: floats that are finite and not negative, exact ones where asked for."""

import random
from decimal import Decimal
from typing import Any

import pytest

from exconn.codec.levels import (
    level_texts,
    read_exact,
    read_exact_levels,
    read_levels,
    read_magnitude,
    read_number,
    read_pairs,
)
from exconn.codec.numbers import BadValue


@pytest.mark.parametrize(
    ("read", "value", "number"),
    [
        (read_number, "65000.50", 65000.5),
        (read_number, "0", 0.0),
        (read_number, "1e-05", 1e-05),
        (read_number, 7, 7.0),
        (read_number, Decimal("0.1"), 0.1),
        (read_number, "0." + "0" * 60 + "1", 1e-61),
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
        (read_number, "1e61", "'1e61' is out of range"),
        (read_number, "1e999", "'1e999' is out of range"),
        (read_number, 10**400, "100000000000000000000000... is out of range"),
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


D = Decimal


@pytest.mark.parametrize(
    ("rows", "levels"),
    [
        ([], []),
        ([["1.5", "2"], ["1.4", "0"]], [(1.5, 2.0), (1.4, 0.0)]),
        ([["1.5", "2", "0", "4"], [1, D("0.5"), 7]], [(1.5, 2.0), (1.0, 0.5)]),
        ([["0", "2"], ["1", "3"]], [(1.0, 3.0)]),
        ([["0.00", "2", 1]], []),
        ([["01.5", "1e-7"]], [(1.5, 1e-7)]),
    ],
)
def test_rows_that_begin_with_price_and_size(rows: list[Any], levels: list[Any]) -> None:
    assert read_pairs(rows) == levels
    assert read_levels([row[:2] for row in rows]) == levels
    exact = read_exact_levels([row[:2] for row in rows])
    assert [(float(price), float(size)) for price, size in exact] == levels
    assert all(type(number) is Decimal for level in exact for number in level)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["1", "x"]], "'x' is not a number"),
        ([["1", "1"], ["2", "NaN"]], "'NaN' is not a number"),
        ([["Infinity", "1"]], "'Infinity' is not a number"),
        ([["1", "-1"]], "'-1' is negative"),
        ([["0", "-1"]], "'-1' is negative"),
        ([["1", "1_0"]], "'1_0' is not a number"),
        ([["1"]], "null is not a number"),
        (["11"], "null is not a number"),
        ([["1", None]], "null is not a number"),
        ([[True, "1"]], "true is not a number"),
        ([["1", "1" * 62]], "'111111111111111111111111...' is out of range"),
    ],
)
def test_one_bad_number_costs_the_book(rows: list[Any], why: str) -> None:
    with pytest.raises(BadValue) as told:
        read_pairs(rows)
    assert told.value.why == why


def test_signed_sizes_lose_their_sign() -> None:
    assert read_levels([("2", "-0.5"), (D(3), 1), ("0", "-1")], signed=True) == [(2.0, 0.5), (3.0, 1.0)]
    assert read_exact_levels([("2", "-0.50")], signed=True) == [(D(2), D("0.50"))]
    with pytest.raises(BadValue, match="'x' is not a number"):
        read_levels([("2", "x")], signed=True)


def test_all_ways_give_the_same_floats() -> None:
    draw = random.Random(7)
    texts = [f"{draw.random() * 10 ** draw.randrange(-8, 9):.{draw.randrange(18)}f}" for _ in range(4_000)]
    rows = [[f"1{price}", size] for price, size in zip(texts[::2], texts[1::2], strict=True)]
    assert read_pairs(rows) == [(float(price), float(size)) for price, size in rows]


def test_texts_are_those_of_the_levels() -> None:
    rows: list[tuple[Any, Any]] = [("0.10", "-1.50"), ("0.0", "1"), (D("45281.0"), 7), (D("0e5"), 0), (D("1e-7"), 0)]
    kept = [rows[0], rows[2], rows[4]]
    assert level_texts(rows, read_levels(rows, signed=True)) == kept
    assert level_texts(kept, read_levels(kept, signed=True)) == kept
