"""The section `types`: the kinds of type that a file may declare, and how each reads.

Rules:
- Decimals come from the wire's own digits: no sign, no exponent (unless `exponents`), ASCII digits, bounded on both
  sides of the point.
- Those of time are in `time_types`, and what a file may declare further is given.
- A type `any_of` reads as the first of its types that can.
- A type of a list names a type declared before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .identifiers import NO_FORMS, IdForm
from .names import Names
from .place import Place, Stop
from .relative import Relative, read_relative
from .time_types import TIME_MAKERS
from .types import Type, TypeReader
from .wire import INTEGER, JsonText, Malformed, Number, Repeated, TooPrecise, WrongKind, as_text, is_digits
from .words import Words

_EXPONENT = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?[eE][+-]?([0-9]{1,3})")
_FARTHEST = 30
_CLASSES = {"A-Z": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "a-z": "abcdefghijklmnopqrstuvwxyz", "0-9": "0123456789"}

Maker = Callable[[Place, TypeReader], Callable[[Any], Any]]
NO_MAKERS: Mapping[str, Maker] = {}


def build_types(
    place: Place,
    words: Mapping[str, Words],
    names: Names,
    id_forms: Mapping[str, IdForm] = NO_FORMS,
    further: Mapping[str, Maker] = NO_MAKERS,
) -> TypeReader:
    """The section `types`, beside what every file has. `further` makes the kinds that this module does not know."""
    makers = {**_MAKERS, **further}
    types = TypeReader({}, words, names, id_forms)
    for entry in place.entries("types"):
        kind = next(entry.entries())
        if entry.name in words:
            entry.error("names-clash", f"'{entry.name}' is a words table already", "rename one of them")
        try:
            read = makers[kind.name](kind, types)
        except Stop:
            read = _as_it_is  # the finding is told; what names this type is not at fault
        types.own[entry.name] = Type(entry.name, read)
    return types


def _as_it_is(value: Any) -> Any:
    return value


def _text(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    least, most = place.get("length", [1, 4096])
    alphabet = _alphabet(place.get("alphabet"))

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongKind
        if not least <= len(value) <= most:
            raise Malformed
        if alphabet is not None and not alphabet.issuperset(value):
            raise Malformed
        return str(value)

    return read


def _alphabet(text: str | None) -> frozenset[str] | None:
    """`A-Za-z0-9_.-`: three ranges by name, all else for itself."""
    if text is None:
        return None
    for name, letters in _CLASSES.items():
        text = text.replace(name, letters)
    return frozenset(text)


def _decimal(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    whole, places = place.get("whole", 18), place.get("places", 18)
    positive, sent = place.get("positive", False), place.get("sent", "text")
    most = place.get("most")
    exponents = place.get("exponents", False)

    def read(value: Any) -> Decimal:
        text = as_text(_unfolded(value) if exponents else value, sent)
        left, dot, right = text.partition(".")
        if not (is_digits(left, whole) and (not dot or is_digits(right, _FARTHEST))):
            raise Malformed
        if len(right) > places:
            raise TooPrecise
        number = Decimal(text)
        if (positive and not number) or (most is not None and number > most):
            raise Malformed
        return number

    return read


def _unfolded(value: Any) -> Any:
    """A number of JSON without its exponent, as long as that is one that a number of money may have."""
    if isinstance(value, Number) and (found := _EXPONENT.fullmatch(value.text)) and int(found[1]) <= _FARTHEST:
        return Number(format(Decimal(value.text), "f"))
    return value


def _integer(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    least, most = place.get("least", -(2**63)), place.get("most", 2**63 - 1)
    sent = place.get("sent", "text")

    def read(value: Any) -> int:
        text = as_text(value, sent)
        if not INTEGER.fullmatch(text) or not least <= int(text) <= most:
            raise Malformed
        return int(text)

    return read


def _relative(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    whole, places, sent = place.get("whole", 18), place.get("places", 18), place.get("sent", "text")

    def read(value: Any) -> Relative:
        found = read_relative(as_text(value, sent), whole, places)
        if found is None:
            raise Malformed
        return found

    return read


def _list(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    item, most, separator = types.find(place.get("of"), place), place.get("most", 1000), place.get("separated")
    in_json, once, least = place.get("json", False), place.get("once", False), place.get("least", 0)

    def read(value: Any) -> list[Any]:
        items = value.split(separator) if isinstance(value, str) and separator else value
        if isinstance(value, str) and in_json and not isinstance(value, JsonText):
            items = _read_array(value)
        if not isinstance(items, list):
            raise WrongKind
        if not least <= len(items) <= most:
            raise Malformed
        found = [item.read(each) for each in items]
        if once and any(each in found[:index] for index, each in enumerate(found)):
            raise Repeated
        return found

    return read


def _read_array(text: str) -> Any:
    try:
        return json.loads(text, parse_int=Number, parse_float=Number)
    except (ValueError, RecursionError):
        raise Malformed from None


def _any_of(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    ways = [types.find(name, place) for name in place.plain]

    def read(value: Any) -> Any:
        for way in ways[:-1]:
            try:
                return way.read(value)
            except Malformed:
                continue
        return ways[-1].read(value)

    return read


def _choice(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    known = place.plain
    meant: dict[str, Any] = known if isinstance(known, dict) else {word: word for word in known}

    def read(value: Any) -> Any:
        if isinstance(value, Number | bool):
            value = value.text if isinstance(value, Number) else str(value).lower()
        if not isinstance(value, str) or value not in meant:
            raise Malformed
        return meant[value]

    return read


def _contains(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    item, separator = place.get("item"), place.get("separated")

    def read(value: Any) -> bool:
        items = value.split(separator) if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise Malformed
        return item in items

    return read


_MAKERS = {
    "text": _text,
    "decimal": _decimal,
    "integer": _integer,
    "list": _list,
    "contains": _contains,
    "choice": _choice,
    "any_of": _any_of,
    "relative": _relative,
    **TIME_MAKERS,
}
