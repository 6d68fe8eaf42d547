"""One tracked order: all that is known of it, frozen.

Rules: `phase` only rises, and the last four phases are terminal; money is base unless a name says quote; `*_ns` are
nanoseconds on the exchange's clock, plain floats are seconds of the market's clock. What the exchange says ended is
`ENDING` until its fills are all here. Nothing here is ever edited: `apply` makes successors.
"""

from decimal import Decimal
from enum import IntEnum

from msgspec import Struct

from exconn.market.tracking.fills import Fills
from exconn.model import FeePaid, OrderState, OrderType, TradeType, s_decimal_0


class Phase(IntEnum):
    """INTENT: recorded, the request is under way. UNRESOLVED: its outcome is unknown. OPEN: the exchange has shown it.
    ENDING: the exchange says it ended, fills are missing. The others are terminal, told in exactly one event."""

    INTENT = 0
    UNRESOLVED = 1
    OPEN = 2
    ENDING = 3
    FILLED = 4
    CANCELED = 5
    EXPIRED = 6
    FAILED = 7


FIRST_OF_THE_CLOSED = Phase.FILLED


class TrackedOrder(Struct, frozen=True, kw_only=True, gc=False, array_like=True):
    """An order of ours. The first block is the intent and never changes.

    `amount` and `price` are as sent (quantized); `quote_amount` is set where the exchange was asked to spend quote, and
    `amount` is an estimate then. `reckoned_price`: what a market order was expected to pay at most when made, for
    what it holds of the account; None where no book was live. `created_ns` is the wall clock's. `earliest_ns`: of an
    order that was found elsewhere and tracked here, when it may have been made at the earliest, 0 where nothing tells;
    `created_ns` is when at the latest. `sees_ns`: how long a change may stay hidden from lookups, None where the
    exchange promises nothing. `tells_trades`: the exchange tells trades one by one; otherwise fills are derived from
    cumulative amounts, and never both. `id_comes_again`: the exchange lets client ids be used again, or says that this
    one is taken, so an older order may bear the same.
    `told_amount`: the greatest that the exchange has told of a limit order that was made larger there, else 0.
    `id_is_taken`: it has said so to our submit, and whose order has it is not known. `sent_ns`: when it was first sent
    from here, None for what was not, or while the exchange's clock was not known.
    """

    client_id: str
    pair: str
    order_type: OrderType
    side: TradeType
    price: Decimal
    amount: Decimal
    quote_amount: Decimal | None = None
    reckoned_price: Decimal | None = None
    created_ns: int = 0
    earliest_ns: int | None = None
    sees_ns: int | None = None
    tells_trades: bool = True
    id_comes_again: bool = False

    phase: Phase = Phase.INTENT
    exchange_order_id: str | None = None
    id_is_taken: bool = False
    created_told: bool = False
    fills: Fills = Fills()
    executed_base: Decimal = s_decimal_0
    executed_quote: Decimal = s_decimal_0
    rounded: bool = False
    fees: tuple[FeePaid, ...] = ()
    told_filled: Decimal = s_decimal_0
    told_amount: Decimal = s_decimal_0

    sent_ns: int | None = None
    fence_ns: int | None = None
    fence_at: float | None = None
    absent_first_at: float | None = None
    absent_last_at: float | None = None

    end: OrderState | None = None
    end_filled: Decimal | None = None
    end_filled_quote: Decimal | None = None
    fills_read: bool = False
    held_since: float | None = None
    incomplete: bool = False
    closed_at: float | None = None

    cancel_wanted: bool = False
    cancel_error: str | None = None
    error: str | None = None
    error_type: str | None = None

    @property
    def base(self) -> str:
        return self.pair.partition("-")[0]

    @property
    def quote(self) -> str:
        return self.pair.partition("-")[2]

    @property
    def whole(self) -> Decimal:
        """The amount in base as the exchange has it, as far as is known."""
        return self.amount if self.told_amount <= self.amount else self.told_amount

    @property
    def made_from_ns(self) -> int:
        """The order is not older than this, by the wall clock."""
        return self.created_ns if self.earliest_ns is None else self.earliest_ns

    @property
    def is_closed(self) -> bool:
        return self.phase >= FIRST_OF_THE_CLOSED

    @property
    def fee_asset(self) -> str | None:
        return self.fees[0].asset if self.fees else None

    @property
    def fee_paid(self) -> Decimal:
        return self.fees[0].amount if self.fees else s_decimal_0

    @property
    def last_state(self) -> str:
        """One word: the phase, with what the trader asked for in it."""
        if self.phase is Phase.OPEN and self.cancel_wanted:
            return "canceling"
        return self.phase.name.lower()
