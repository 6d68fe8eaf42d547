"""What an invariant looks at, and what it finds.

Rules: a case is one market on one exchange, with everything that a judge may know and the market may not: the ledger,
what was asked for, what went over the wire. Invariants read it and change nothing. Moments are virtual seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from exconn.market import Market
from exconn.sandbox.engine import Fill, Order
from exconn.testing.simulation.busy_trader import BusyTrader
from exconn.testing.simulation.chronicle import Chronicle, Life
from exconn.testing.simulation.eavesdropper import Eavesdropper
from exconn.testing.simulation.resources import Resources
from exconn.testing.simulation.schedules import FOREIGN
from exconn.testing.simulation.venue import Venue
from exconn.testing.simulation.wire import Wire
from exconn.testing.simulation.witness import BookWitness


class Finding(NamedTuple):
    """What is broken, and of which order, "" for none."""

    text: str
    client_id: str = ""


Findings: TypeAlias = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Violation:
    """`invariant`: its name, as `I3`. `history`: the order's, oldest first."""

    invariant: str
    at: float
    text: str
    history: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = "".join(f"\n    {line}" for line in self.history)
        return f"{self.invariant} at {self.at:.3f} s: {self.text}{lines}"


@dataclass(slots=True)
class Case:
    """One market on one exchange. `opening`: what the account had at first, by asset; `pairs`: those of the market."""

    market: Market
    exchange: Venue
    account: str
    pairs: tuple[str, ...]
    chronicle: Chronicle
    trader: BusyTrader
    witness: BookWitness
    wire: Wire
    resources: Resources
    opening: Mapping[str, Decimal]
    now: Callable[[], float]
    eavesdropper: Eavesdropper
    complaints: list[str] = field(default_factory=list)

    def ledger_order(self, client_id: str) -> Order | None:
        """The order as the exchange has it."""
        return self.exchange.sandbox.exchange.order_by_client_id(self.account, client_id)

    def ledger_orders(self, *, open_only: bool = False) -> list[Order]:
        """What the market placed, as the exchange has it: all but what the user did elsewhere."""
        orders = self.exchange.sandbox.exchange.orders(self.account, open_only=open_only)
        return [order for order in orders if order.client_id and not order.client_id.startswith(FOREIGN)]

    def ledger_fills(self) -> list[Fill]:
        """Every fill of the account, of whosever order."""
        return list(self.exchange.sandbox.exchange.fills(self.account))

    def lives(self) -> list[Life]:
        return list(self.chronicle.orders.values())

    def traded_pairs(self) -> list[str]:
        """The market's pairs that the exchange lists now."""
        listed = {instrument.symbol for instrument in self.exchange.sandbox.exchange.instruments()}
        return [pair for pair in self.pairs if pair in listed]
