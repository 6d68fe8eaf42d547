"""Numbers of public data: prices and sizes of books and of the tape, as floats, or exact where the spec asks for it.

Rules: the one number grammar is checked before the float is made (how many digits there are does not matter, a float
keeps 17), then that it is finite, of a size that a market could mean and not negative; a bad number costs its whole
book, because a book without one of its levels is a wrong book. `LevelPrice` and `LevelSize` ask the same of msgspec,
which makes numbers of all rows at once; what it refuses, these functions judge one by one. A level of price 0 only
moves the ids and is left out. Beside levels that a checksum runs over stands what the wire wrote of them, as it was
decoded.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from msgspec import Meta, Struct, ValidationError, convert

from exconn.codec.numbers import BadValue, read_decimal, shown
from exconn.model import Levels, LevelTexts

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_LARGEST: Final = 1e60

LevelPrice: TypeAlias = Annotated[float, Meta(gt=0.0, le=_LARGEST)]
LevelSize: TypeAlias = Annotated[float, Meta(ge=0.0, le=_LARGEST)]


class _Rows(Struct, array_like=True, gc=False):
    """A type that msgspec knows from its first use on, which a bare `list[...]` is not."""

    levels: list[tuple[LevelPrice, LevelSize]]


class _SignedRows(Struct, array_like=True, gc=False):
    levels: list[tuple[LevelPrice, Annotated[float, Meta(ge=-_LARGEST, le=_LARGEST)]]]


def read_number(value: object) -> float:
    """A float that is finite and not negative, from a text, an int or a Decimal."""
    if type(value) is str:
        if _NUMBER(value) is None:
            raise BadValue(f"{shown(value)} is not a number")
    elif type(value) is not int and type(value) is not Decimal:
        raise BadValue(f"{shown(value)} is not a number")
    try:
        number = float(value)
    except OverflowError:
        raise BadValue(f"{shown(value)} is out of range") from None
    if 0.0 <= number <= _LARGEST:
        return number
    raise BadValue(f"{shown(value)} is {'negative' if number < 0 else 'out of range'}")


def read_magnitude(value: object) -> float:
    """A float without its sign."""
    return float(read_decimal(value).copy_abs())


def read_exact(value: object) -> Decimal:
    """A Decimal that is not negative."""
    number = read_decimal(value)
    if number < 0:
        raise BadValue(f"{shown(value)} is negative")
    return number


def read_pairs(rows: Sequence[Any]) -> Levels:
    """Levels of rows that begin with price and size, whatever comes behind."""
    try:
        return convert((rows,), _Rows, strict=False).levels
    except ValidationError:
        return read_levels([row[:2] if type(row) is list and len(row) > 1 else (None, None) for row in rows])


def read_levels(rows: Sequence[Any], signed: bool = False) -> Levels:
    """Levels of (price, size) pairs of wire values; `signed`: the size's sign tells something else."""
    try:
        return converted_levels(rows, signed)
    except ValidationError:
        size_of = read_magnitude if signed else read_number
        return [(price, size) for price, size in ((read_number(p), size_of(s)) for p, s in rows) if price]


def converted_levels(rows: Sequence[Any], signed: bool = False) -> Levels:
    """Levels of pairs that are all good, row for row. msgspec's ValidationError where one is not, or has price 0."""
    if signed:
        return [(price, abs(size)) for price, size in convert((rows,), _SignedRows, strict=False).levels]
    return convert((rows,), _Rows, strict=False).levels


def read_exact_levels(rows: Sequence[Any], signed: bool = False) -> list[tuple[Decimal, Decimal]]:
    """Levels as Decimals of the wire's own digits."""
    levels = [(read_exact(p), read_decimal(s).copy_abs() if signed else read_exact(s)) for p, s in rows]
    return [level for level in levels if level[0]]


def level_texts(rows: LevelTexts, levels: Levels) -> LevelTexts:
    """What the wire wrote of the `levels` that have been read of these rows: all but those of price 0."""
    return rows if len(rows) == len(levels) else [row for row in rows if _is_some(row[0])]


def _is_some(price: object) -> bool:
    """Whether a price that has been read is more than zero."""
    return bool(float(price) if type(price) is Decimal else read_decimal(price))
