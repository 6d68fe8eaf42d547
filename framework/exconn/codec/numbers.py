"""The one number grammar: wire values to Decimal, int and text, and Decimal to wire text.

Rules: a number is ASCII digits, perhaps a minus, a fraction and an exponent; NaN, Infinity, `1_000`, `+1`, `.5`, blanks
and other scripts' digits are refused. JSON numbers arrive as int or Decimal with their own digits, never as float. What
is written is plain digits, never an exponent, at most 18 before and 18 after the point; digits that a caller quantised
to are kept. Nothing here rounds. A refused value is a BadValue whose text never holds the value whole.
"""

import re
from decimal import Context, Decimal, Rounded
from typing import Final

from exconn.errors import ExconnError

_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
_PLAIN = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?").fullmatch
_INTEGER = re.compile(r"-?[0-9]{1,40}").fullmatch
_WRITTEN = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?").fullmatch

_LARGEST_EXPONENT = 60
_MOST_DIGITS = Context(prec=80, traps=[Rounded])  # what the grammar of texts can hold, for JSON numbers as well
_LARGEST_INTEGER = 10**40
_SHOWN = 24
_REMEMBERED = 8192

DECIMALS: Final[dict[str, Decimal]] = {}
"""The texts read of late, each with what it means: prices, sizes and steps come again and again."""
_NOUNS: dict[type, str] = {dict: "an object", list: "an array", float: "a binary number"}


class BadValue(ExconnError):
    """A value has not the form its type asks for; `why` says so in a few words."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def shown(value: object) -> str:
    """A value for a message: its type and the first characters of a scalar, printable ones only."""
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return ascii(value if len(value) <= _SHOWN else value[:_SHOWN] + "...")
    if isinstance(value, int | Decimal):
        text = str(value)
        return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return _NOUNS.get(type(value)) or f"a {type(value).__name__}"


def read_decimal(value: object) -> Decimal:
    """A Decimal with the wire's own digits, from a text, an int or a Decimal."""
    if type(value) is str:
        return DECIMALS.get(value) or _decimal_of(value)
    if type(value) is Decimal:
        return _limited(value)
    if type(value) is int:
        return _limited(Decimal(value))
    raise BadValue(f"{shown(value)} is not a number")


def _decimal_of(text: str) -> Decimal:
    if _PLAIN(text) is not None:
        number = Decimal(text)
    elif _NUMBER(text) is not None:
        number = _limited(Decimal(text))
    else:
        raise BadValue(f"{shown(text)} is not a number")
    if len(DECIMALS) >= _REMEMBERED:
        DECIMALS.clear()
    DECIMALS[text] = number
    return number


def read_integer(value: object) -> int:
    """An int from an int, a text of digits, or a Decimal without a fraction (5.0 is 5)."""
    if type(value) is int:
        if -_LARGEST_INTEGER < value < _LARGEST_INTEGER:
            return value
        raise BadValue(f"{shown(value)} is out of range")
    if type(value) is str and _INTEGER(value) is not None:
        return int(value)
    if type(value) is Decimal:
        whole = int(_limited(value))
        if whole == value:
            return whole
    raise BadValue(f"{shown(value)} is not an integer")


def read_text(value: object) -> str:
    """A text that is not empty; a number keeps its digits."""
    if type(value) is str:
        if value:
            return value
        raise BadValue("the text is empty")
    if type(value) is int:
        return str(read_integer(value))
    if type(value) is Decimal:
        return str(_limited(value))
    raise BadValue(f"{shown(value)} is not a text")


def plain(number: Decimal) -> str:
    """Plain digits, at most 18 before and 18 after the point; zeros beyond the 18th decimal are cut, a digit is not.

    BadValue for a number that is not finite, or that does not fit.
    """
    text = format(number, "f") if number.is_finite() and abs(number.adjusted()) < _LARGEST_EXPONENT else ""
    if _WRITTEN(text) is None:
        text = _shortened(text)
        if _WRITTEN(text) is None:
            raise BadValue(f"{shown(number)} cannot be written in 18 digits before and 18 after the point")
    return text


def _shortened(text: str) -> str:
    whole, point, decimals = text.partition(".")
    kept = decimals.rstrip("0")
    return f"{whole}{point if kept else ''}{kept}"


def _limited(number: Decimal) -> Decimal:
    """The number, if it is finite and its size is one that a market could mean."""
    if not number.is_finite():
        raise BadValue(f"{shown(number)} is not a finite number")
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise BadValue(f"{shown(number)} is out of range")
    try:
        return _MOST_DIGITS.create_decimal(number)
    except Rounded:
        raise BadValue(f"{shown(number)} has too many digits") from None
