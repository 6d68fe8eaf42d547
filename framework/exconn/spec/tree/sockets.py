"""A websocket: how it connects, logs in, subscribes and stays alive, and what its frames mean.

Rules: frames that are no messages stand in Control; a word is a frame of plain text.
"""

from dataclasses import dataclass, field

from exconn.document import Span
from exconn.spec.pieces import Body, Match, Path, Record, Template
from exconn.spec.read.proto import ProtoField

from .declarations import ErrorRow


@dataclass(frozen=True, slots=True)
class Connect:
    """Where a socket connects: `host` name and `path`, or `url`, which a preparation learnt; `query` is added to it;
    `signed`: a recipe for handshake headers.
    """

    host: str
    path: Template
    query: dict[str, Template]
    signed: str | None
    span: Span
    url: Template | None = None


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
    """One frame, or with `list_at` one frame for up to `at_most` symbols: the dotted path of the array that holds one
    element a symbol, or, with `join`, of the text that holds the symbols with `join` between them. All of it once for
    each combination of `words` (name -> the words it stands for)."""

    send: Body
    span: Span
    signed: str | None = None
    list_at: str | None = None
    at_most: int | None = None
    join: str | None = None
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
    reconnect: tuple[Match, ...] = ()
    error: FrameError | None = None
    server_ping: ServerPing | None = None


@dataclass(frozen=True, slots=True)
class Protobuf:
    """What frames of bytes hold: `message`, with all messages and enums that it is made of. `text`: frames of text are
    JSON."""

    message: str
    messages: dict[str, tuple[ProtoField, ...]]
    enums: dict[str, tuple[tuple[str, int], ...]]
    text: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """Channels that are numbered when they are opened: `match` tells the opening frame, `number`, `kind` and `symbol`
    are read from it; `frames` is where later frames hold the number."""

    match: Match
    number: Path
    kind: Path
    symbol: Path | None
    frames: Path
    span: Span


@dataclass(frozen=True, slots=True)
class Message:
    """`opened_as`: the kind of the opened channel that the frame belongs to; the match may be empty then."""

    match: Match
    records: tuple[Record, ...]
    span: Span
    opened_as: str | None = None


@dataclass(frozen=True, slots=True)
class Socket:
    """`silence`: seconds without any frame after which the socket counts as dead. `lives`: greatest age in seconds.
    `ask_snapshot`: the frame that asks for the book of a pair. `counter`: where frames hold their place in the count of
    the connection."""

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
    opened: Opened | None = None
    counter: Path | None = None
    protobuf: Protobuf | None = None
