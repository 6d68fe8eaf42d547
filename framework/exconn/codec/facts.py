"""What is fixed about an exchange and is no function: hosts, limits, fences, policies. Constants of a codec.

Rules: plain frozen data that a compiler can write down as literals; seconds are floats, money is Decimal; a field at
its default means that the spec left it out, and the default is the careful one.
"""

from decimal import Decimal

from msgspec import Struct

from exconn.model import OrderType, TradeType


class CredentialField(Struct, frozen=True, kw_only=True):
    """`private`: the kind of private key that it is (ed25519, rsa, p256), None for everything else."""

    name: str
    secret: bool
    encoding: str = "utf8"
    choice: tuple[str, ...] = ()
    default: str | None = None
    private: str | None = None


class ClientIdRule(Struct, frozen=True, kw_only=True):
    """`kind` text or integer; `length` in characters or `bits`; `unique`: forever, day, while_open, never."""

    kind: str = "text"
    prefix: str = ""
    length: int = 32
    bits: int = 63
    alphabet: str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    unique: str = "never"


class PoolSize(Struct, frozen=True, kw_only=True):
    """What a pool allows, as `Pool` says it."""

    per: float
    allow: int | None = None
    burst: int | None = None
    refill: int | None = None


class Pool(Struct, frozen=True, kw_only=True):
    """A rate limit: `allow` per `per` seconds, or a bucket of `burst` refilled by `refill` per `per` seconds.

    `each`: None, symbol or connection. `used`: the reply header that tells how much is used. `retry_after`: the header
    that tells, in seconds, when to come back. `by`: the credential whose text says which of `sizes` holds.
    """

    name: str
    per: float = 0.0
    allow: int | None = None
    burst: int | None = None
    refill: int | None = None
    each: str | None = None
    used: str | None = None
    retry_after: str | None = "Retry-After"
    by: str | None = None
    sizes: dict[str, PoolSize] = {}


class Fence(Struct, frozen=True):
    """After `seconds` counted from signing, a request that was not seen can no longer execute (kinds: see the
    language).
    """

    kind: str = "none"
    seconds: float | None = None


class Sees(Struct, frozen=True):
    new_after: float
    closed_for: float | None = None


class Checksum(Struct, frozen=True, kw_only=True):
    """`algorithm`: crc32, crc32_signed. `layout`: asks_then_bids, bids_then_asks, interleaved. `number`: wire, digits,
    digits_padded. `asks`: positive or negative sizes. `absent`: the value sent where there is no checksum."""

    algorithm: str
    levels: int
    layout: str
    number: str
    join: str = ""
    asks: str = "positive"
    absent: int | None = None


class BookFacts(Struct, frozen=True, kw_only=True):
    """`start`: rest, stream, asked, first_frame, whole. `chain`: range, link, count, newer, none. `on_gap`: resnapshot,
    resubscribe, reconnect."""

    start: str
    chain: str
    on_gap: str
    depth: int | None = None
    exact: bool = False
    checksum: Checksum | None = None


class FeeFacts(Struct, frozen=True):
    maker: Decimal
    taker: Decimal


class Switch(Struct, frozen=True):
    """A dead man's switch: `seconds` after the last request all orders are cancelled; asked every `refresh`."""

    seconds: int
    refresh: int


class Batch(Struct, frozen=True):
    """Cancels go in lists of up to `at_most` orders; `by_pair`: of one pair each."""

    at_most: int
    by_pair: bool = False


class Facts(Struct, frozen=True, kw_only=True):
    """`hosts`: group -> name -> origin; the first group is the default; `learnt`: the same for the names whose address
    a preparation learns: the origins that it may have. `offers`: the (type, side) pairs that can be placed.
    """

    name: str
    docs: str
    hosts: dict[str, dict[str, str]]
    learnt: dict[str, dict[str, tuple[str, ...]]] = {}
    credentials: tuple[CredentialField, ...] = ()
    client_id: ClientIdRule | None = None
    forms: tuple[str, ...] = ()
    pools: tuple[Pool, ...] = ()
    offers: tuple[tuple[OrderType, TradeType], ...] = ()
    fence: Fence = Fence()
    same_id: str = "second_order"
    effect: str = "requested"
    sees: dict[str, Sees] = {}
    reach: dict[str, float] = {}
    switch: Switch | None = None
    cancels: Batch | None = None
    book: BookFacts | None = None
    fees: FeeFacts | None = None
