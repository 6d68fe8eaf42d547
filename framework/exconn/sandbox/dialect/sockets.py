"""Sockets: what the exchange says over websockets, and what it understands there.

Rules:
- A message is known by its match; its readings and the match together name every field that it may have.
- In a socket with `checks` every message is judged as a request over HTTP is, by those checks; arguments stand below
  `params` of the frame, and `reply` wraps all answers. There a message may call an endpoint by its name.
- A message with `refused` is understood and answered with that error, whatever else it holds.
- A channel has a topic, a template with at most one symbol in it; a private one is the account's, after login.
- A channel's frames are templates over events: order, fill, balances, trades, book_update, book_snapshot.
- Deadlines and sizes that a file leaves out do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .endpoints import Bench, Endpoint, build_request
from .formats import build_defaults
from .matches import build_frame_match, build_match
from .place import Place
from .readings import Reading, build_readings
from .records import RECORDS
from .templates import Render
from .verbs import LOGIN, SOCKET_VERBS, VERBS, Verb

EVENTS = {
    "order": "order",
    "fill": "fill",
    "balances": "balances",
    "trades": "trades",
    "book_update": "book",
    "book_snapshot": "book",
}
OF_ACCOUNT = ("order", "fill", "balances")
CLOSES = (
    "silence",
    "login_refused",
    "login_late",
    "too_old",
    "too_many_frames",
    "too_slow",
    "maintenance",
    "key_revoked",
)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing a client may say: the request that it makes, and the top keys that its frame may have (`fields`)."""

    match: Callable[[Mapping[str, Any]], bool]
    fields: frozenset[str]
    asked: Endpoint
    before_login: bool
    refused: str | None
    answer: Render | None

    @property
    def verb(self) -> Verb:
        return self.asked.verb


