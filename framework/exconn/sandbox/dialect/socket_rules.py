"""What a websocket endpoint is, once its part of the file is read.

Rules:
- A message is known by its match; its readings and the match together name every field that it may have.
- A socket is entered by its `path`, or by several `entrances`, where topics may stand in the address.
- Deadlines and sizes that a file leaves out do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from exconn.sandbox.topics import TopicForm

from .channels import Channel
from .endpoints import Endpoint
from .meanings import Saying
from .placeholders import Render
from .readings import Reading
from .verbs import Verb

CLOSES = (
    "silence",
    "unanswered",
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
    topic: TopicForm | None = None
    each: tuple[str, ...] = ()
    error: ErrorFrame | None = None
    bare: bool = False

    @property
    def verb(self) -> Verb:
        return self.asked.verb


@dataclass(frozen=True, slots=True)
class ErrorFrame:
    """What a refused frame is answered with. `readings` take what they can from it, and null for the rest."""

    readings: tuple[Reading, ...]
    render: Render


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What is said on a connection with subscriptions that was told nothing for `seconds`."""

    seconds: float
    render: Render


@dataclass(frozen=True, slots=True)
class Pings:
    """A ping `every` so many seconds; each is to be answered in `patience` seconds."""

    every: float
    patience: float


@dataclass(frozen=True, slots=True)
class Entrance:
    """One way into a socket. `topics` is where the address may name some: `path`, or a parameter of the query."""

    path: str
    topics: str | None
    wrapped: bool

    def topics_of(self, path: str, query: Mapping[str, str]) -> list[str] | None:
        """The topics that an address names; None when it does not lead here."""
        inside = path.removeprefix(f"{self.path}/") if self.topics == "path" else path
        if path != self.path and inside == path:
            return None
        named = query.get(self.topics or "", "") if inside == path else inside
        return [topic for topic in named.split("/") if topic]


@dataclass(frozen=True, slots=True)
class SocketRules:
    """One websocket endpoint. Times in seconds; None: there is no such limit.

    `known_by` is the field that tells all its messages apart, "" where there is none; `sayings` are errors of its own.
    """

    name: str
    entrances: tuple[Entrance, ...]
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
    event: Render | None
    numbered: bool
    keeps_unknown: bool
    topics_once: bool
    greeting: Render | None
    heartbeat: Heartbeat | None
    pings: Pings | None
    known_by: str
    sayings: Mapping[str, Saying]
