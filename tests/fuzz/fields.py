"""Every place of a file where a text of its author may stand, found in the JSON Schema itself.

Rules: a field is a path through the schema; what the schema lists word by word (`enum`, `const`) is no field; a schema
that refers to itself is followed once; a name or a free key is a field of its own, and so is the value of an `x-` key.
A field of a language that grows is found the day its schema has it, with nothing to add here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

KEY: Final = "<key>"
ANY: Final = "<any>"
ITEM: Final = "<item>"
EITHER: Final = "|"
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """`path`: keys of the language (alike ones joined by EITHER), ANY for a key of the author's, ITEM for an item of a
    list, KEY at its end where the field is an author's key itself. `sort`: what sort of text the schema asks for."""

    path: tuple[str, ...]
    sort: str

    def __str__(self) -> str:
        return "/".join(self.path)


def fields_of(schema: Schema) -> list[Field]:
    """The fields of a language, in the schema's order."""
    fields = list(dict.fromkeys(_walk(schema, schema, (), ())))
    for at in range(1, max(len(field.path) for field in fields)):  # sections stay apart
        fields = _joined(fields, at)
    return fields


def _joined(fields: list[Field], at: int) -> list[Field]:
    """The fields, those as one that differ only in step `at`, which is not their last."""
    groups: dict[Field, dict[str, None]] = {}
    for field in fields:
        inner = at < len(field.path) - 1 and field.path[at] not in (ANY, ITEM)
        key = Field((*field.path[:at], EITHER, *field.path[at + 1 :]), field.sort) if inner else field
        groups.setdefault(key, {}).update({field.path[at]: None} if inner else {})
    return [
        Field((*key.path[:at], "|".join(steps), *key.path[at + 1 :]), key.sort) if steps else key
        for key, steps in groups.items()
    ]


def examples_of(schema: Schema) -> dict[tuple[str, ...], Any]:
    """Path -> the first example that its schema gives, for the parts of a file that no good file has."""
    return {path: node["examples"][0] for path, node in _nodes(schema, schema, (), ()) if node.get("examples")}


def _walk(root: Schema, node: Schema, path: tuple[str, ...], followed: tuple[str, ...]) -> Iterator[Field]:
    for below, each in _nodes(root, node, path, followed):
        kinds = each.get("type", "string")
        if "string" in ([kinds] if isinstance(kinds, str) else kinds) and not {"enum", "const"} & each.keys():
            yield Field(below, _sort(root, each))
        if isinstance(each.get("additionalProperties"), dict) and "enum" not in each.get("propertyNames", {}):
            yield Field((*below, KEY), "name" if "pattern" in each.get("propertyNames", {}) else "free key")


def _nodes(
    root: Schema, node: Schema, path: tuple[str, ...], followed: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Every node of the schema with its path, references followed."""
    reference = node.get("$ref")
    if reference is not None:
        if followed.count(reference) > 1:
            return
        node = {**root["$defs"][reference.removeprefix("#/$defs/")], **node}
        followed = (*followed, reference)
    yield path, node
    for key, below in node.get("properties", {}).items():
        yield from _nodes(root, below, (*path, key), followed)
    if "^x-" in node.get("patternProperties", {}):
        yield (*path, "x-note"), {}
    further = node.get("additionalProperties")
    if isinstance(further, dict):
        yield from _nodes(root, further, (*path, ANY), followed)
    if isinstance(node.get("items"), dict):
        yield from _nodes(root, node["items"], (*path, ITEM), followed)


def _sort(root: Schema, node: Schema) -> str:
    """What sort of field this is: the definition it refers to, or how strict its schema is."""
    reference = str(node.get("$ref", "")).removeprefix("#/$defs/")
    return reference or ("pattern" if "pattern" in node else "text" if "type" in node else "free")
