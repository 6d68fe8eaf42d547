"""Typed decoders: what they take, what they give back, and when they rest."""

from typing import Any

import pytest
from msgspec import Struct, field

from exconn.codec import Answer, BadValue, PairLevel, TypedDecoder, WideLevel, typed_levels, typed_rows
from exconn.codec.typed import _LONGEST_REST, _REFUSED_AT_MOST, may_hold_endless_digits


class Row(Struct):
    given: Any = field(default=None, name="id")


class Message(Struct):
    rows: list[Row] | Row = field(default=None, name="data")


@pytest.mark.parametrize(
    "data",
    [
        *('{"data": null}', '{"data": "null"}', '{"data": [1]}', "[]", "", '{"data": []} x', '{"data": [], "n": 01}'),
        *(b'{"data": [], "n": "\xff"}', '{"data": [], "n": "\ud800"}', '{"data": {"id": 1e99999999999999999999}}'),
        *('{"n": ' + "[" * 5000 + "]" * 5000 + "}", '{"n": ' + "1" * 4400 + "}", b"{}" + b" " * (16 * 1024 * 1024)),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_left_to_the_general_reader(data: str | bytes) -> None:
    assert TypedDecoder(Message).read(data) is None


def test_what_is_taken() -> None:
    decoder = TypedDecoder(Message)
    assert decoder.read(b'{"data": [{"id": 7, "more": [1]}]}').rows == [Row(7)]
    assert decoder.read('{"data": {"id": "a"}, "data": {"id": "b"}}').rows == Row("b")
    assert decoder.read_answer(Answer(200, {}, b'{"data": []}')).rows == []
    assert decoder.read_answer(Answer(404, {}, b'{"data": []}')) is None


def test_a_decoder_that_is_always_refused_rests_and_tries_again() -> None:
    decoder = TypedDecoder(Message)
    for _ in range(_REFUSED_AT_MOST + 12):
        decoder._rest = 0
        assert decoder.read("[]") is None
    rests = 0
    while decoder.read("{}") is None:
        rests += 1
    assert rests == _LONGEST_REST
    assert decoder.read("{}") is not None, "one message that it takes, and it is awake"


def test_pairs_and_wide_levels_in_turn() -> None:
    decoder = TypedDecoder(list[PairLevel], list[WideLevel])
    for _ in range(2):
        assert typed_levels(decoder.read('[["1.5", "2"]]')) == [(1.5, 2.0)]
        assert typed_levels(decoder.read('[["1.5", "2", "x"], [3, 0]]')) == [(1.5, 2.0), (3.0, 0.0)]
    assert typed_levels(decoder.read("[]")) == []


@pytest.mark.parametrize(
    "price", ['"NaN"', '"Infinity"', "-1", '"1_0"', '" 1"', '"+1"', '"٣"', "true", "null", "1e61", "0"]
)
def test_numbers_that_no_typed_level_holds(price: str) -> None:
    assert TypedDecoder(list[PairLevel], list[WideLevel]).read(f"[[{price}, 1]]") is None


def test_rows_of_a_typed_message() -> None:
    assert typed_rows([1]) == [1]
    assert typed_rows(Row(1)) == [Row(1)]
    assert typed_rows(None, optional=True) == []
    with pytest.raises(BadValue, match="no rows are there"):
        typed_rows(None)
    with pytest.raises(BadValue, match="no rows are there"):
        typed_levels(None)


def test_endless_digits_are_seen_wherever_they_stand() -> None:
    assert not any(may_hold_endless_digits("x" * lead + "1" * 2000 + "x" * 3000) for lead in range(0, 3000, 77))
    assert all(may_hold_endless_digits("x" * lead + "1" * 4301 + "x" * 3000) for lead in range(0, 3000, 77))
