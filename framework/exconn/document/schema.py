"""A document against a JSON Schema (draft 2020-12): findings in the file's own terms.

Rules: the schema is ours and complete in itself: references lead nowhere outside, patterns match whole texts and are
never a user's; one finding a fault, so our schemas use no anyOf, oneOf or not, but types and named keys; an unknown
key is shown at the key, a bad value at the value; `x-hint` beside a rule says what to do about it. Whatever the
validator cannot take is a finding too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .accept import Acceptors, Schema, whole_pattern
from .diagnostic import Diagnostic, Span, quoted
from .node import Node, Plain, find, key_span, to_plain
from .suggest import suggest

_Found = Iterator[tuple[str, str, Span, str | None]]

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_LISTED = 12


def check(node: Node, schema: Schema, file: str) -> list[Diagnostic]:
    """All that `schema` refuses in `node`, in no promised order; `file` stands in a finding about the whole."""
    try:
        return [Diagnostic(*found) for found in _checked(schema).find_faults(to_plain(node), node)]
    except (RecursionError, OverflowError):
        message = "the file is nested too deeply, or holds a number too large, to be checked"
        return [Diagnostic("too-complex", message, Span(file, 1, 1), "write it more simply")]


class Checker:
    """One schema document. A part that is accepted quickly is left at that; jsonschema looks at the others, one node at
    a time, so that a large file with one fault costs little more than a good one."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._acceptors = Acceptors(schema)
        self._shallow: dict[int, tuple[Schema, Any]] = {}

    def find_faults(self, plain: Plain, root: Node) -> _Found:
        if not self._acceptors.of(self.schema)(plain):
            yield from self._descend(plain, self.schema, [], root)

    def _descend(self, value: Plain, schema: Schema, path: list[str | int], root: Node) -> _Found:
        resolved, validator = self._validator(schema)
        for error in validator.iter_errors(value):
            yield from _describe(error, path + list(error.absolute_path), root)
        for step, below, child in _children(value, resolved):
            if not self._acceptors.of(below)(child):
                yield from self._descend(child, below, [*path, step], root)

    def _validator(self, schema: Schema) -> tuple[Schema, Any]:
        """The schema, and a validator of what it says of one node, without what it says of those below."""
        made = self._shallow.get(id(schema))
        if made is None:
            resolved = self._acceptors.resolve(schema)
            shallow = {key: value for key, value in resolved.items() if key != "items"}
            for members in ("properties", "patternProperties"):
                shallow[members] = {key: _annotations(below) for key, below in resolved.get(members, {}).items()}
            shallow["additionalProperties"] = resolved.get("additionalProperties", True) is not False
            made = resolved, _make_validator({**shallow, "$defs": self.schema.get("$defs", {})})
            self._shallow[id(schema)] = made
        return made


def _annotations(schema: Schema | bool) -> Schema | bool:
    """What findings about a missing key tell of it; `true` and `false` are rules of their own and stay."""
    return schema if isinstance(schema, bool) else {"examples": schema.get("examples", [])}


_CHECKERS: dict[int, Checker] = {}


def _checked(schema: Schema) -> Checker:
    """The checker of `schema`, made once; a schema is known by its object, which the checker keeps alive."""
    made = _CHECKERS.get(id(schema))
    if made is None:
        made = _CHECKERS[id(schema)] = Checker(schema)
    return made


def _make_validator(schema: Schema) -> Any:
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry

    extend: Any = validators.extend
    strict: Any = extend(Draft202012Validator, {"pattern": _match_pattern})
    return strict(schema, registry=Registry())


def _match_pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    """`pattern` over the whole text; an empty text that may not be empty is a finding of another rule."""
    from jsonschema import ValidationError

    asked = isinstance(instance, str) and (instance or not schema.get("minLength"))
    if asked and not whole_pattern(pattern).fullmatch(instance):
        yield ValidationError("pattern")


def _children(value: Plain, schema: Schema) -> Iterator[tuple[str | int, Schema, Plain]]:
    """What is below `value`, with the schemas that hold for it. A schema of no rule (`true`) is left out."""
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        yield from ((index, schema["items"], item) for index, item in enumerate(value))
    elif isinstance(value, dict):
        known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        further = schema.get("additionalProperties")
        for key, item in value.items():
            below = [each for pattern, each in patterns.items() if re.search(pattern, key)]
            below += [known[key]] if key in known else []
            if not below and isinstance(further, Mapping):
                below = [further]
            yield from ((key, each, item) for each in below if isinstance(each, Mapping))


def _describe(error: Any, path: list[Any], root: Node) -> _Found:
    rule = _RULES.get(error.validator)
    if "propertyNames" in list(error.absolute_schema_path)[-2:-1]:
        yield from _of_name(error, root, path)
    elif rule is None:
        yield "schema", f"this is not allowed here ({error.validator})", find(root, path).span, None
    else:
        yield from rule(error, root, path)


def _of_unknown_key(error: Any, root: Node, path: list[Any]) -> _Found:
    known = list(error.schema.get("properties", ()))
    free = [re.compile(pattern) for pattern in error.schema.get("patternProperties", ())]
    for key in error.instance:
        if key in known or any(pattern.search(key) for pattern in free):
            continue
        near = suggest(key, known)
        listed = f"the keys here are {', '.join(known)}" if len(known) <= _LISTED else None
        hint = f"did you mean {near}?" if near else error.schema.get("x-hint") or listed
        yield "unknown-key", f"unknown key {quoted(key)}", key_span(root, [*path, key]), hint


