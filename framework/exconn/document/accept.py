"""A JSON Schema made into one quick yes-or-no function, for the many files and parts of files that are good.

Rules: yes only where every keyword is known here and holds, so a keyword of another kind makes it a no, never a yes;
no says nothing about what is wrong, that is found slowly and only where it is needed; a schema is compiled once, and
references are followed at the first use, so definitions may refer to each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

Accept = Callable[[Any], bool]
Schema = Mapping[str, Any]

_TYPES: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
_SILENT = frozenset({"$schema", "$defs", "title", "description", "enumDescriptions", "examples"})
_OF_TARGET = (_SILENT | {"$ref"}) - {"examples"}
_OBJECT = frozenset({"properties", "patternProperties", "additionalProperties", "propertyNames", "required"})
_KNOWN = _SILENT | _OBJECT | {"$ref", "type", "enum", "const", "pattern", "minimum", "maximum", "items", "uniqueItems"}
NOTES = "^x-"
"""The keys that mean nothing: where a schema lets them be anywhere, they do not fill a mapping."""

_SIZES = {"Properties": dict, "Items": list, "Length": str}


class Acceptors:
    """The yes-or-no functions of one schema document and its `$defs`."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._made: dict[int, Accept] = {}

    def resolve(self, schema: Schema) -> Schema:
        """`schema` with its reference, which leads to a definition of this document, followed; its own examples are
        nearer than the definition's."""
        while "$ref" in schema:
            target = self._root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
            schema = {**target, **{key: value for key, value in schema.items() if key not in _OF_TARGET}}
        return schema

    def of(self, schema: Schema | bool) -> Accept:
        if isinstance(schema, bool):
            return _allow if schema else _refuse
        made = self._made.get(id(schema))
        if made is None:
            made = self._made[id(schema)] = self._later(schema) if "$ref" in schema else self._make(schema)
        return made

    def _later(self, schema: Schema) -> Accept:
        known: list[Accept] = []

        def accept(value: Any) -> bool:
            if not known:
                name = schema["$ref"].removeprefix("#/$defs/")
                alone = not schema.keys() - _SILENT - {"$ref"}
                known.append(self.of(self._root["$defs"][name]) if alone else self._make(self.resolve(schema)))
            return known[0](value)

        return accept

    def _make(self, schema: Schema) -> Accept:
        rules: dict[type, list[Accept]] = {kind: [] for kind in (dict, list, str, int, bool, type(None))}
        for keyword in schema:
            if keyword == "minProperties" and NOTES in schema.get("patternProperties", {}):
                rules[dict].append(_meaning_at_least(schema[keyword]))
            elif keyword[:3] in ("min", "max") and keyword[3:] in _SIZES:
                rules[_SIZES[keyword[3:]]].append(_size(keyword[:3] == "min", schema[keyword]))
            elif keyword not in _KNOWN and not keyword.startswith("x-"):
                return _refuse
        self._add_rules(schema, rules)
        for kind in rules.keys() - _kinds(schema.get("type")):
            rules[kind] = [_refuse]
        return _dispatch({kind: tuple(each) for kind, each in rules.items()})

    def _add_rules(self, schema: Schema, rules: dict[type, list[Accept]]) -> None:
        if "enum" in schema or "const" in schema:
            choices = schema.get("enum", [schema.get("const")])
            for kind, each in rules.items():
                each.append(_one_of([choice for choice in choices if type(choice) is kind]))
        if "pattern" in schema:
            rules[str].append(_matches(schema["pattern"]))
        if "minimum" in schema or "maximum" in schema:
            rules[int].append(_between(schema.get("minimum"), schema.get("maximum")))
        if "items" in schema:
            rules[list].append(_each(self.of(schema["items"])))
        if schema.get("uniqueItems"):
            rules[list].append(_different)
        if _OBJECT & schema.keys():
            rules[dict].append(self._members(schema))

    def _members(self, schema: Schema) -> Accept:
        known = {key: self.of(below) for key, below in schema.get("properties", {}).items()}
        patterns = [(re.compile(key), self.of(below)) for key, below in schema.get("patternProperties", {}).items()]
        further = schema.get("additionalProperties", True)
        other = self.of(further)
        name = self.of(schema["propertyNames"]) if "propertyNames" in schema else _allow
        required = frozenset(schema.get("required", ()))

        def accept_named(value: Any) -> bool:
            if not required <= value.keys():
                return False
            for key, each in value.items():  # noqa: SIM110 - a generator costs more than most members
                if not known.get(key, other)(each):
                    return False
            return True

        if not patterns and name is _allow:
            return accept_named

        def member(key: str, value: Any) -> bool:
            matching = [below for pattern, below in patterns if pattern.search(key)]
            if key in known:
                matching.append(known[key])
            return all(below(value) for below in matching or [other])

        def accept(value: Any) -> bool:
            if not required <= value.keys():
                return False
            return all(name(key) and member(key, each) for key, each in value.items())

        return accept


@lru_cache(maxsize=1024)
def whole_pattern(pattern: str) -> re.Pattern[str]:
    """`pattern` over the whole text: Python's `$` alone would let a line feed pass at the end."""
    body = pattern.removesuffix("$") if pattern.endswith("$") else pattern + ".*"
    return re.compile(body.removeprefix("^") if pattern.startswith("^") else ".*" + body, re.DOTALL)


def _dispatch(rules: dict[type, tuple[Accept, ...]]) -> Accept:
    def accept(value: Any) -> bool:
        for rule in rules[type(value)]:  # noqa: SIM110 - a generator costs more than the rules
            if not rule(value):
                return False
        return True

    return accept


def _kinds(types: str | list[str] | None) -> set[type]:
    names = list(_TYPES) if types is None else [types] if isinstance(types, str) else types
    return {_TYPES["integer" if name == "number" else name] for name in names}


def _allow(value: Any) -> bool:
    return True


def _refuse(value: Any) -> bool:
    return False


def meaning_keys(value: Mapping[str, Any]) -> int:
    """How many keys of a mapping mean something."""
    return sum(not key.startswith("x-") for key in value)


def _meaning_at_least(least: int) -> Accept:
    return lambda value: meaning_keys(value) >= least


def _size(least: bool, limit: int) -> Accept:
    return (lambda value: len(value) >= limit) if least else (lambda value: len(value) <= limit)


def _one_of(choices: list[Any]) -> Accept:
    """`choices` are of the type of the values that are asked about."""
    if any(isinstance(choice, dict | list) for choice in choices):
        return lambda value: value in choices
    known = frozenset(choices)
    return known.__contains__ if known else _refuse


def _matches(pattern: str) -> Accept:
    compiled = whole_pattern(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _between(least: int | None, most: int | None) -> Accept:
    return lambda value: (least is None or value >= least) and (most is None or value <= most)


def _each(item: Accept) -> Accept:
    return lambda value: all(map(item, value))


def _different(value: list[Any]) -> bool:
    """Whether no two items are alike; lists of anything but texts and numbers are not quickly told apart."""
    try:
        return len({(type(item), item) for item in value}) == len(value)
    except TypeError:
        return False
