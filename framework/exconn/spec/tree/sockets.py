"""A websocket: how it connects, logs in, subscribes and stays alive, and what its frames mean.

Rules: frames that are no messages stand in Control; a word is a frame of plain text.
"""

from dataclasses import dataclass

from exconn.document import Span
from exconn.spec.pieces import Body, Match, Path, Record, Template

from .declarations import ErrorRow


@dataclass(frozen=True, slots=True)
class Connect:
    """Where a socket connects: `host` name and `path`; `query` is added to it; `signed`: a recipe for handshake
    headers.
    """

    host: str
    path: Template
    query: dict[str, Template]
    signed: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Ping:
    """`word` or `send` is the frame; None for both is a protocol ping. Either `every` or `after_silence` seconds."""

    span: Span
    word: str | None
    send: Body | None
    every: float | None
    after_silence: float | None


@dataclass(frozen=True, slots=True)
class Login:
    signed: str | None
    send: Body
    span: Span


@dataclass(frozen=True, slots=True)
class Subscription:
    """One frame, or with `list_at` (the dotted path of the array that holds one element a symbol) one frame for up to
    `at_most` symbols."""

    send: Body
    span: Span
    signed: str | None = None
    list_at: str | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class FrameError:
    match: Match
    code: Path | None
    text: Path | None


@dataclass(frozen=True, slots=True)
class ServerPing:
    """The exchange's own ping and our answer, whose `{/path}` holes read the frame answered."""

    match: Match
    answer: Body


@dataclass(frozen=True, slots=True)
class Control:
    """Frames that are not messages. A word is a frame of plain text."""

    subscribed: Match | None = None
    logged_in: Match | None = None
    pong: Match | str | None = None
    ignored: tuple[Match, ...] = ()
    reconnect: Match | None = None
    error: FrameError | None = None
    server_ping: ServerPing | None = None


@dataclass(frozen=True, slots=True)
class Message:
    match: Match
    records: tuple[Record, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Socket:
    """`silence`: seconds without any frame after which the socket counts as dead. `lives`: greatest age in seconds.
    `ask_snapshot`: the frame that asks for the book of a pair."""

    name: str
    span: Span
    doc: str
    connect: Connect
    frames: str
    route: tuple[Path, ...]
    ping: Ping | None
    silence: float
    lives: float | None
    login: Login | None
    subscribe: tuple[Subscription, ...]
    control: Control
    messages: tuple[Message, ...]
    errors: tuple[ErrorRow, ...]
    orders_arrive: str
    costs: tuple[tuple[str, int], ...]
    sends: str | None
    ask_snapshot: Subscription | None = None