def _of_missing_key(error: Any, root: Node, path: list[Any]) -> _Found:
    """jsonschema reports each missing key by itself and names it only in its text; the first quoted word is the key."""
    missing = next(key for key in error.validator_value if error.message.startswith(repr(key)))
    described = error.schema.get("properties", {}).get(missing, {})
    where = f" in {quoted(str(path[-1]))}" if path and isinstance(path[-1], str) else ""
    example = described.get("examples")
    hint = f"add it, as in {missing}: {_show(example[0])}" if example else "add it"
    yield "missing-key", f"the key {quoted(missing)} is missing{where}", _place_of(root, path), hint


def _of_wrong_type(error: Any, root: Node, path: list[Any]) -> _Found:
    wanted = error.validator_value
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    must = _join([_TYPES[kind] for kind in wanted])
    message = f"{_subject(path)} is {_kind(error.instance)}; it must be {must}"
    yield "wrong-type", message, find(root, path).span, error.schema.get("x-hint") or _of_quotes(error, wanted)


def _of_quotes(error: Any, wanted: list[str]) -> str | None:
    if wanted == ["string"] and isinstance(error.instance, bool | int):
        shown = str(error.instance).lower()
        return f'quote it if the text is meant: "{shown}"'
    if wanted == ["boolean"]:
        return "write true or false"
    return None


def _of_choice(error: Any, root: Node, path: list[Any]) -> _Found:
    choices = error.validator_value if error.validator == "enum" else [error.validator_value]
    shown = [_show(choice) for choice in choices]
    near = suggest(error.instance, shown) if isinstance(error.instance, str) else None
    hint = f"did you mean {near}?" if near else error.schema.get("x-hint")
    value = quoted(_show(error.instance)) if not isinstance(error.instance, dict | list) else _kind(error.instance)
    message = f"{_subject(path)} is {value}; it must be {_join(shown)}"
    yield "not-one-of", message, find(root, path).span, hint


def _of_form(error: Any, root: Node, path: list[Any]) -> _Found:
    example = error.schema.get("examples")
    hint = error.schema.get("x-hint") or (f"for example {_show(example[0])}" if example else None)
    yield "wrong-form", f"{quoted(error.instance)} is not of the form of this value", find(root, path).span, hint


def _of_name(error: Any, root: Node, path: list[Any]) -> _Found:
    hint = error.schema.get("x-hint") or error.schema.get("description")
    if error.validator == "enum":
        near = suggest(error.instance, error.validator_value)
        hint = f"did you mean {near}?" if near else f"the names here are {', '.join(error.validator_value)}"
    yield "bad-name", f"{quoted(error.instance)} cannot be a name here", key_span(root, [*path, error.instance]), hint


def _of_range(error: Any, root: Node, path: list[Any]) -> _Found:
    side = "at least" if error.validator == "minimum" else "at most"
    message = f"{_subject(path)} is {error.instance}; it must be {side} {error.validator_value}"
    yield "out-of-range", message, find(root, path).span, error.schema.get("x-hint")


def _of_size(error: Any, root: Node, path: list[Any]) -> _Found:
    limit, hint = error.validator_value, error.schema.get("x-hint")
    unit = {"Items": "items", "Properties": "keys", "Length": "characters"}[error.validator[3:]]
    if error.validator.startswith("min") and limit == 1:
        yield "empty", f"{_subject(path)} is empty", _place_of(root, path), hint or "write something, or leave it out"
    else:
        side = "at least" if error.validator.startswith("min") else "at most"
        message = f"{_subject(path)} has {len(error.instance)} {unit}; it must have {side} {limit}"
        change = "write more" if error.validator.startswith("min") else "shorten it"
        yield "wrong-size", message, _place_of(root, path), hint or change


def _of_repetition(error: Any, root: Node, path: list[Any]) -> _Found:
    items = error.instance
    at = next(index for index, item in enumerate(items) if any(item == earlier for earlier in items[:index]))
    yield "repeated", "this item is in the list already", find(root, [*path, at]).span, "delete it"


_RULES: dict[str, Callable[[Any, Node, list[Any]], _Found]] = {
    "additionalProperties": _of_unknown_key,
    "required": _of_missing_key,
    "type": _of_wrong_type,
    "enum": _of_choice,
    "const": _of_choice,
    "pattern": _of_form,
    "propertyNames": _of_name,
    "minimum": _of_range,
    "maximum": _of_range,
    "uniqueItems": _of_repetition,
    **dict.fromkeys(("minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"), _of_size),
}


def _place_of(root: Node, path: list[Any]) -> Span:
    """For a fault of a whole mapping or list: where its key is written; for the document: its first line."""
    if path:
        return key_span(root, path)
    return Span(root.span.file, root.span.line, root.span.col)


def _subject(path: list[Any]) -> str:
    if not path:
        return "the file"
    last = path[-1]
    return quoted(last) if isinstance(last, str) else "this item"


def _kind(value: Any) -> str:
    kinds: list[tuple[type, str]] = [
        (bool, "a boolean"),
        (int, "an integer"),
        (str, "a text"),
        (dict, "a mapping"),
        (list, "a list"),
    ]
    return next((name for kind, name in kinds if isinstance(value, kind)), "empty")


def _show(value: Any) -> str:
    """A value as it is written in YAML, on one line."""
    if isinstance(value, str):
        return value if re.fullmatch(r"[\w/.$@-][\w/.:$@ \[\]-]*", value) and ": " not in value else f'"{value}"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_show, value)) + "]"
    return "null" if value is None else str(value).lower()


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
