"""What a spec declares before any request: credentials, ids, words, signing recipes, pools, envelopes, error rows.

Rules: frozen data with the span it was written at; what the spec left out is None or empty.
"""

from dataclasses import dataclass, field

from exconn.document import Span
from exconn.spec.pieces import Body, Match, Object, Path, Template, Test
from exconn.spec.vocabulary import KEY_KINDS


@dataclass(frozen=True, slots=True)
class Credential:
    """`encoding`: how the text the user gives becomes the key: utf8, base64, hex or pem. `choice`: the only texts."""

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
    """What goes where. `params` goes where the endpoint's own parameters go. `drop_body`: the body is not sent.
    `own_first`: the endpoint's own fields stand in front of these."""

    headers: dict[str, Template] = field(default_factory=dict)
    query: dict[str, Template] = field(default_factory=dict)
    form: dict[str, Template] = field(default_factory=dict)
    json: dict[str, Body] = field(default_factory=dict)
    params: dict[str, Template] = field(default_factory=dict)
    drop_body: bool = False
    own_first: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """What a jwt says. `header` holds what the algorithm does not say already."""

    algorithm: str
    header: Object
    claims: Object


@dataclass(frozen=True, slots=True)
class Step:
    """One named value. `operation` is a name of the closed list; `key` names a credential; `encoding` hex, base64,
    bytes. `token`: of a jwt, whose message is empty.
    """

    name: str
    span: Span
    operation: str
    message: Template
    key: str | None
    encoding: str
    token: Token | None = None

    @property
    def algorithm(self) -> str:
        """How it is signed, in the word of its standard where that is more than the operation."""
        return self.operation if self.token is None else self.token.algorithm

    @property
    def key_kind(self) -> str | None:
        """The kind of private key that it signs with; None for a MAC and for what has no key."""
        return KEY_KINDS.get(self.algorithm)


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
    """A rate limit. Window (`allow` per `per` seconds) or bucket (`burst`, `refill` per `per` seconds).

    `by`: the credential whose choice says which of `sizes` it has; what it would say itself is None then.
    """

    name: str
    span: Span
    allow: int | None
    burst: int | None
    refill: int | None
    per: float
    each: str | None = None
    used: str | None = None
    retry_after: str | None = None
    by: str | None = None
    sizes: dict[str, "Pool"] = field(default_factory=dict)


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
class PriceBand:
    """From the price `start` on, prices are multiples of `step`; both are plain digits."""

    start: str
    step: str
    span: Span


@dataclass(frozen=True, slots=True)
class Fees:
    """Fractions as text, for when the exchange has not been asked: 0.001 is 0.1 %."""

    span: Span
    maker: str
    taker: str
