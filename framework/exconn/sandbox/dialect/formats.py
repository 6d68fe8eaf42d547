"""How a value of each kind is written: one function a kind and suffix, chosen when the file is read.

Rules:
- None is `null`, whatever the kind; with the suffix `zero` it is a zero. Money never has an exponent; `shortest` drops
  zeros at the end, `as_is` keeps them, and a count of digits writes so many after the point (more are cut off);
  `declared` fills up with zeros to the digits of the instrument's step, where the value has one.
- A number of JSON keeps its digits: it is put into the document as text, never through a float.
- `Defaults` are the file's habits, which a socket may change for itself and a template for a part of it; a suffix
  overrides them at one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from exconn.sandbox.engine.amounts import plain

from .place import Place
from .values import Kind, Value
from .wire import UNITS, Number

Write = Callable[[Any], Any]
CUT = 64
ZERO = "zero"


HABITS: dict[str, tuple[str | int, ...]] = {
    "money": ("text", "number"),
    "digits": ("shortest", "as_is", "declared", *range(19)),
    "time": ("s", "ms", "us", "ns", "iso", "ms_text", "s_text"),
    "id": ("text", "number"),
}
"""What a `formats` section may say."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a value without a suffix looks like."""

    money: str = "text"
    digits: str | int = "shortest"
    time: str = "ms"
    id: str = "text"


def build_defaults(place: Place, before: Defaults) -> Defaults:
    """`before`, changed by a `formats` section where `place` has one."""
    return replace(before, **place.get("formats", {}))


def suffixes(value: Value, tables: Mapping[str, str]) -> dict[str, str]:
    """The suffixes that fit a value, each with what it means; `tables` is words table -> its vocabulary."""
    if value.kind is Kind.WORD:
        return {name: name for name, of in tables.items() if of == value.of}
    if value.kind is Kind.FLAG:
        return {name: name for name, of in tables.items() if of == "flag"}
    return {name: name for name in _SUFFIXES.get(value.kind, ())}


_CALENDAR = {"iso_s": "%Y-%m-%dT%H:%M:%SZ", "rfc": "%a, %d %b %y %H:%M:%S +0000"}
_SUFFIXES: dict[Kind, tuple[str, ...]] = {
    Kind.MONEY: ("text", "number", "shortest", "as_is", "declared", ZERO),
    Kind.TIME: (*UNITS, "iso", "ms_text", "s_text", "ns_text", "s_parts", *_CALENDAR),
    Kind.ID: ("text", "number"),
    Kind.INTEGER: ("text", "number", ZERO),
    Kind.TEXT: ("upper", "lower"),
    Kind.ASSET: ("upper", "lower"),
    Kind.SYMBOL: ("upper", "lower"),
}


def money(defaults: Defaults, suffix: str | None) -> Write:
    """Money as the defaults have it, changed by a suffix."""
    number = is_number(defaults, suffix)
    digits = suffix if suffix in ("shortest", "as_is") else defaults.digits

    def text(value: Decimal) -> str:
        if isinstance(digits, int):
            return fixed(value, digits)
        return format(value, "f") if digits == "as_is" else plain(value)

    return (lambda value: msgspec.Raw(text(value).encode())) if number else text


def is_number(defaults: Defaults, suffix: str | None) -> bool:
    """Whether money is a number of JSON."""
    return (suffix if suffix in ("text", "number") else defaults.money) == "number"


def is_declared(defaults: Defaults, suffix: str | None) -> bool:
    """Whether money with a step has the step's digits."""
    return (suffix if suffix in ("shortest", "as_is", "declared") else defaults.digits) == "declared"


def declared(value: Decimal, digits: int) -> str:
    """Money with at least so many digits after the point: filled up with zeros, and never cut."""
    text = plain(value)
    left, _, right = text.partition(".")
    return f"{left}.{right:0<{digits}}" if digits else text


def fixed(value: Decimal, digits: int) -> str:
    """So many digits after the point; what does not fit is cut off."""
    left, _, right = format(value, "f").partition(".")
    return f"{left}.{right[:digits]:0<{digits}}" if digits else left


def time(defaults: Defaults, suffix: str | None) -> Write:
    """A moment: integers cut off, never rounded up."""
    form = suffix or defaults.time
    if form == "iso":
        return _iso
    if form in _CALENDAR:
        pattern = _CALENDAR[form]
        return lambda value: f"{datetime.fromtimestamp(value // 1_000_000_000, UTC):{pattern}}"
    if form == "s_parts":
        return lambda value: msgspec.Raw(f"{value // 1_000_000_000}.{value // 1_000 % 1_000_000:06d}".encode())
    unit, _, as_text = form.partition("_")
    length = UNITS[unit]
    return (lambda value: str(value // length)) if as_text else (lambda value: value // length)


def _iso(value: int) -> str:
    moment = datetime.fromtimestamp(value // 1_000_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{value // 1_000 % 1_000_000:06d}Z"


def identifier(defaults: Defaults, suffix: str | None) -> Write:
    """An id: text, or a bare number where it is one."""
    if (suffix or defaults.id) == "number":
        return lambda value: int(value) if str(value).isdecimal() else str(value)
    return str


def integer(suffix: str | None) -> Write:
    return str if suffix == "text" else int


def text(suffix: str | None) -> Write:
    """Text, or anything else as its own type."""
    if suffix == "upper":
        return str.upper
    return str.lower if suffix == "lower" else _same


def _same(value: Any) -> Any:
    return value


def echo(value: Any) -> Any:
    """What a client sent, as it sent it."""
    if isinstance(value, Number):
        return msgspec.Raw(value.text.encode())
    if isinstance(value, dict):
        return {str(key): echo(item) for key, item in value.items()}
    if isinstance(value, list):
        return [echo(item) for item in value]
    return str(value) if isinstance(value, str) else value


def written(value: Any) -> Any:
    """An argument as it was read."""
    return format(value, "f") if isinstance(value, Decimal) else echo(value)


def inline(value: Any) -> str:
    """A written value inside a text; what a client sent is cut at 64 characters."""
    return whole(value)[:CUT]


def whole(value: Any) -> str:
    """A value as text, all of it."""
    if value is None:
        return ""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, msgspec.Raw):
        return bytes(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | Decimal):
        return str(value)
    return msgspec.json.encode(echo(value)).decode()
