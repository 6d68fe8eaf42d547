"""Templates: what the exchange answers, compiled once into closures over a record's row and the request's scope.

Rules:
- A text may hold placeholders, the names of fields too. Everything else is a constant.
- A mapping with `each` makes a list of rows (or, with `key`, a mapping), `sole` writes the only row of some, `shape`
  writes a named template, `only` leaves a field out unless its match holds (over the record, and by `sent.NAME` over
  what the client sent), `unless_null` one that is nothing, `either` writes the first of a list that is not left out,
  `as_number` is a constant with a point, `formats` writes a part of a template with other habits. Nothing else repeats
  or decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from exconn.document import suggest

from .formats import HABITS, Defaults, build_defaults
from .matches import build_scoped_match
from .place import Place, Stop
from .placeholders import LEFT_OUT, Placeholders, Render
from .records import RECORDS
from .scope import Scope
from .values import Kind, Record

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Workshop:
    """What templates are made with: the placeholders of their texts, and the templates that have names."""

    placeholders: Placeholders
    shapes: Mapping[str, tuple[str, Place]]

    def under(self, defaults: Defaults) -> Workshop:
        """The same, writing with other habits."""
        return replace(self, placeholders=replace(self.placeholders, defaults=defaults))

    def render(self, place: Place, record: Record) -> Render:
        """Compile the template at `place`; a mistake in it is a finding, and it writes nothing."""
        try:
            return self._node(place, record)
        except Stop:
            return lambda row, scope: None

    def _node(self, place: Place, record: Record) -> Render:
        value = place.plain
        if isinstance(value, str):
            return self.placeholders.text(place, value, record)
        if isinstance(value, list):
            return _list([self._node(item, record) for item in place.items()])
        if not isinstance(value, dict):
            return lambda row, scope: value
        for key, special in _SPECIAL.items():
            if key in value:
                return special(self, place, record)
        fields = [(self._key(key, record), self._node(place.at(key.name), record)) for key in place.key_places()]
        return _mapping(fields)

    def _key(self, place: Place, record: Record) -> Render | str:
        """A field's name; one with placeholders is written anew each time."""
        return place.name if "{" not in place.name else self.placeholders.text(place, place.name, record)

    def _each(self, place: Place, record: Record) -> Render:
        rows, inner = self._rows(place, "each", record)
        give = self._node(place.at("give"), inner)
        if "key" not in place:
            return lambda row, scope: [said for item in rows(row) if (said := give(item, scope)) is not LEFT_OUT]
        key = self._node(place.at("key"), inner)
        return lambda row, scope: {
            str(key(item, scope)): said for item in rows(row) if (said := give(item, scope)) is not LEFT_OUT
        }

    def _shape(self, place: Place, record: Record) -> Render:
        name = str(place.get("shape"))
        shape = self.shapes.get(name)
        if shape is None:
            hint = f"did you mean {near}?" if (near := suggest(name, self.shapes)) else None
            raise place.at("shape").stop("unknown-shape", f"there is no shape '{name}'", hint)
        of, template = shape
        if RECORDS[of] is not record:
            raise place.at("shape").stop("wrong-shape", f"the shape '{name}' is of {of}, and here is something else")
        return self._node(template, record)

    def _only(self, place: Place, record: Record) -> Render:
        holds = build_scoped_match(place.at("only"), record, self.placeholders.words, self.placeholders.sent)
        give = self._node(place.at("give"), record)
        return lambda row, scope: give(row, scope) if holds(row, scope.sent) else LEFT_OUT

    def _sole(self, place: Place, record: Record) -> Render:
        rows, inner = self._rows(place, "sole", record)
        give = self._node(place.at("give"), inner)
        return lambda row, scope: next((give(item, scope) for item in rows(row)), None)

    def _either(self, place: Place, record: Record) -> Render:
        ways = [self._node(item, record) for item in place.items("either")]
        if not ways:
            raise place.at("either").stop("wrong-type", "'either' is a list of templates", "write [TEMPLATE, TEMPLATE]")

        def render(row: Any, scope: Scope) -> Any:
            return next((said for way in ways if (said := way(row, scope)) is not LEFT_OUT), LEFT_OUT)

        return render

    def _unless_null(self, place: Place, record: Record) -> Render:
        give = self._node(place.at("unless_null"), record)
        return lambda row, scope: LEFT_OUT if (value := give(row, scope)) is None else value

    def _number(self, place: Place, record: Record) -> Render:
        text = str(place.get("as_number"))
        if not _NUMBER.fullmatch(text):
            raise place.at("as_number").stop("not-a-number", f"'{text}' is no number", "write plain digits, as 0.01")
        return lambda row, scope: msgspec.Raw(text.encode())

    def _formats(self, place: Place, record: Record) -> Render:
        if not isinstance(place.get("formats"), dict):
            raise place.at("formats").stop("wrong-type", "'formats' is a mapping of habits", "write {HABIT: WAY}")
        for habit in place.entries("formats"):
            if habit.plain not in (known := HABITS.get(habit.name, ())):
                hint = f"{habit.name} is {', '.join(map(str, known))}" if known else f"habits: {', '.join(HABITS)}"
                raise habit.stop("unknown-format", f"'{habit.name}: {habit.plain}' is no habit of writing", hint)
        return self.under(build_defaults(place, self.placeholders.defaults))._node(place.at("give"), record)

    def _rows(self, place: Place, key: str, record: Record) -> tuple[Callable[[Any], Any], Record]:
        value = record.get(str(place.get(key)))
        if value is None or value.kind is not Kind.ROWS:
            rows = [known for known, each in record.items() if each.kind is Kind.ROWS]
            message, hint = f"there are no rows '{place.get(key)}' here", f"there is {', '.join(rows) or 'none'}"
            raise place.at(key).stop("unknown-rows", message, hint)
        return value.get, RECORDS[value.of]


_SPECIAL: dict[str, Callable[[Workshop, Place, Record], Render]] = {
    "each": Workshop._each,
    "sole": Workshop._sole,
    "either": Workshop._either,
    "shape": Workshop._shape,
    "only": Workshop._only,
    "unless_null": Workshop._unless_null,
    "as_number": Workshop._number,
    "formats": Workshop._formats,
}


def _list(items: list[Render]) -> Render:
    return lambda row, scope: [value for item in items if (value := item(row, scope)) is not LEFT_OUT]


def _mapping(fields: list[tuple[Render | str, Render]]) -> Render:
    pairs = [(name, item) for name, item in fields if isinstance(name, str)]
    if len(pairs) == len(fields):
        return lambda row, scope: {name: value for name, item in pairs if (value := item(row, scope)) is not LEFT_OUT}
    return lambda row, scope: {
        name if isinstance(name, str) else str(name(row, scope)): value
        for name, item in fields
        if (value := item(row, scope)) is not LEFT_OUT
    }
