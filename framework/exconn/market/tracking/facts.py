"""Facts: what can come to be known of an order, one record each.

Rules: a fact says what was seen, never what to do about it; it may come twice, late or in any order. `OrderReport` and
`FillReport` of the model are facts as they are, from a reply, a stream or a history alike. Times `*_ns` are on the
exchange's clock, times `*_at` on the market's, which no step of a clock moves. A fence is known by both clocks and
has passed when it has by both.
"""

from typing import TypeAlias

from msgspec import Struct

from exconn.errors import ExchangeError, ExconnError, Meaning
from exconn.model import FillReport, OrderReport


class Submitted(Struct, frozen=True):
    """The request is signed and about to be written. `fence_ns`, `fence_at`: after it, it can no longer execute;
    None: no promise. `sent_ns`: now, None where the exchange's clock is not known.
    """

    fence_ns: int | None = None
    fence_at: float | None = None
    sent_ns: int | None = None


class Accepted(Struct, frozen=True):
    """The exchange's answer to the submit shows the order."""

    report: OrderReport


class Refused(Struct, frozen=True):
    """The submit came back as an error. `proven`: it is certain that nothing was executed."""

    error: ExconnError
    proven: bool


class Unresolved(Struct, frozen=True):
    """The outcome of the submit is unknown. The fence as in `Submitted`. `id_is_taken`: the exchange has an order of
    this client id, which may be this one, or one that somebody made earlier.
    """

    why: str
    fence_ns: int | None = None
    fence_at: float | None = None
    id_is_taken: bool = False


class NotFound(Struct, frozen=True):
    """A lookup asked at `asked_at`, which was `at_ns` on the exchange's clock, was answered, decoded, and says that
    there is no such order. Nothing else counts as this. `is_taken`: it shows another order, that leaves no room for
    one of ours under this client id.
    """

    at_ns: int
    asked_at: float
    is_taken: bool = False


class FillsRead(Struct, frozen=True):
    """The order's whole fill history was read, to its last page; the first page was asked for at `asked_at`."""

    asked_at: float


class CancelRequested(Struct, frozen=True):
    """The trader wants the order gone. It stays wanted until the order is closed."""


class CancelFailed(Struct, frozen=True):
    """A cancel was answered with an error, or not at all."""

    why: str


class Tick(Struct, frozen=True):
    """Time has passed."""


Fact: TypeAlias = (
    Submitted
    | Accepted
    | Refused
    | Unresolved
    | OrderReport
    | FillReport
    | NotFound
    | FillsRead
    | CancelRequested
    | CancelFailed
    | Tick
)


def refusal(error: ExconnError) -> Refused | Unresolved:
    """What an error of a submit proves. A duplicate client id proves that the order was accepted earlier: look it
    up.
    """
    if isinstance(error, ExchangeError) and error.meaning is Meaning.DUPLICATE_CLIENT_ID:
        return Unresolved(str(error), id_is_taken=True)
    return Refused(error, proven=True) if error.not_executed else Unresolved(str(error))
