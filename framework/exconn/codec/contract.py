"""The Codec: everything that differs between exchanges, as pure functions and constants.

Rules: no clock, no socket, no randomness, no environment; whatever varies comes in as `Arguments` (what the request is
about), `Fresh` (this request's own time, nonce and ids) or `Context` (what stays: keys, hosts, symbols, values given by
preparations). The bytes in a `Request` are the bytes that were signed, and must be sent as they are. Builders raise
`UsageError`; readers raise `ExchangeError` for an error of the exchange, `Unanswered` for a body that is no answer, and
`Unread` where a whole reply has no sense; a single bad row becomes an `Unreadable` report and costs only itself.
Compiled code, in memory or written down, is the only maker of Codecs. What carries keys, tokens or signatures (a
path may hold one) shows none of it in its repr.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from exconn.codec.facts import Facts
from exconn.codec.keys import Keyring, unshown
from exconn.codec.plans import Plans
from exconn.codec.symbols import Symbols
from exconn.errors import ExchangeError
from exconn.model import OrderType, Report, TradeType


class Arguments(Struct, kw_only=True):
    """What a request is about; an operation reads only what its placeholders name. Pairs are `BASE-QUOTE`.
    `more`: further orders of the same request, where the exchange takes a list."""

    pair: str = ""
    order_type: OrderType = OrderType.LIMIT
    side: TradeType = TradeType.BUY
    amount: Decimal | None = None
    quote_amount: Decimal | None = None
    price: Decimal | None = None
    client_id: str | None = None
    exchange_order_id: str | None = None
    created_ns: int | None = None
    since_ns: int | None = None
    cursor: str | int | None = None
    switch_s: int | None = None
    more: tuple["Arguments", ...] = ()


class Fresh(Struct, frozen=True):
    """One request's own values: wall time as the exchange's clock shows it, nonce, 32 hex digits, frame number."""

    time_ns: int
    nonce: int = 0
    uuid_hex: str = ""
    request_id: int = 0


class Channel(Struct, frozen=True):
    """A channel of one connection, as the exchange opened it: later frames name it by its number."""

    number: int | str
    kind: str
    symbol: str | None = None


class Context(Struct):
    """What stays the same from request to request. `hosts`: the chosen group, name -> origin actually used. `opened`:
    the channels of one connection, by number. `learnt`: name -> the origins that an address learnt for it may have.
    `keys` and `symbols` are the same objects as long as the context is: `plans` keeps what builders made of them."""

    keys: Keyring
    hosts: Mapping[str, str]
    symbols: Symbols
    given: dict[str, str]
    opened: dict[int | str, Channel] = {}
    learnt: Mapping[str, tuple[str, ...]] = {}
    plans: Plans = field(default_factory=Plans)

    def of_connection(self) -> "Context":
        """The context of a new connection: all is shared but the channels, of which none is open yet."""
        return replace(self, opened={})

    def __repr__(self) -> str:
        return f"<Context {self.keys!r}, given {', '.join(self.given) or 'nothing'}>"

    __rich_repr__ = unshown


class Request(Struct, frozen=True):
    """A request ready to be written: `origin` + `target` is the URL, already encoded.

    `fence_ns`: the time on the exchange's clock after which it can no longer execute; None where no fence is known.
    """

    method: str
    origin: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    fence_ns: int | None = None

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.origin}, {len(self.body)} bytes>"

    __rich_repr__ = unshown


class Answer(Struct, frozen=True):
    """What came back: status, headers (names in lower case), body bytes as decoded from any content encoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.body)} bytes>"

    __rich_repr__ = unshown


class Refused(Struct, frozen=True):
    """One order of a list that the exchange refused what was asked for it."""

    exchange_order_id: str | None
    client_id: str | None
    error: ExchangeError


class Reply(Struct, frozen=True):
    """What an answer said. `next`: the cursor of the next page, None at the end. `given`: values of a preparation.
    `refused`: of a list of orders, those that failed; the error of a single one is raised."""

    reports: list[Report]
    next: str | int | None = None
    given: dict[str, str] = {}
    refused: list[Refused] = []

    def __repr__(self) -> str:
        return f"<Reply {len(self.reports)} reports, next {self.next!r}, given {', '.join(self.given) or 'nothing'}>"

    __rich_repr__ = unshown


Builder: TypeAlias = Callable[[Arguments, Fresh, Context], Request]
Reader: TypeAlias = Callable[[Answer, Arguments, Context], Reply]


