"""What a match may ask of a value, where Python has no plain operator for it.

Rules: literals are typed, "0", 0 and false are three values; every question can be asked of every JSON value and is
answered, never an error; absent and null are the same.
"""

from collections.abc import Collection
from decimal import Decimal

from exconn.codec.numbers import BadValue, read_decimal


def is_one_of(value: object, literals: Collection[str | int | bool | None]) -> bool:
    """Equal in type and value to one of the literals."""
    return any(type(value) is type(literal) and value == literal for literal in literals)


def is_empty(value: object) -> bool:
    """Absent, null, "", [] or {}."""
    return value is None or (type(value) in (str, list, dict) and not value)


def is_zero(value: object) -> bool | None:
    """Whether a number, or a text that is one, is exactly zero ("0.00" too); None where the value is no number."""
    if type(value) not in (str, int, Decimal):
        return None
    try:
        return not read_decimal(value)
    except BadValue:
        return None


def starts(value: object, text: str) -> bool:
    return type(value) is str and value.startswith(text)


def holds(value: object, wanted: str | int | bool | None) -> bool:
    """A text that contains the wanted text, or a list one of whose members is the wanted literal."""
    if type(value) is str:
        return type(wanted) is str and wanted in value
    return type(value) is list and any(is_one_of(each, (wanted,)) for each in value)
