"""One operation or preparation: its request, the variants of its order types, its reply, its fence and pages.

Rules: a shape is laid under its record and the default envelope stands where none is named; a variant is a whole
request, the endpoint's own parts laid under it.
"""

from dataclasses import dataclass, field

from exconn.document import Span
from exconn.model import OrderType, TradeType
from exconn.spec.pieces import Body, Match, Path, Reading, Record, Template

from .declarations import Envelope, ErrorRow


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
class Switch:
    """All orders are cancelled `seconds` after the last request; it is sent every `refresh` seconds."""

    seconds: int
    refresh: int
    span: Span


@dataclass(frozen=True, slots=True)
class AgeCost:
    """What a cancel costs of an order that is `start` seconds old, or older."""

    start: int
    cost: int
    span: Span


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation, a preparation (then `gives` is not empty), or the renewal of one, under its name and `.renew`.

    `costs` hold the greatest of `costs_by_age` (pool -> rows), for an order of unknown age.

    `renew_every`: of a preparation, seconds between two renewals. `list_at`: the dotted path, in the JSON body, of the
    array whose one element is repeated for each of up to `at_most` orders.
    """

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
    same_id_span: Span | None = None
    effect: str | None = None
    sees: Sees | None = None
    reach: float | None = None
    pages: Pages | None = None
    gives: tuple[Given, ...] = ()
    lasts: str | None = None
    renew_every: int | None = None
    switch: Switch | None = None
    list_at: str | None = None
    at_most: int | None = None
    costs_by_age: dict[str, tuple[AgeCost, ...]] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The operation as a part of an identifier."""
        return self.operation.replace(".", "_")
