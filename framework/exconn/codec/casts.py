"""The casts that a reading may name with `as`, apart from times and words: a value of the wire to what the field means.

Rules: exact arithmetic only, a sign or a point is moved, nothing is rounded; a value that has not the form the cast
needs is a BadValue; texts are cut, never searched for patterns. What a preparation gives is never shown.
"""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

from exconn.codec.numbers import BadValue, plain, read_decimal, read_integer, read_text, shown
from exconn.codec.times import duration_from_ms, duration_from_s
from exconn.model import TradeType

_MOST_PLACES = 40


def pow10_neg(value: object) -> Decimal:
    """A number of decimals as the step it means: 8 is 0.00000001."""
    places = read_integer(value)
    if not -_MOST_PLACES <= places <= _MOST_PLACES:
        raise BadValue(f"{shown(value)} is no number of decimals")
    return Decimal((0, (1,), -places)) if places >= 0 else Decimal(10**-places)


def absolute(value: object) -> Decimal:
    return read_decimal(value).copy_abs()


def negated(value: object) -> Decimal:
    """The number with its sign turned; zero stays a plain zero."""
    number = read_decimal(value)
    return number.copy_negate() if number else number.copy_abs()


def percentage(value: object) -> Decimal:
    """Percent to a fraction: 0.1 is 0.001."""
    sign, digits, exponent = read_decimal(value).as_tuple()
    assert isinstance(exponent, int)  # read_decimal gives finite numbers only
    return Decimal((sign, digits, exponent - 2))


def side_of_sign(value: object) -> TradeType:
    """A positive amount buys, a negative one sells; zero says nothing and is refused."""
    number = read_decimal(value)
    if not number:
        raise BadValue("zero has no sign to tell a side by")
    return TradeType.BUY if number > 0 else TradeType.SELL


def split_pair(value: object, separator: str, index: int) -> str:
    """Part `index` (from 0) of a text between separators."""
    parts = read_text(value).split(separator)
    if not 0 <= index < len(parts) or not parts[index]:
        raise BadValue(f"{shown(value)} has no part {index} between {separator!r}")
    return parts[index]


def prefixed(value: object, prefix: str) -> str:
    """What stands behind `prefix`, which must be there."""
    text = read_text(value)
    if not text.startswith(prefix) or len(text) == len(prefix):
        raise BadValue(f"{shown(value)} is not a text behind {prefix!r}")
    return text[len(prefix) :]


def decimal_part(value: object, separator: str, index: int) -> Decimal:
    """Part `index` of a text between separators, as a number."""
    return read_decimal(split_pair(value, separator, index))


def hidden(read: Callable[..., str], value: object, *arguments: str | int) -> str:
    """A value of a preparation, by `read`; what it is, perhaps a token, is in no message and in no error's context."""
    with suppress(BadValue):
        return read(value, *arguments)
    raise BadValue("not of the form its reading asks for; it is not shown, because it may be a secret")


def given_integer(value: object) -> str:
    """A value of a preparation that must be an integer, as the text it is sent with."""
    return str(read_integer(value))


def given_decimal(value: object) -> str:
    """A value of a preparation that must be a number, as plain digits."""
    return plain(read_decimal(value))


def given_duration_s(value: object) -> str:
    """A duration in seconds, as plain seconds."""
    return _seconds(duration_from_s(value))


def given_duration_ms(value: object) -> str:
    """A duration in milliseconds, as plain seconds."""
    return _seconds(duration_from_ms(value))


def _seconds(nanoseconds: int) -> str:
    return plain(Decimal(nanoseconds).scaleb(-9).normalize())
