"""What jsonschema finds, in a file's own terms: the rule that is broken -> code, message, place, hint.

Rules: an unknown key is shown at the key, a bad value at the value, a fault of a whole mapping or list at its key; the
hint is the rule's `x-hint`, else a near word, else an example; braces without quotes where a text belongs are a
placeholder that somebody forgot to quote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from .diagnostic import Span, printable, quoted
from .node import Node, find, key_span
from .suggest import suggest

Found: TypeAlias = Iterator[tuple[str, str, Span, str | None]]

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


def describe(error: Any, path: list[Any], root: Node, needed: bool) -> Found:
    """The finding of one error of `root` at `path`; `needed`: what stands there could not be left out."""
    rule = _RULES.get(error.validator)
    if "propertyNames" in list(error.absolute_schema_path)[-2:-1]:
        yield from _of_name(error, root, path)
    elif error.validator in _SIZES:
        yield from _of_size(error, root, path, needed)
    elif rule is None:
        yield "schema", f"this is not allowed here ({error.validator})", find(root, path).span, None
    else:
        yield from rule(error, root, path)


def _of_unknown_key(error: Any, root: Node, path: list[Any]) -> Found:
    known = list(error.schema.get("properties", ()))
    free = [re.compile(pattern) for pattern in error.schema.get("patternProperties", ())]
    for key in error.instance:
        if key in known or any(pattern.search(key) for pattern in free):
            continue
        near = suggest(key, known)
        listed = f"the keys here are {', '.join(known)}" if len(known) <= _LISTED else None
        hint = f"did you mean {near}?" if near else error.schema.get("x-hint") or listed
        yield "unknown-key", f"unknown key {quoted(key)}", key_span(root, [*path, key]), hint


def _of_missing_key(error: Any, root: Node, path: list[Any]) -> Found:
    missing = missing_key(error)
    described = error.schema.get("properties", {}).get(missing, {})
    where = f" in {quoted(str(path[-1]))}" if path and isinstance(path[-1], str) else ""
    example = described.get("examples")
    hint = f"add it, as in {missing}: {_show(example[0])}" if example else "add it"
    yield "missing-key", f"the key {quoted(missing)} is missing{where}", _place_of(root, path), hint


def missing_key(error: Any) -> str:
    """jsonschema reports each missing key by itself and names it only in its text; the first quoted word is the key."""
    keys: list[str] = error.validator_value
    return next(key for key in keys if error.message.startswith(repr(key)))


def _of_wrong_type(error: Any, root: Node, path: list[Any]) -> Found:
    wanted = error.validator_value
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    if "string" in wanted and isinstance(error.instance, dict) and list(error.instance.values()) == [None]:
        quoting = f'write "{{{printable(next(iter(error.instance)))}}}"'
        yield "unquoted-placeholder", "a placeholder must be quoted", find(root, path).span, quoting
        return
    must = _join([_TYPES[kind] for kind in wanted])
    message = f"{_subject(path)} is {_kind(error.instance)}; it must be {must}"
    hint = error.schema.get("x-hint") or _of_quotes(error, wanted) or _as_in(error, path)
    yield "wrong-type", message, find(root, path).span, hint


def _as_in(error: Any, path: list[Any]) -> str | None:
    """What the value may look like."""
    example = error.schema.get("examples")
    if not example:
        return None
    name = f"{path[-1]}: " if path and isinstance(path[-1], str) else ""
    return f"write it as in {name}{_show(example[0])}"


def _of_quotes(error: Any, wanted: list[str]) -> str | None:
    if wanted == ["string"] and isinstance(error.instance, bool | int):
        shown = str(error.instance).lower()
        return f'quote it if the text is meant: "{shown}"'
    if wanted == ["boolean"]:
        return "write true or false"
    return None


def _of_choice(error: Any, root: Node, path: list[Any]) -> Found:
    choices = error.validator_value if error.validator == "enum" else [error.validator_value]
    shown = [_show(choice) for choice in choices]
    near = suggest(error.instance, shown) if isinstance(error.instance, str) else None
    hint = f"did you mean {near}?" if near else error.schema.get("x-hint")
    value = quoted(_show(error.instance)) if not isinstance(error.instance, dict | list) else _kind(error.instance)
    message = f"{_subject(path)} is {value}; it must be {_join(shown)}"
    yield "not-one-of", message, find(root, path).span, hint


def _of_form(error: Any, root: Node, path: list[Any]) -> Found:
    example = error.schema.get("examples")
    hint = error.schema.get("x-hint") or (f"for example {_show(example[0])}" if example else None)
    yield "wrong-form", f"{quoted(error.instance)} is not of the form of this value", find(root, path).span, hint


def _of_name(error: Any, root: Node, path: list[Any]) -> Found:
    hint = error.schema.get("x-hint") or error.schema.get("description")
    if error.validator == "enum":
        near = suggest(error.instance, error.validator_value)
        hint = f"did you mean {near}?" if near else f"the names here are {', '.join(error.validator_value)}"
    yield "bad-name", f"{quoted(error.instance)} cannot be a name here", key_span(root, [*path, error.instance]), hint


def _of_range(error: Any, root: Node, path: list[Any]) -> Found:
    side = "at least" if error.validator == "minimum" else "at most"
    message = f"{_subject(path)} is {error.instance}; it must be {side} {error.validator_value}"
    yield "out-of-range", message, find(root, path).span, error.schema.get("x-hint")


def _of_size(error: Any, root: Node, path: list[Any], needed: bool) -> Found:
    limit, hint = error.validator_value, error.schema.get("x-hint")
    unit = {"Items": "items", "Properties": "keys", "Length": "characters"}[error.validator[3:]]
    if error.validator.startswith("min") and limit == 1:
        change = _filled(error, path) if needed else "write something, or leave it out"
        yield "empty", f"{_subject(path)} is empty", _place_of(root, path), hint or change
    else:
        side = "at least" if error.validator.startswith("min") else "at most"
        message = f"{_subject(path)} has {len(error.instance)} {unit}; it must have {side} {limit}"
        change = "write more" if error.validator.startswith("min") else "shorten it"
        yield "wrong-size", message, _place_of(root, path), hint or change


def _filled(error: Any, path: list[Any]) -> str:
    """What to do about something empty that must be there."""
    example = error.schema.get("examples")
    return f"write something, as in {path[-1]}: {_show(example[0])}" if example else "write something"


def _of_repetition(error: Any, root: Node, path: list[Any]) -> Found:
    items = error.instance
    at = next(index for index, item in enumerate(items) if any(item == earlier for earlier in items[:index]))
    yield "repeated", "this item is in the list already", find(root, [*path, at]).span, "delete it"


_RULES: dict[str, Callable[[Any, Node, list[Any]], Found]] = {
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
}
_SIZES = frozenset({"minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"})


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
