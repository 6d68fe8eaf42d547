"""Facts: what can come to be known of an order, one dataclass each.

Rules: a fact says what was seen, never what to do about it; it may come twice, late or in any order. `OrderReport` and
`FillReport` of the model are facts as they are, from a reply, a stream or a history alike. Times `*_ns` are on the
exchange's clock, `asked_at` on the market's.
"""

from dataclasses import dataclass
from typing import TypeAlias

from exconn.errors import ExchangeError, ExconnError, Meaning
from exconn.model import FillReport, OrderReport


@dataclass(frozen=True, slots=True)
class Submitted:
    """The request is signed and about to be written. `fence_ns`: after it, it can no longer execute; None: no
    promise.
    """

    fence_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The exchange's answer to the submit shows the order."""

    report: OrderReport


@dataclass(frozen=True, slots=True)
class Refused:
    """The submit came back as an error. `proven`: it is certain that nothing was executed."""

    error: ExconnError
    proven: bool


@dataclass(frozen=True, slots=True)
class Unresolved:
    """The outcome of the submit is unknown. `fence_ns` as in `Submitted`."""

    why: str
    fence_ns: int | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """A lookup asked at `at_ns` was answered, decoded, and says that there is no such order. Nothing else counts as
    this.
    """

    at_ns: int


@dataclass(frozen=True, slots=True)
class FillsRead:
    """The order's whole fill history was read, to its last page; the first page was asked for at `asked_at`."""

    asked_at: float


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """The trader wants the order gone. It stays wanted until the order is closed."""


@dataclass(frozen=True, slots=True)
class CancelFailed:
    """A cancel was answered with an error, or not at all."""

    why: str


@dataclass(frozen=True, slots=True)
class Tick:
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
        return Unresolved(str(error))
    return Refused(error, proven=True) if error.not_executed else Unresolved(str(error))
