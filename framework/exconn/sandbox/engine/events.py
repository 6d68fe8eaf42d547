"""What happened, in causal order: the events that every call returns and every listener receives.

Rules:
- Events are immutable and carry the state after them, so a reader needs nothing else.
- An order tells OrderAccepted, then OrderRested once if it enters the book, OrderUpdated, and exactly one OrderClosed.
  One that waits tells OrderUpdated when its time comes and when its trigger fires; a trail that moves tells nothing.
- A trade comes before what it changed: the book, the maker's order, the taker's order, then balances.
- BookChanged steps a book's sequence by exactly one and gives the level's new total size; 0 removes the level.
- House accounts (the fee account, the living market) tell no BalanceChanged.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from .amounts import minus
from .instrument import Instrument
from .kinds import Change, Side
from .order import Fill, Order
from .order_list import OrderList


class Cause(StrEnum):
    """What moved a balance: funds from or to outside, an order's hold, or a trade."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    HOLD = "hold"
    RELEASE = "release"
    TRADE = "trade"


class OrderAccepted(Struct, frozen=True):
    """A new order passed every check."""

    order: Order
    time: int


class OrderRested(Struct, frozen=True):
    """What is left of an order entered the book."""

    order: Order
    time: int


class OrderUpdated(Struct, frozen=True):
    """An order changed and stays open. `fill` is set when a trade changed it."""

    order: Order
    change: Change
    fill: Fill | None
    time: int


class OrderClosed(Struct, frozen=True):
    """An order ended; `order.state` and `order.reason` say how. `fill` is set when its last fill ended it."""

    order: Order
    fill: Fill | None
    time: int


class Trade(Struct, frozen=True):
    """A match, at the maker's price. `taker_side` is the aggressor's."""

    id: int
    number: int
    symbol: str
    price: Decimal
    amount: Decimal
    quote: Decimal
    taker_side: Side
    maker: Fill
    taker: Fill
    time: int


class BalanceChanged(Struct, frozen=True):
    """A client account's new balance of one asset; available is `total - held`."""

    account: str
    asset: str
    total: Decimal
    held: Decimal
    cause: Cause
    time: int

    @property
    def available(self) -> Decimal:
        return minus(self.total, self.held)


class BookChanged(Struct, frozen=True):
    """One level's new total size, and the book's sequence after it."""

    symbol: str
    sequence: int
    side: Side
    price: Decimal
    size: Decimal
    time: int


class InstrumentChanged(Struct, frozen=True):
    """An instrument was listed, its rules or status changed, or (`listed` False) it was delisted."""

    instrument: Instrument
    listed: bool
    time: int


class ListChanged(Struct, frozen=True):
    """An order list was accepted, or is done."""

    list: OrderList
    time: int


class CancelTimer(Struct, frozen=True):
    """An account asked that all its orders be cancelled at `at` (ns), or (None) no more."""

    account: str
    at: int | None
    time: int


Event = (
    OrderAccepted
    | OrderRested
    | OrderUpdated
    | OrderClosed
    | Trade
    | BalanceChanged
    | BookChanged
    | InstrumentChanged
    | CancelTimer
    | ListChanged
)
