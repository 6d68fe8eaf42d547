"""The type `object`: an object of JSON with readings of its own, and rules between them, as an item of a list.

Rules:
- It has no fields but those that are read, unless it `passes_others`, which are then passed over.
- One that `reads_as` an argument is that argument's value, and nothing more.
- Its rules are those of endpoints: what breaks one is malformed as a whole; `assumes` and `becomes` are done last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .place import Place
from .readings import ABSENT, build_readings, dig
from .rules import ArgumentRule, build_becomes, build_rules, renamed
from .types import TypeReader
from .wire import Malformed


def build_object(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    """What reads such an object: its arguments by name, or the one that it `reads_as`."""
    readings = build_readings(place, types)
    rules, assumes = build_rules(place, readings)
    becomes = build_becomes(place, readings)
    reads_as = place.get("reads_as")
    if reads_as is not None and all(reading.arg != reads_as for reading in readings):
        place.at("reads_as").error("unknown-argument", f"no reading gives '{reads_as}'", "name one of its arguments")
    known = None if place.get("passes_others", False) else {reading.path.partition(".")[0] for reading in readings}

    def read(value: Any) -> Any:
        if not isinstance(value, Mapping) or (known is not None and not known.issuperset(value)):
            raise Malformed
        raw = {reading.arg: dig(value, reading.path) for reading in readings}
        if any(reading.required and raw[reading.arg] is ABSENT for reading in readings):
            raise Malformed
        args: dict[str, Any] = {
            reading.arg: reading.default if raw[reading.arg] is ABSENT else reading.type.read(raw[reading.arg])
            for reading in readings
        }
        given = {name for name, sent in raw.items() if sent is not ABSENT}
        if any(rule.holds(args) and _is_broken(rule, args, given) for rule in rules):
            raise Malformed
        for when, assumed in assumes:
            if all(args.get(name) in words for name, words in when.items()):
                args.update({name: word for name, word in assumed.items() if args.get(name) is None})
        return renamed(args, becomes) if reads_as is None else args[reads_as]

    return read


def _is_broken(rule: ArgumentRule, args: Mapping[str, Any], given: set[str]) -> bool:
    count = len(given.intersection(rule.args))
    if rule.kind == "allows":
        return count > 0 and args[rule.args[0]] not in rule.words
    return {
        "one_of": count != 1,
        "any_of": count == 0,
        "not_both": count == len(rule.args),
        "needs": count == 0,
        "refuses": count > 0,
    }[rule.kind]
