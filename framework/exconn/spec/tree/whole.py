"""The whole spec, when every check has passed.

Rules: names are resolved; mappings keep the document's order but their order has no meaning.
"""

from dataclasses import dataclass, field

from exconn.document import Span

from .declarations import (
    Assets,
    ClientId,
    Credential,
    Decision,
    Envelope,
    ErrorRow,
    Fees,
    Pool,
    PriceBand,
    Recipe,
    SymbolForm,
    Words,
)
from .endpoints import Endpoint
from .order_book import OrderBook
from .sockets import Socket


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
    price_steps: dict[str, tuple[PriceBand, ...]] = field(default_factory=dict)
    learnt_hosts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
