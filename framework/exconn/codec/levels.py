"""Numbers of public data: prices and sizes of books and of the tape, as floats, or exact where the spec asks for it.

Rules: the one number grammar is checked before the float is made (how many digits there are does not matter, a float
keeps 17), then that it is finite, of a size that a market could mean and not negative; a bad number costs its whole
book, because a book without one of its levels is a wrong book. `LevelPrice` and `LevelSize` ask the same of a typed
decoder; what they refuse, these functions judge.
"""

import re
from decimal import Decimal
from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from exconn.codec.numbers import BadValue, read_decimal, shown

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch
_LARGEST: Final = 1e60

LevelPrice: TypeAlias = Annotated[float, Meta(gt=0.0, le=_LARGEST)]
LevelSize: TypeAlias = Annotated[float, Meta(ge=0.0, le=_LARGEST)]


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
