"""How a local order book is begun, chained and verified.

Rules: words of the language only; what they demand of messages is the checks' matter.
"""

from dataclasses import dataclass

from exconn.document import Span


@dataclass(frozen=True, slots=True)
class Checksum:
    """`asks`: positive or negative sizes. `absent`: the value that is sent where there is no checksum."""

    algorithm: str
    levels: int
    layout: str
    number: str
    join: str
    asks: str
    absent: int | None
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
