"""Numbers of public data: prices and sizes of books and of the tape, as floats, or exact where the spec asks for it.

Rules: the one number grammar is checked before the float is made, then that it is finite and not negative; a bad number
costs its whole book, because a book without one of its levels is a wrong book.
"""

import re
from decimal import Decimal

from exconn.codec.numbers import BadValue, read_decimal, shown

_NUMBER = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch


def read_number(value: object) -> float:
    """A float that is finite and not negative, from a text, an int or a Decimal."""
    if type(value) is str and _NUMBER(value) is not None:
        return float(value)
    number = read_decimal(value)
    if number < 0:
        raise BadValue(f"{shown(value)} is negative")
    return float(number)


def read_magnitude(value: object) -> float:
    """A float without its sign."""
    return float(read_decimal(value).copy_abs())


def read_exact(value: object) -> Decimal:
    """A Decimal that is not negative."""
    number = read_decimal(value)
    if number < 0:
        raise BadValue(f"{shown(value)} is negative")
    return number
