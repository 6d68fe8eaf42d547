"""Types: how a value on the wire becomes one of ours, and when it is malformed.

Rules:
- Text of a query, a header, a form or a path is always text; in JSON a type says whether it is `text`, `number` or
  `either`, and nothing else passes. A boolean is never a number.
- Decimals come from the wire's own digits: no sign, no exponent, ASCII digits, bounded on both sides of the point.
- A symbol that is not known passes as `Unknown`: whether it exists is the action's question, not the form's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from exconn.document import suggest

from .identifiers import KINDS, NO_FORMS, IdForm
from .names import Names
from .place import Place
from .relative import Relative, read_relative
from .words import Words

_DIGITS = re.compile(r"[0-9]+")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_EXPONENT = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?[eE][+-]?([0-9]{1,3})")
_FARTHEST = 30
_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,12}))?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_CLASSES = {"A-Z": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "a-z": "abcdefghijklmnopqrstuvwxyz", "0-9": "0123456789"}


class Malformed(ValueError):
    """A value is not of its type."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A symbol that no instrument has, as sent."""

    text: str


@dataclass(frozen=True, slots=True)
class After:
    """A moment that is so many ns after a request."""

    ns: int


@dataclass(frozen=True, slots=True)
class UserRef:
    """A client's own number of an order, where an id or such a number may stand; its digits."""

    text: str


@dataclass(frozen=True, slots=True)
class Type:
    """A named type. `read` takes what the wire has; it raises Malformed."""

    name: str
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class TypeReader:
    """All types that readings of a file may name."""

    own: dict[str, Type]
    words: Mapping[str, Words]
    names: Names
    id_forms: Mapping[str, IdForm] = field(default_factory=dict)
    cache: dict[str, Type] = field(default_factory=dict)

    def find(self, name: str, place: Place) -> Type:
        """A type by name: of the file, a words table, `symbol`, `symbol.FORM`, `text`, `flag` or `any`."""
        if name not in self.cache:
            self.cache[name] = self._make(name, place)
        return self.cache[name]

    def _make(self, name: str, place: Place) -> Type:
        if name in self.own:
            return self.own[name]
        if name in self.words:
            return Type(name, _word_reader(self.words[name].read))
        kind, _, form = name.partition(".")
        if kind == "symbol" and form in self.names.read_symbols:
            return Type(name, _symbol_reader(self.names.read_symbols[form]))
        if kind == "asset" and form in self.names.read_asset_forms:
            return Type(name, _symbol_reader(self.names.read_asset_forms[form]))
        if kind == "id" and form in KINDS:
            return Type(name, _id_reader(self.id_forms.get(form)))
        if name == "ref.order":
            return Type(name, _ref_reader(self.id_forms.get("order")))
        if name in _BUILT_IN:
            return Type(name, _BUILT_IN[name])
        known = [*self.own, *self.words, *_BUILT_IN, *(f"symbol.{form}" for form in self.names.symbols)]
        hint = f"did you mean {near}?" if (near := suggest(name, known)) else f"types: {', '.join(known)}"
        raise place.stop("unknown-type", f"there is no type '{name}'", hint)


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
        types.own[entry.name] = Type(entry.name, makers[kind.name](kind, types))
    return types


