"""What every template may show beside its record: the clock, what was sent, and the envelope's parts.

Rules:
- `now` is the exchange's clock when the request was taken. `sent` holds the wire's fields as they came.
- `reply`, `code` and `text` exist only in envelopes and error frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from .records import Kind, Value


@dataclass(slots=True)
class Scope:
    """One request or frame, as templates see it."""

    now: int
    sent: Mapping[str, Any] = field(default_factory=dict)
    reply: Any = None
    code: Any = None
    text: str = ""


SCOPE: dict[str, Value] = {
    "now": Value(Kind.TIME, attrgetter("now")),
    "reply": Value(Kind.TEXT, attrgetter("reply")),
    "code": Value(Kind.RAW, attrgetter("code")),
    "text": Value(Kind.TEXT, attrgetter("text")),
}
