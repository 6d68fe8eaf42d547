"""Typed decoders: bytes of a frame or a body straight to the structs that a compiler made of the paths that are read.

Rules: a typed decoder never says that something is wrong: what it refuses, it gives back as None, and the general
reader judges it. What it takes reads exactly as the general reader would read it: values of the wire stay what the one
decoder makes of them, levels of a book alone become floats, under the grammar and the bounds of `codec.levels`. Levels
that a checksum runs over stay JSON until they are read, and then keep the texts of their numbers. A decoder that keeps
being refused rests, so that a message whose shape it does not know is not decoded twice for ever.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from exconn.codec.contract import Answer, Frame, FrameKind
from exconn.codec.decoding import MAX_BYTES
from exconn.codec.levels import LevelPrice, LevelSize, converted_levels
from exconn.codec.reading import rows_of
from exconn.model import Levels, LevelTexts

LevelRow = TypeVar("LevelRow")
"""What the rows of a book's side are decoded into; a decoder tries one after the other."""

PairLevel: TypeAlias = tuple[LevelPrice, LevelSize]


class WideLevel(Struct, array_like=True, gc=False):
    """A row that holds more than price and size."""

    price: LevelPrice
    size: LevelSize


REREAD: Final = Frame(FrameKind.UNKNOWN)
"""Told by a reader of typed frames, by identity: ask the general reader."""


class AskGeneral(Exception):
    """What stayed JSON is not what it should be: the general reader has to judge the whole frame."""


_WRITTEN: Final = msgspec.json.Decoder(float_hook=str.strip).decode
"""Gives numbers as they stand there: around a number there is nothing to strip, and nothing in C is done sooner."""
_REFUSALS = (msgspec.MsgspecError, UnicodeError, RecursionError, InvalidOperation)
_REFUSED_AT_MOST = 8
_LONGEST_REST = 1024
_DIGITS_AT_MOST = 4300
"""JSON integers of more digits are refused by the general decoder wherever they stand, so here they must not pass."""


class TypedDecoder:
    """Decoders of one kind of message, the one that took the last message first."""

    __slots__ = ("_decode", "_others", "_refused", "_rest")

    def __init__(self, first: Any, *others: Any) -> None:
        self._decode, *self._others = [
            msgspec.json.Decoder(each, strict=False, float_hook=Decimal).decode for each in (first, *others)
        ]
        self._refused = 0
        self._rest = 0

    def read(self, data: str | bytes) -> Any:
        """The message as a struct, or None for the general reader."""
        if self._rest:
            self._rest -= 1
            return None
        if len(data) > _DIGITS_AT_MOST and (len(data) > MAX_BYTES or may_hold_endless_digits(data)):
            return None
        try:
            message = self._decode(data if isinstance(data, str) else str(data, "utf-8"))
        except _REFUSALS:
            return self._by_others(data)
        self._refused = 0
        return message

    def _by_others(self, data: str | bytes) -> Any:
        for place, decode in enumerate(self._others):
            try:
                message = decode(data if isinstance(data, str) else str(data, "utf-8"))
            except _REFUSALS:
                continue
            self._others[place], self._decode = self._decode, decode
            self._refused = 0
            return message
        self._refuse()
        return None

    def read_answer(self, answer: Answer) -> Any:
        """The message of a 2xx answer, or None for the general reader."""
        return self.read(answer.body) if 200 <= answer.status < 300 else None

    def _refuse(self) -> None:
        self._refused += 1
        if self._refused > _REFUSED_AT_MOST:
            self._rest = min(2 ** (self._refused - _REFUSED_AT_MOST), _LONGEST_REST)


def may_hold_endless_digits(data: str | bytes) -> bool:
    """Whether a piece is nothing but digits; every run of more than `_DIGITS_AT_MOST` holds one."""
    step = _DIGITS_AT_MOST // 2
    return any(data[start : start + step].isdigit() for start in range(0, len(data), step))


def typed_rows(found: Any, optional: bool = False) -> list[Any]:
    """`rows_of` for rows that a typed decoder made: a list of structs, or one struct in place of a list."""
    if type(found) is list:
        return found
    return rows_of(None, optional) if found is None else [found]


def written_rows(found: Any) -> list[Any]:
    """The rows of one side that stayed JSON, their numbers as texts. AskGeneral where they are no list."""
    try:
        rows = _WRITTEN(found)
    except (TypeError, *_REFUSALS):
        raise AskGeneral from None
    if type(rows) is not list:
        raise AskGeneral
    return rows


def written_levels(rows: LevelTexts, signed: bool = False) -> Levels:
    """Levels of (price, size) texts, row for row. AskGeneral where one is none."""
    try:
        return converted_levels(rows, signed)
    except msgspec.ValidationError:
        raise AskGeneral from None


def typed_levels(found: Any) -> list[tuple[float, float]]:
    """(price, size) of the rows of one side."""
    if type(found) is not list:
        return rows_of(found)
    if found and type(found[0]) is not tuple:
        return [(level.price, level.size) for level in found]
    return found