class Endpoint(Struct, frozen=True, kw_only=True):
    """One operation. `nonce` (ms, us, s or None) says what `Fresh.nonce` is drawn from, strictly increasing a key.
    `kinds`: the record kinds a reply can hold. `lasts`: of a preparation, seconds, connection or session; what it
    gave is kept alive every `renew_every` seconds by the endpoint of its name and `.renew`. `gives`: the
    names of its values; `uses`: those of other preparations that a request carries. `costs_by_age`: pool -> (age of
    the order in seconds from which on it holds, cost), youngest first; `costs` hold the greatest of them."""

    operation: str
    method: str
    path: str
    build: Builder
    read: Reader
    signed: bool = False
    nonce: str | None = None
    costs: tuple[tuple[str, int], ...] = ()
    kinds: tuple[str, ...] = ()
    paged: bool = False
    lasts: str | None = None
    renew_every: int | None = None
    gives: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    costs_by_age: dict[str, tuple[tuple[int, int], ...]] = {}


class Unsigned(Struct, frozen=True, kw_only=True):
    """A request of the caller's own making, to be signed by a recipe. `path` starts with `/` and is encoded already;
    `query`, `form` and `json` are the parameters, name -> value; there is one body, form or JSON, or none."""

    method: str
    origin: str
    path: str
    query: Mapping[str, object] = {}
    form: Mapping[str, object] = {}
    json: Mapping[str, object] = {}


class Signer(Struct, frozen=True, kw_only=True):
    """A recipe, for requests that are no operation of the spec. `nonce` as in Endpoint."""

    sign: Callable[[Unsigned, Fresh, Context], Request]
    nonce: str | None = None


class FrameKind(Enum):
    MESSAGE = "message"
    SUBSCRIBED = "subscribed"
    LOGGED_IN = "logged_in"
    PONG = "pong"
    IGNORED = "ignored"
    RECONNECT = "reconnect"
    ERROR = "error"
    SERVER_PING = "server_ping"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


MESSAGE: Final = FrameKind.MESSAGE


class Frame(Struct, frozen=True):
    """What a frame said. `answer`: what must be sent back to a server ping. `error`: for kind ERROR. `opened`: the
    channel that an acknowledgement opens; whoever reads on puts it into the context's table. `count`: the frame's place
    in the count of its connection, where it has one."""

    kind: FrameKind
    reports: list[Report] = []
    answer: str | None = None
    error: ExchangeError | None = None
    opened: Channel | None = None
    count: int | None = None


class Ping(Struct, frozen=True):
    """How a client keeps the socket alive. `frame` None: a protocol ping. One of the two intervals (seconds) is
    there.
    """

    frame: Callable[[Fresh, Context], str] | None = None
    every: float | None = None
    after_silence: float | None = None


Subscribe: TypeAlias = Callable[[Sequence[str], str, Fresh, Context], list[str]]
"""(pairs, "subscribe" or "unsubscribe", ...) -> the frames to send; frames after the first take following request
ids.
"""


class Socket(Struct, frozen=True, kw_only=True):
    """One websocket. `kinds`: the record kinds its messages can hold (order, fill, balance, book_update, trade...).
    `connect` gives method GET, the ws(s) origin, target and handshake headers. `silence`: seconds without a frame after
    which the socket is dead; `lives`: its greatest age. `uses`: the values of preparations that its handshake and its
    frames carry. `ask_snapshot`: the frame that asks for the book of a pair. `nonces`: what the nonce of `connect`,
    `login` or `subscribe` is drawn from (ms, us, s), where it has one; frames of one subscribing take following
    nonces. `tells_available`: whether its balances say what is available, or what is held; totals alone do not."""

    name: str
    connect: Callable[[Fresh, Context], Request]
    subscribe: Subscribe
    read: Callable[[str | bytes, Context], Frame]
    login: Callable[[Fresh, Context], str] | None = None
    ask_snapshot: Callable[[str, Fresh, Context], str] | None = None
    nonces: dict[str, str] = {}
    acknowledges: bool = False
    ping: Ping | None = None
    silence: float = 60.0
    lives: float | None = None
    kinds: tuple[str, ...] = ()
    tells_available: bool = True
    orders_arrive: str = "any_order"
    costs: tuple[tuple[str, int], ...] = ()
    sends: str | None = None
    uses: tuple[str, ...] = ()


class Codec(Struct, frozen=True, kw_only=True):
    """An exchange. `endpoints` by operation name, preparations among them; `sockets` by name; `signers` by the name
    of a recipe that signs requests."""

    facts: Facts
    endpoints: dict[str, Endpoint]
    sockets: dict[str, Socket]
    signers: dict[str, Signer] = {}

    @property
    def name(self) -> str:
        return self.facts.name