@dataclass(frozen=True, slots=True)
class FrameOut:
    """One frame that a channel sends, for rows for which `holds`."""

    event: str
    render: Render
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. `topics` are all its topics, each with our symbol ("" for all); `every` is in seconds."""

    name: str
    private: bool
    topics: Mapping[str, str]
    every: float
    depth: int | None
    frames: tuple[FrameOut, ...]


@dataclass(frozen=True, slots=True)
class ErrorFrame:
    """What a refused frame is answered with. `readings` take what they can from it, and null for the rest."""

    readings: tuple[Reading, ...]
    render: Render


@dataclass(frozen=True, slots=True)
class SocketRules:
    """One websocket endpoint. Times in seconds; None: there is no such limit."""

    name: str
    path: str
    handshakes: str | None
    frames: str | None
    most_bytes: int
    topics_in_frame: int | None
    topics_in_all: int | None
    silence: float | None
    login_within: float | None
    needs_login: bool
    lives: float | None
    behind: int
    closes: Mapping[str, int]
    messages: tuple[Message, ...]
    error: ErrorFrame
    channels: Mapping[str, Channel]
    checks: Mapping[str, tuple[str, ...]] | None
    params: str | None
    reply: Render | None


def build_sockets(place: Place, bench: Bench, endpoints: Mapping[str, Endpoint]) -> dict[str, SocketRules]:
    """The section `sockets`; a message may call one of the endpoints."""
    return {entry.name: _socket(entry, bench, endpoints) for entry in place.entries("sockets")}


def _socket(place: Place, bench: Bench, endpoints: Mapping[str, Endpoint]) -> SocketRules:
    workshop = bench.workshop.under(build_defaults(place, bench.workshop.defaults))
    bench = Bench(workshop, bench.types, bench.pools, bench.signatures, bench.envelopes)
    messages = tuple(_message(item, place, bench, endpoints) for item in place.items("messages"))
    checks = place.get("checks")
    error = place.at("error")
    limits = place.get("topics", {})
    for key in ("handshakes", "frames"):
        if key in place and place.get(key) not in bench.pools:
            place.at(key).error(
                "unknown-pool", f"there is no pool '{place.get(key)}'", f"pools: {', '.join(bench.pools)}"
            )
    return SocketRules(
        place.name,
        place.get("path"),
        place.get("handshakes"),
        place.get("frames"),
        place.get("most_bytes", 1 << 20),
        limits.get("frame"),
        limits.get("all"),
        place.get("silence"),
        place.get("login_within"),
        any(message.verb.name == LOGIN for message in messages),
        place.get("lives"),
        place.get("behind", 10_000),
        place.get("closes", {}),
        messages,
        ErrorFrame(build_readings(error, bench.types), workshop.render(error.at("give"), {})),
        {entry.name: _channel(entry, bench) for entry in place.entries("channels")},
        None if checks is None else {kind: tuple(steps) for kind, steps in checks.items()},
        place.get("params"),
        workshop.render(place.at("reply"), {}) if "reply" in place else None,
    )


def _message(place: Place, socket: Place, bench: Bench, endpoints: Mapping[str, Endpoint]) -> Message:
    if "calls" in place:
        asked, answer = _called(place, socket, bench, endpoints)
    else:
        does = place.get("does", "nothing")
        verb = SOCKET_VERBS.get(does) or VERBS[does]
        asked = build_request(place, bench, verb)
        answer = bench.workshop.render(place.at("answer"), RECORDS[verb.gives]) if "answer" in place else None
        if "checks" not in socket and (verb.name == LOGIN) != (asked.signature is not None):
            hint = "write signed: NAME there, or checks for the socket"
            place.error("login-unsigned", "a login names its signature, and nothing else does", hint)
    matched = [key.name.partition(".")[0] for key in place.at("match").key_places()]
    fields = frozenset([*matched, *(reading.path.partition(".")[0] for reading in asked.readings)])
    match, before_login = build_frame_match(place.at("match")), place.get("before_login", False)
    return Message(match, fields, asked, before_login, place.get("refused"), answer)


def _called(
    place: Place, socket: Place, bench: Bench, endpoints: Mapping[str, Endpoint]
) -> tuple[Endpoint, Render | None]:
    """An endpoint that a message calls, signed as the socket signs."""
    endpoint = endpoints.get(place.get("calls"))
    if endpoint is None or "checks" not in socket or "does" in place:
        hint = f"a socket with checks calls endpoints: {', '.join(endpoints)}"
        place.at("calls").error("bad-call", f"'{place.get('calls')}' cannot be called here", hint)
        return build_request(place, bench, VERBS["nothing"]), None
    if endpoint.signature is None:
        return endpoint, endpoint.reply
    signature = socket.get("signed", endpoint.signature)
    if signature not in bench.signatures:
        socket.at("signed").error("unknown-name", f"there is no signature '{signature}'", ", ".join(bench.signatures))
    return replace(endpoint, signature=signature), endpoint.reply


def _channel(place: Place, bench: Bench) -> Channel:
    topic = str(place.get("topic"))
    frames = [_frame(item, bench) for item in place.items("frames")]
    private = any(frame.event in OF_ACCOUNT for frame in frames)
    if private and not all(frame.event in OF_ACCOUNT for frame in frames):
        place.at("frames").error("mixed-channel", "a channel is of an account or public, not both", "make two channels")
    return Channel(
        place.name,
        private,
        _topics(place.at("topic"), topic, bench),
        place.get("every_ms", 100) / 1000,
        place.get("depth"),
        tuple(frames),
    )


def _frame(place: Place, bench: Bench) -> FrameOut:
    event, record = place.get("event"), RECORDS[EVENTS[place.get("event")]]
    holds = build_match(place.at("only"), record, bench.workshop.words) if "only" in place else _any
    return FrameOut(event, bench.workshop.render(place.at("give"), record), holds)


def _any(row: Any) -> bool:
    return True


def _topics(place: Place, template: str, bench: Bench) -> dict[str, str]:
    head, brace, rest = template.partition("{")
    if not brace:
        return {template: ""}
    hole, _, tail = rest.partition("}")
    kind, _, form = hole.partition(".")
    forms = bench.workshop.names.symbols
    if kind != "symbol" or form not in forms or "{" in tail:
        place.error("bad-topic", f"'{template}' is no topic", f"write {{symbol.FORM}} once; forms: {', '.join(forms)}")
        return {}
    return {f"{head}{theirs}{tail}": ours for ours, theirs in forms[form].items()}
