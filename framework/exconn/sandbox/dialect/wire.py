"""Values as the wire has them, and what they may stand for before it is known whether that exists.

Rules:
- A number of a JSON document keeps its own digits, and a string of one is not the text of a query.
- Text of a query, a header, a form or a path is always text; in JSON a type says whether it is `text`, `number` or
  `either`, and nothing else passes. A boolean is never a number.
- A symbol that is not known passes as `Unknown`: whether it exists is the action's question, not the form's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_DIGITS = re.compile(r"[0-9]+")
INTEGER = re.compile(r"-?[0-9]{1,19}")
UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
"""Units of time, in ns."""


class Malformed(ValueError):
    """A value is not of its type. `meaning` is the error that says so."""

    meaning = "malformed"


class TooPrecise(Malformed):
    """A number has more digits after the point than it may have."""

    meaning = "too_precise"


class WrongKind(Malformed):
    """A value of JSON is of another kind: a text where a number should be, or anything where a list should."""

    meaning = "wrong_kind"


class Repeated(Malformed):
    """A list has one thing twice."""

    meaning = "repeated_item"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a JSON document, in its own digits."""

    text: str


class JsonText(str):
    """A string of a JSON document; a query's text is a plain str."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """A symbol that no instrument has, as sent."""

    text: str


@dataclass(frozen=True, slots=True)
class After:
    """A moment that is so many ns after a request."""

    ns: int


@dataclass(frozen=True, slots=True)
class UserRef:
    """A client's own number of an order, where an id or such a number may stand; its digits."""

    text: str


def as_text(value: Any, sent: str) -> str:
    """The digits of what was sent, if it was sent as it may be. A query's text is text, whatever `sent` says."""
    if isinstance(value, Number):
        if sent == "text":
            raise WrongKind
        return value.text
    if not isinstance(value, str) or (sent == "number" and isinstance(value, JsonText)):
        raise WrongKind
    return value


def is_digits(text: str, most: int) -> bool:
    """Whether a text is plain ASCII digits, at most so many."""
    return len(text) <= most and _DIGITS.fullmatch(text) is not None