def _text(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    least, most = place.get("length", [1, 4096])
    alphabet = _alphabet(place.get("alphabet"))

    def read(value: Any) -> str:
        if not isinstance(value, str) or not least <= len(value) <= most:
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
        text = _as_text(_unfolded(value) if exponents else value, sent)
        left, dot, right = text.partition(".")
        if not (_is_digits(left, whole) and (not dot or _is_digits(right, places))):
            raise Malformed
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


def _is_digits(text: str, most: int) -> bool:
    return len(text) <= most and _DIGITS.fullmatch(text) is not None


def _integer(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    least, most = place.get("least", -(2**63)), place.get("most", 2**63 - 1)
    sent = place.get("sent", "text")

    def read(value: Any) -> int:
        text = _as_text(value, sent)
        if not _INTEGER.fullmatch(text) or not least <= int(text) <= most:
            raise Malformed
        return int(text)

    return read


_FAR = 10_000_000_000 * UNITS["s"]
"""A moment past any that is meant (the year 2286): a number that leads beyond it is of a finer unit."""


def _iso(value: Any) -> int:
    """A moment as RFC 3339 writes it, in ns."""
    found = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is None:
            raise Malformed
        whole = datetime.fromisoformat(f"{found[1]}{'+00:00' if found[3] in 'Zz' else found[3]}")
    except ValueError:
        raise Malformed from None
    return int(whole.timestamp()) * UNITS["s"] + int((found[2] or "").ljust(9, "0")[:9])


def _time(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    sent, offsets = place.get("sent", "text"), place.get("offsets", False)
    if place.get("unit") == "iso":
        return _iso
    unit = UNITS[place.get("unit")]
    finer = UNITS[place.get("finer", place.get("unit"))]

    def read(value: Any) -> int | After | None:
        text = _as_text(value, sent)
        if offsets and text.startswith("+") and _is_digits(text[1:], 10):
            return After(int(text[1:]) * unit)
        if offsets and text == "0":
            return None
        if not _is_digits(text, 19):
            raise Malformed
        moment = int(text) * unit
        return int(text) * finer if moment > _FAR else moment

    return read


def _relative(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    whole, places, sent = place.get("whole", 18), place.get("places", 18), place.get("sent", "text")

    def read(value: Any) -> Relative:
        found = read_relative(_as_text(value, sent), whole, places)
        if found is None:
            raise Malformed
        return found

    return read


def _list(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    item, most, separator = types.find(place.get("of"), place), place.get("most", 1000), place.get("separated")
    in_json = place.get("json", False)

    def read(value: Any) -> list[Any]:
        items = value.split(separator) if isinstance(value, str) and separator else value
        if isinstance(value, str) and in_json and not isinstance(value, JsonText):
            items = _read_array(value)
        if not isinstance(items, list) or len(items) > most:
            raise Malformed
        return [item.read(each) for each in items]

    return read


def _read_array(text: str) -> Any:
    try:
        return json.loads(text, parse_int=Number, parse_float=Number)
    except (ValueError, RecursionError):
        raise Malformed from None


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


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a JSON document, in its own digits."""

    text: str


def _as_text(value: Any, sent: str) -> str:
    """The digits of what was sent, if it was sent as it may be. A query's text is text, whatever `sent` says."""
    if isinstance(value, Number):
        if sent == "text":
            raise Malformed
        return value.text
    if not isinstance(value, str) or (sent == "number" and isinstance(value, JsonText)):
        raise Malformed
    return value


class JsonText(str):
    """A string of a JSON document; a query's text is a plain str."""

    __slots__ = ()


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed
    return str(value)


def _read_flag(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    if value in ("true", "false") and not isinstance(value, JsonText):
        return bool(value == "true")
    raise Malformed


def _word_reader(words: Mapping[Any, str]) -> Callable[[Any], Any]:
    def read(value: Any) -> str:
        key = int(value.text) if isinstance(value, Number) and _INTEGER.fullmatch(value.text) else value
        if not isinstance(key, str | int) or key not in words:
            raise Malformed
        return words[key]

    return read


def _symbol_reader(symbols: Mapping[str, str]) -> Callable[[Any], Any]:
    def read(value: Any) -> str | Unknown:
        if not isinstance(value, str):
            raise Malformed
        return symbols.get(value) or Unknown(value)

    return read


def _contains(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    item, separator = place.get("item"), place.get("separated")

    def read(value: Any) -> bool:
        items = value.split(separator) if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
            raise Malformed
        return item in items

    return read


def _id_reader(form: IdForm | None) -> Callable[[Any], Any]:
    """Reads an id as the digits of its number; what spells none reads as 0."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Malformed
        if form is not None:
            return str(form.read(value))
        return value if _is_digits(value, 18) else "0"

    return read


def _ref_reader(form: IdForm | None) -> Callable[[Any], Any]:
    """Reads an id as above, or a client's own number."""
    read_id = _id_reader(form)

    def read(value: Any) -> str | UserRef:
        text = value.text if isinstance(value, Number) else value
        if form is not None and isinstance(text, str) and _INTEGER.fullmatch(text):
            return UserRef(str(int(text)))
        return str(read_id(text))

    return read


_MAKERS = {
    "text": _text,
    "decimal": _decimal,
    "integer": _integer,
    "time": _time,
    "list": _list,
    "contains": _contains,
    "choice": _choice,
    "relative": _relative,
}
_BUILT_IN: dict[str, Callable[[Any], Any]] = {"text": _read_text, "flag": _read_flag, "any": lambda value: value}
