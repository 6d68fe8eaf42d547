"""Typed decoders: what they take, what they give back, and when they rest."""

from typing import Any

import pytest
from msgspec import Raw, Struct, field

from exconn.codec import (
    Answer,
    AskGeneral,
    BadValue,
    PairLevel,
    TypedDecoder,
    WideLevel,
    read_levels,
    typed_levels,
    typed_rows,
    written_levels,
    written_rows,
)
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


@pytest.mark.parametrize("data", [*map(Raw, (b"null", b"{}", b"1", b'"x"', b"[", b"[1.]", b"[[nul]]", b"")), None])
def test_rows_that_stayed_json_and_are_none(data: Any) -> None:
    with pytest.raises(AskGeneral):
        written_rows(data)


def test_rows_that_stayed_json_keep_the_texts_of_their_numbers() -> None:
    rows = written_rows(Raw(b'[[0.10, "1.50"], [0.000000120, 7], [1E-9, 2.0]]'))
    assert rows == [["0.10", "1.50"], ["0.000000120", 7], ["1E-9", "2.0"]]
    pairs = [(price, size) for price, size in rows]
    assert written_levels(pairs) == read_levels(pairs) == [(0.1, 1.5), (1.2e-7, 7.0), (1e-9, 2.0)]
    assert written_levels([("1.5", "-2")], signed=True) == [(1.5, 2.0)]


@pytest.mark.parametrize(
    "pair", [("0", "1"), ("1", "-1"), ("NaN", "1"), ("1", None), ("x", 1), (True, 1), ("1e400", "1")]
)
def test_levels_that_stayed_json_and_are_none(pair: tuple[Any, Any]) -> None:
    with pytest.raises(AskGeneral):
        written_levels([("1", "1"), pair])


def test_endless_digits_are_seen_wherever_they_stand() -> None:
    assert not any(may_hold_endless_digits("x" * lead + "1" * 2000 + "x" * 3000) for lead in range(0, 3000, 77))
    assert all(may_hold_endless_digits("x" * lead + "1" * 4301 + "x" * 3000) for lead in range(0, 3000, 77))
