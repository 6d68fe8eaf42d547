"""What every template may show beside its record: the clock, what was sent, and the envelope's parts.

Rules:
- `now` is the exchange's clock when the request was taken. `sent` holds the wire's fields as they came.
- `given` holds the arguments as they were read. `item` is the one of several that an answer is about,
  `frame_number` that of a frame on its subscription, `connection` that of a connection in its greeting.
- `limits` are the pools that the request was counted in, each as its pool is `shown`.
- `unit` is the unit of moments that the client asked for, None for the usual one.
- `order_count` tells what the counter of orders stands at for the row, in frames that are counted for each subscriber.
- `topic` and `subscription` are those that an event is sent for, as the client knows them.
- `reply` of an error is what it answers beside its code; without that, `{reply}` is left out.
- `reply`, `code`, `text` and `status` (of HTTP, in a frame too) exist only in envelopes and error frames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from exconn.sandbox.limits import Count

from .values import Kind, Value

NO_REPLY = object()


@dataclass(slots=True)
class Scope:
    """One request or frame, as templates see it."""

    now: int
    sent: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    item: str | None = None
    count: int = 0
    reply: Any = NO_REPLY
    code: Any = None
    text: str = ""
    status: int = 200
    counts: Sequence[Count] = ()
    topic: str = ""
    subscription: int | None = None
    unit: str | None = None
    order_count: Callable[[Any, int], int] | None = None


def _show_limits(scope: Scope) -> list[Any]:
    return [count.pool.shown(count, scope) for count in scope.counts if count.pool.shown is not None]


SCOPE: dict[str, Value] = {
    "now": Value(Kind.TIME, attrgetter("now")),
    "reply": Value(Kind.TEXT, attrgetter("reply")),
    "code": Value(Kind.RAW, attrgetter("code")),
    "item": Value(Kind.TEXT, attrgetter("item")),
    "frame_number": Value(Kind.INTEGER, attrgetter("count")),
    "connection": Value(Kind.INTEGER, attrgetter("count")),
    "text": Value(Kind.TEXT, attrgetter("text")),
    "limits": Value(Kind.LIST, _show_limits),
    "topic": Value(Kind.TEXT, attrgetter("topic")),
    "subscription": Value(Kind.INTEGER, attrgetter("subscription")),
    "status": Value(Kind.INTEGER, attrgetter("status")),
}
