"""A trusted spec: what is left of the YAML when every check has passed, as a frozen tree that the compiler walks once.

Rules: a Spec exists only if the document had no finding; names are resolved (a shape is laid under its record, the
default envelope stands where none is named); every node carries its span; mappings keep the document's order but their
order has no meaning; a field that the spec left out is None or empty, and the careful default is chosen by the reader.
"""

from dataclasses import dataclass, field

from exconn.document import Span
from exconn.model import OrderType, TradeType
from exconn.spec.pieces import Body, Match, Path, Reading, Record, Template, Test


@dataclass(frozen=True, slots=True)
class Credential:
    """`encoding`: how the text the user gives becomes the key's bytes: utf8, base64, hex or pem."""

    name: str
    span: Span
    secret: bool
    encoding: str = "utf8"
    choice: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True, slots=True)
class ClientId:
    """`kind` text or integer; `length` in characters (text) or `bits` (integer); `unique`: forever, day, while_open,
    never.
    """

    span: Span
    kind: str
    prefix: str
    length: int | None
    bits: int | None
    alphabet: str
    unique: str


@dataclass(frozen=True, slots=True)
class Assets:
    """`names`: ours -> theirs; the first of theirs is written, all are read. `drop_suffix`: endings cut off when
    read.
    """

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    drop_suffix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SymbolForm:
    """`template` of {base} and {quote}, or None: learnt from the rules."""

    name: str
    span: Span
    template: Template | None


@dataclass(frozen=True, slots=True)
class Words:
    """Ours -> theirs (the first is written, all are read). `otherwise` refuse or unchanged; `prefix`: match by
    beginning.
    """

    name: str
    span: Span
    ours: dict[str, tuple[str | int | bool, ...]]
    otherwise: str = "refuse"
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The first row whose match holds gives the word; none: the value is unknown, an error of the row."""

    name: str
    span: Span
    rows: tuple[tuple[Match, str], ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """What goes where. `params` goes where the endpoint's own parameters go. `drop_body`: the body is not sent."""

    headers: dict[str, Template] = field(default_factory=dict)
    query: dict[str, Template] = field(default_factory=dict)
    form: dict[str, Template] = field(default_factory=dict)
    json: dict[str, Body] = field(default_factory=dict)
    params: dict[str, Template] = field(default_factory=dict)
    drop_body: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One named value. `operation` is a name of the closed list; `key` names a credential; `encoding` hex, base64,
    bytes.
    """

    name: str
    span: Span
    operation: str
    message: Template
    key: str | None
    encoding: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way of signing. `nonce`: None, ms, us or s (strictly increasing). `values` are in an order that can be
    computed.
    """

    name: str
    span: Span
    nonce: str | None
    expires_in: int | None
    before: Placement
    values: tuple[Step, ...]
    after: Placement


@dataclass(frozen=True, slots=True)
class Pool:
    """A rate limit. Window (`allow` per `per` seconds) or bucket (`burst`, `refill` per `per` seconds)."""

    name: str
    span: Span
    allow: int | None
    burst: int | None
    refill: int | None
    per: float
    each: str | None = None
    used: str | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """`success` must hold for a reply to be one; `code` and `text` are read from one that is not."""

    name: str
    span: Span
    success: Match
    code: Path | None
    text: Path | None


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """All given conditions must hold: a test of the code, a text that is contained, one of the HTTP statuses."""

    meaning: str
    span: Span
    code: Test | None
    text: str | None
    http: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a request carries beside its path."""

    headers: dict[str, Template] = field(default_factory=dict)
    query: dict[str, Template] = field(default_factory=dict)
    form: dict[str, Template] = field(default_factory=dict)
    json: dict[str, Body] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Variant:
    """An order type on one side: its whole request, the endpoint's own parts already laid under it."""

    order_type: OrderType
    side: TradeType
    span: Span
    method: str
    path: Template
    parts: Parts


@dataclass(frozen=True, slots=True)
class Fence:
    """After this long (seconds) a request that was not seen can no longer execute.

    Kinds: window, deadline, nonce, resend, cancel_by_client_id, none.
    """

    kind: str
    seconds: float | None
    span: Span


@dataclass(frozen=True, slots=True)
class Sees:
    """A lookup shows a new order at most `new_after` seconds after it was accepted, a closed one for `closed_for`
    seconds.
    """

    new_after: float
    closed_for: float | None


@dataclass(frozen=True, slots=True)
class Pages:
    """How a long answer is read on. `by`: cursor, row, offset, number, since. `next`: where the next cursor stands."""

    by: str
    span: Span
    send: dict[str, Template]
    next: Path | None
    size: int | None
    more: Match | None


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a preparation gives under a name."""

    name: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation, or a preparation (then `gives` is not empty)."""

    operation: str
    span: Span
    doc: str
    method: str
    host: str
    path: Template
    signed: str | None
    costs: tuple[tuple[str, int], ...]
    envelope: Envelope | None
    parts: Parts
    variants: tuple[Variant, ...]
    reply: tuple[Record, ...]
    errors: tuple[ErrorRow, ...]
    fence: Fence | None = None
    same_id: str | None = None
    effect: str | None = None
    sees: Sees | None = None
    reach: float | None = None
    pages: Pages | None = None
    gives: tuple[Given, ...] = ()
    lasts: str | None = None


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
    """`silence`: seconds without any frame after which the socket counts as dead. `lives`: greatest age in seconds."""

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


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    levels: int
    layout: str
    number: str
    join: str
    span: Span


@dataclass(frozen=True, slots=True)
class OrderBook:
    """`start`: rest, stream, asked, first_frame, whole. `chain`: range, link, count, newer, none. `on_gap`: resnapshot,
    resubscribe, reconnect. `levels`: float or exact."""

    span: Span
    start: str
    chain: str
    depth: int | None
    on_gap: str
    levels: str = "float"
    checksum: Checksum | None = None


@dataclass(frozen=True, slots=True)
class Fees:
    """Fractions as text, for when the exchange has not been asked: 0.001 is 0.1 %."""

    span: Span
    maker: str
    taker: str


@dataclass(frozen=True, slots=True)
class Spec:
    file: str
    span: Span
    name: str
    docs: str
    hosts: dict[str, dict[str, str]]
    credentials: dict[str, Credential]
    client_id: ClientId | None
    assets: Assets
    symbols: dict[str, SymbolForm]
    words: dict[str, Words]
    decisions: dict[str, Decision]
    signing: dict[str, Recipe]
    limits: dict[str, Pool]
    envelopes: dict[str, Envelope]
    errors: tuple[ErrorRow, ...]
    endpoints: dict[str, Endpoint]
    sockets: dict[str, Socket]
    order_book: OrderBook | None
    fees: Fees | None
