"""Pieces that the schema of a dialect is made of: small types and the two kinds of mapping.

Rules:
- `mapping` has keys that the language names, `table` has keys that the file makes up.
- Readings and templates are only shaped here; what they name is checked when the file is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .formats import HABITS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
NAME: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"}
FLAG: Schema = {"type": "boolean"}
NATURAL: Schema = {"type": "integer", "minimum": 0}
AMOUNT: Schema = {"type": ["string", "integer"], "x-hint": "write plain digits, as 0.01"}
TEMPLATE: Schema = {"description": "JSON with {placeholders}.", "examples": [{"price": "{price}"}]}
READINGS: Schema = {"type": "array", "minItems": 1, "items": {**TEXT, "examples": ["amount from size as money"]}}


def mapping(description: str, keys: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    """An object of the language's own keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(keys),
        "required": list(required),
        "description": description,
        "examples": [{key: keys[key].get("examples", [None])[0] for key in list(required)[:2] or list(keys)[:1]}],
    }


def table(description: str, values: Schema, example: Any) -> Schema:
    """An object whose keys are the file's own."""
    return {"type": "object", "additionalProperties": values, "description": description, "examples": [example]}


def choice(description: str, *words: str) -> Schema:
    """One of some words."""
    return {"enum": list(words), "description": description, "examples": [words[0]]}


def whole(description: str, example: int, least: int = 0) -> Schema:
    """An integer."""
    return {"type": "integer", "minimum": least, "description": description, "examples": [example]}


def text(description: str, example: str) -> Schema:
    """A text."""
    return {**TEXT, "description": description, "examples": [example]}


def amount(description: str, example: str) -> Schema:
    """A number in plain digits."""
    return {**AMOUNT, "description": description, "examples": [example]}


def flag(description: str) -> Schema:
    """True or false."""
    return {**FLAG, "description": description, "examples": [True]}


def listed(description: str, items: Schema, example: Sequence[Any]) -> Schema:
    """A list."""
    return {"type": "array", "items": items, "description": description, "examples": [list(example)]}


FORMATS = mapping(
    "How values are written where no suffix says otherwise.",
    {
        "money": {"enum": [*HABITS["money"]], "description": "As a JSON string or number.", "examples": ["text"]},
        "digits": {
            "enum": [*HABITS["digits"]],
            "description": "Zeros at the end, or how many digits after the point; declared: those of its step.",
            "examples": ["shortest"],
        },
        "time": {
            "enum": [*HABITS["time"]],
            "description": "The unit of moments.",
            "examples": ["ms"],
        },
        "id": {"enum": [*HABITS["id"]], "description": "As a JSON string or number.", "examples": ["text"]},
    },
)
