"""A document against a JSON Schema (draft 2020-12): findings in the file's own terms.

Rules: the schema is ours and complete in itself: references lead nowhere outside, patterns match whole texts and are
never a user's; one finding a fault, so our schemas use no anyOf, oneOf or not, but types and named keys; an unknown
key is shown at the key, a bad value at the value; `x-hint` beside a rule says what to do about it. Whatever the
validator cannot take is a finding too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from .accept import NOTES, Acceptors, Schema, meaning_keys, whole_pattern
from .diagnostic import KEPT_FINDINGS, Diagnostic, Span
from .faults import Found, describe, missing_key
from .node import Node, Plain, to_plain
from .suggest import suggest


def check(node: Node, schema: Schema, file: str) -> list[Diagnostic]:
    """What `schema` refuses in `node`, in no promised order; `file` stands in a finding about the whole.

    Of a file with more faults than are ever shown, no more are looked for than prove that there are more.
    """
    try:
        found = islice(_checked(schema).find_faults(to_plain(node), node), KEPT_FINDINGS + 1)
        return [Diagnostic(*each) for each in found]
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

    def find_faults(self, plain: Plain, root: Node) -> Found:
        if not self._acceptors.of(self.schema)(plain):
            yield from self._descend(plain, self.schema, [], root)

    def _descend(self, value: Plain, schema: Schema, path: list[str | int], root: Node, needed: bool = False) -> Found:
        """The faults of `value` and of what is below it; `needed`: it could not be left out."""
        resolved, validator = self._validator(schema)
        meant = _meant(value, resolved)
        for error in validator.iter_errors(value):
            if error.validator != "required" or missing_key(error) not in meant:
                yield from describe(error, path + list(error.absolute_path), root, needed)
        for step, below, child in _children(value, resolved):
            if not self._acceptors.of(below)(child):
                required = step in resolved.get("required", ())
                yield from self._descend(child, below, [*path, step], root, required)

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
    from referencing import Registry

    return _strict()(schema, registry=Registry())


@cache
def _strict() -> Any:
    """The validator's class; making one writes and runs Python, so it is made once."""
    from jsonschema import Draft202012Validator, validators

    extend: Any = validators.extend
    return extend(Draft202012Validator, {"pattern": _match_pattern, "minProperties": _match_count})


def _match_pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    """`pattern` over the whole text; an empty text that may not be empty is a finding of another rule."""
    from jsonschema import ValidationError

    asked = isinstance(instance, str) and (instance or not schema.get("minLength"))
    if asked and not whole_pattern(pattern).fullmatch(instance):
        yield ValidationError("pattern")


def _match_count(validator: Any, least: int, instance: Any, schema: Any) -> Iterator[Any]:
    """`minProperties`; keys that mean nothing do not count where the schema lets them be anywhere."""
    from jsonschema import ValidationError

    if isinstance(instance, dict):
        is_noted = NOTES in schema.get("patternProperties", {})
        if (meaning_keys(instance) if is_noted else len(instance)) < least:
            yield ValidationError("minProperties")


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


def _meant(value: Plain, schema: Schema) -> set[str | None]:
    """The keys that unknown keys were probably meant to be: a slip is one fault, not an unknown and a missing key.

    Where more keys are unknown than are ever shown, the others are no slips.
    """
    if not isinstance(value, dict) or schema.get("additionalProperties") is not False:
        return set()
    known, patterns = list(schema.get("properties", ())), schema.get("patternProperties", ())
    unknown = (key for key in value if key not in known and not any(re.search(pattern, key) for pattern in patterns))
    return {suggest(key, known) for key in islice(unknown, KEPT_FINDINGS)}
