"""Readings: what a client sends, argument by argument: `ARG [from PATH] [as TYPE] [or DEFAULT]`.

Rules:
- ARG is what the action calls it; PATH is where the wire has it (dotted inside JSON), ARG's own name when left out.
- TYPE is a type of the file, `text` when left out. Without `or` the argument is required; `or none` leaves it out;
  any other default is written as the wire would write it, and read by the same type.
- The place `body` is a form or a JSON object, as the request's Content-Type says; `params` is the query and such a body
  together; what both have is taken from the query.
- The list order of readings is the order in which mistakes are named; it means nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .place import Place, Stop
from .types import Type, TypeReader
from .wire import Malformed

PLACES = ("path", "query", "headers", "form", "json", "body", "params")
_READING = re.compile(
    r"(?P<arg>[a-z][a-z0-9_]*)(?: from (?P<path>[^\s]+))?(?: as (?P<type>[^\s]+))?(?: or (?P<default>[^\s]+))?"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One argument. `place` is one of PLACES or "frame"; `default` is the value read when the wire has none."""

    arg: str
    place: str
    path: str
    type: Type
    required: bool
    default: Any


def build_readings(place: Place, types: TypeReader) -> tuple[Reading, ...]:
    """The readings of an endpoint or a message: its lists by place, or one list for a frame."""
    lists = place.entries("reads") if any(place.at("reads").key_places()) else [place.at("reads")]
    readings: list[Reading] = []
    for each in lists:
        where = each.name if each.name in PLACES else "frame"
        for item in each.items():
            try:
                readings.append(_reading(item, where, types))
            except Stop:
                continue
    for arg in _repeated(reading.arg for reading in readings):
        place.at("reads").error("repeated-argument", f"the argument '{arg}' is read twice", "read it once")
    return tuple(readings)


def _reading(place: Place, where: str, types: TypeReader) -> Reading:
    found = _READING.fullmatch(str(place.plain))
    if found is None:
        raise place.stop(
            "bad-reading", f"'{place.plain}' is no reading", "write ARG [from PATH] [as TYPE] [or DEFAULT]"
        )
    kind = types.find(found["type"] or "text", place)
    default = found["default"]
    value = None
    if default not in (None, "none"):
        try:
            value = kind.read(default)
        except Malformed:
            place.error("bad-default", f"'{default}' is not of the type '{found['type']}'", "give one that is")
    return Reading(found["arg"], where, found["path"] or found["arg"], kind, default is None, value)


def _repeated(names: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    return [name for name, count in seen.items() if count > 1]


def dig(message: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of a JSON object; ABSENT where there is none. A number is a place in a list."""
    value: Any = message
    for step in path.split("."):
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
            continue
        if not isinstance(value, Mapping) or step not in value:
            return ABSENT
        value = value[step]
    return value


class Absent:
    """Nothing was sent; `null` is something."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
