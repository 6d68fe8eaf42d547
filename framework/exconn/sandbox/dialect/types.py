"""Types by name: what readings of a file may say that a value is.

Rules:
- A name is one that the file declares, a words table, or one that every file has.
- What a type reads is a value as the wire has it; what is not of the type is `Malformed`.
- An id reads as the digits of its number; what spells none reads as 0, which no order has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exconn.document import suggest

from .identifiers import KINDS, IdForm
from .names import Names
from .place import Place
from .wire import INTEGER, JsonText, Malformed, Number, Unknown, UserRef, WrongKind, is_digits
from .words import Words


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
        """A type by name: of the file, a words table, `symbol`, `symbol.FORM`, `text`, `flag`, `nothing` or `any`."""
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


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongKind
    return str(value)


def _read_flag(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    if value in ("true", "false") and not isinstance(value, JsonText):
        return bool(value == "true")
    raise WrongKind if isinstance(value, JsonText) or not isinstance(value, str) else Malformed


def _word_reader(words: Mapping[Any, str]) -> Callable[[Any], Any]:
    def read(value: Any) -> str:
        key = int(value.text) if isinstance(value, Number) and INTEGER.fullmatch(value.text) else value
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


def _id_reader(form: IdForm | None) -> Callable[[Any], Any]:
    """Reads an id as the digits of its number; what spells none reads as 0."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Malformed
        if form is not None:
            return str(form.read(value))
        return value if is_digits(value, 18) else "0"

    return read


def _ref_reader(form: IdForm | None) -> Callable[[Any], Any]:
    """Reads an id as above, or a client's own number."""
    read_id = _id_reader(form)

    def read(value: Any) -> str | UserRef:
        text = value.text if isinstance(value, Number) else value
        if form is not None and isinstance(text, str) and INTEGER.fullmatch(text):
            return UserRef(str(int(text)))
        return str(read_id(text))

    return read


def _read_nothing(value: Any) -> None:
    if value is not None:
        raise Malformed


_BUILT_IN: dict[str, Callable[[Any], Any]] = {
    "text": _read_text,
    "flag": _read_flag,
    "nothing": _read_nothing,
    "any": lambda value: value,
}
