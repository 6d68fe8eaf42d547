"""Errors: what can go wrong, in our words, and how the exchange says each of them.

Rules:
- The meanings are closed: those of the engine, and those of requests, keys, limits and frames. A meaning that a file
  does not list is answered as a wider one where there is one (`WIDER`), else as `internal`, which every file has.
- One meaning may be said differently `of` a field, a pool or a topic, and by the endpoint or the socket that comes to
  it.
- A text may show the values of the error beside what was sent. A code keeps the type that the file gives it.
- `Refused` is how any step of the sandbox says that a request ends here, with its meaning and values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.engine import Reject

from .place import Place
from .placeholders import Render
from .records import RECORDS
from .scope import Scope
from .templates import Workshop
from .values import Kind, Value

REQUEST = (
    "body",
    "unknown_field",
    "repeated_field",
    "missing",
    "one_of",
    "not_both",
    "malformed",
    "empty",
    "too_precise",
    "wrong_kind",
    "repeated_item",
    "too_far_apart",
    "not_allowed",
)
ACCESS = ("header", "unknown_key", "wrong_signature", "time_window", "time_ahead", "bad_nonce", "no_right")
ORDER = ("price_too_far", "not_offered", "no_margin", "no_position")
LATE = ("deadline_elapsed",)
TOKEN = ("unknown_token", "already_subscribed", "not_subscribed")
SERVICE = ("rate_limited", "banned", "no_path", "no_method", "maintenance", "internal")
FRAME = (
    "bad_frame",
    "unreadable_frame",
    "unknown_message",
    "unknown_topic",
    "login_first",
    "login_not_expected",
    "too_many_frames",
    "too_many_topics",
)
LOOKUP = ("time_unit", "unknown_asset", "too_many_orders", "other_status")
CHANGING = ("unknown_list", "not_in_state", "replace_failed", "replace_partly_failed")
WIDER = {
    "time_ahead": "time_window",
    "empty": "malformed",
    "too_precise": "malformed",
    "wrong_kind": "malformed",
    "repeated_item": "malformed",
    "too_far_apart": "malformed",
    "repeated_field": "unknown_field",
    "unreadable_frame": "bad_frame",
    "unknown_message": "bad_frame",
    "banned": "rate_limited",
    "unknown_list": "unknown_order",
    "time_unit": "malformed",
    "not_offered": "invalid_order",
    "no_margin": "invalid_order",
    "no_position": "invalid_order",
    "other_status": "unknown_symbol",
}
"""What a meaning is answered as by a file that does not tell it apart."""
MEANINGS: tuple[str, ...] = (
    *REQUEST,
    *ACCESS,
    *ORDER,
    *LATE,
    *TOKEN,
    *SERVICE,
    *FRAME,
    *LOOKUP,
    *CHANGING,
    *map(str, Reject),
)


class Refused(Exception):
    """A request ends here. `values` are what the error's text may show; `row` what it is answered with beside that."""

    def __init__(self, meaning: str, *, row: Any = None, **values: Any) -> None:
        super().__init__(meaning)
        self.meaning, self.row, self.values = meaning, row, values


@dataclass(frozen=True, slots=True)
class Saying:
    """How one meaning is said. `text` and `headers` render over the error's values."""

    code: Any
    text: Render
    http: int
    headers: Mapping[str, Render]
    of: Mapping[str, Saying]


def _given(name: str) -> Callable[[Any], Any]:
    return lambda values: values.get(name)


def _of_rule(get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda values: get(values["rule"]) if "rule" in values else None


VALUES: dict[str, Value] = {
    **{
        name: Value(Kind.TEXT, _given(name))
        for name in ("field", "fields", "alternatives", "pool", "right", "time", "nonce", "topic", "asked")
    },
    **{
        name: Value(Kind.INTEGER, _given(name))
        for name in ("last", "retry_after", "allowed", "used", "known", "received", "line", "column")
    },
    **{name: Value(Kind.MONEY, _given(name)) for name in ("best_price", "notional")},
    "until": Value(Kind.TIME, _given("until")),
    "asset": Value(Kind.ASSET, _given("asset")),
    **{
        name: Value(value.kind, _of_rule(value.get), value.of)
        for name, value in RECORDS["rule"].items()
        if name not in ("base", "quote")
    },
}


def build_sayings(place: Place, workshop: Workshop) -> dict[str, Saying]:
    """The section `errors`, of the file or of an endpoint."""
    return {entry.name: _saying(entry, workshop) for entry in place.entries("errors")}


def _find(sayings: Mapping[str, Saying], meaning: str) -> Saying | None:
    return sayings.get(meaning) or sayings.get(WIDER.get(meaning, ""))


def _saying(place: Place, workshop: Workshop) -> Saying:
    headers = {entry.name: workshop.render(entry, VALUES) for entry in place.entries("headers")}
    text = workshop.render(place.at("text"), VALUES)
    of = {entry.name: _saying(entry, workshop) for entry in place.entries("of")}
    return Saying(place.get("code"), text, place.get("http", 200), headers, of)


def say(
    sayings: Mapping[str, Saying], refused: Refused, scope: Scope, own: Mapping[str, Saying] | None = None
) -> tuple[Saying, dict[str, str]]:
    """Put a refusal into the exchange's words: fills the scope's `code`, `text` and `status`, and gives the headers.

    `own` are the sayings of the endpoint or the socket that refuses, which go before the file's.
    """
    saying = _find(own or {}, refused.meaning) or _find(sayings, refused.meaning) or sayings["internal"]
    about = (str(refused.values.get(name)) for name in ("field", "pool", "topic"))
    saying = next((saying.of[name] for name in about if name in saying.of), saying)
    scope.code, scope.text, scope.status = saying.code, str(saying.text(refused.values, scope)), saying.http
    return saying, {name: str(render(refused.values, scope)) for name, render in saying.headers.items()}
