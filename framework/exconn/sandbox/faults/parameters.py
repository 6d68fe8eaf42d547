"""What a fault may be told besides its kind: the types of parameters, each with its schema and its reading.

Rules:
- A number with a point is text to a strict YAML reader, and is read from its digits here; nothing is rounded.
- A parameter without a default must be given; where its default is None, `null` says the same.
- A fault's data may come from JSON, YAML or Python, so a number may be written as a number or as a text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exconn.sandbox.dialect.meanings import MEANINGS

Schema = Mapping[str, Any]
REQUIRED = object()
_DIGITS = r"[0-9]{1,9}(\.[0-9]{1,9})?"


@dataclass(frozen=True, slots=True)
class Type:
    """A type of parameter: its schema, how its value is read, and how the page of faults calls it."""

    title: str
    schema: Schema
    read: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a fault is told."""

    name: str
    type: Type
    about: str
    example: Any
    default: Any = REQUIRED

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, which a default of None widens by null."""
        made = {**self.type.schema, "description": self.about, "examples": [self.example]}
        if self.default is not None:
            return made
        kinds = made.get("type", "string")
        return {**made, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}

    def read(self, given: Mapping[str, Any]) -> Any:
        """Its value among what is given, which has passed the schema."""
        value = given.get(self.name)
        return self.default if value is None else self.type.read(value)


def _digits(pattern: str, hint: str, **more: Any) -> Schema:
    return {"type": ["string", "integer"], "pattern": f"^{pattern}$", "x-hint": hint, **more}


def _text(value: Any) -> str:
    return str(value)


SECONDS = Type("seconds", _digits(_DIGITS, "write seconds in plain digits, as 2.5", minimum=0), float)
SIGNED = Type("number", _digits(f"-?{_DIGITS}", "write plain digits, as -2.5"), float)
CHANCE = Type(
    "chance", _digits(r"(0(\.[0-9]{1,9})?|1(\.0+)?)", "write a part of 1, as 0.05", minimum=0, maximum=1), float
)
MONEY = Type("amount", _digits(r"[0-9]{1,18}(\.[0-9]{1,18})?", "write plain digits, as 0.01", minimum=0), Decimal)
COUNT = Type("count", {"type": "integer", "minimum": 1})
BYTES = Type("bytes", {"type": "integer", "minimum": 0})
WHOLE = Type("integer", {"type": "integer", "minimum": 0})
FLAG = Type("true or false", {"type": "boolean"})
TEXT = Type("text", {"type": "string", "minLength": 1})
NAME = Type("name", {"type": ["string", "integer"], "minLength": 1}, _text)
NAMES = Type("names", {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}, tuple)
CLOSE_CODE = Type("close code", {"type": "integer", "minimum": 1000, "maximum": 4999})
MEANING = Type("meaning", {"type": "string", "enum": sorted({*MEANINGS})})


def one_of(*words: Any) -> Type:
    """One of some words, or of some numbers."""
    return Type(
        " or ".join(map(str, words)),
        {"type": "string" if isinstance(words[0], str) else "integer", "enum": list(words)},
    )
