"""Why the engine refuses a request, and why it closes an order.

Rules:
- `Reject` is the answer to a request that changed nothing; `Close` is the last word on an accepted order.
- The values are the words that a dialect maps to its own codes and texts; they never change meaning.
- The reasons in `MAY_CLOSE` depend on the book: a policy may accept such an order and close it at once instead.
"""

from enum import StrEnum

from msgspec import Struct


class Reject(StrEnum):
    """Reasons for refusing, in the order in which the rules are checked."""

    UNKNOWN_SYMBOL = "unknown_symbol"
    HALTED = "halted"
    INVALID_ORDER = "invalid_order"
    PRICE_OFF_TICK = "price_off_tick"
    PRICE_OUT_OF_RANGE = "price_out_of_range"
    TRAIL_OUT_OF_RANGE = "trail_out_of_range"
    SIZE_OFF_LOT = "size_off_lot"
    SIZE_TOO_SMALL = "size_too_small"
    SIZE_TOO_LARGE = "size_too_large"
    NOTIONAL_TOO_SMALL = "notional_too_small"
    NOTIONAL_TOO_LARGE = "notional_too_large"
    DUPLICATE_CLIENT_ID = "duplicate_client_id"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_MANY_OPEN = "too_many_open"
    TOO_MANY_WAITING = "too_many_waiting"
    TOO_MANY_ICEBERGS = "too_many_icebergs"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    WOULD_CROSS = "would_cross"
    SELF_TRADE = "self_trade"
    NO_LIQUIDITY = "no_liquidity"
    FOK_UNFILLABLE = "fok_unfillable"
    WOULD_TRIGGER = "would_trigger"
    LIST_PRICES = "list_prices"
    UNKNOWN_ORDER = "unknown_order"
    ORDER_CLOSED = "order_closed"
    NOT_A_REDUCTION = "not_a_reduction"


class Close(StrEnum):
    """Why an order is no longer open. REQUESTED is the owner's cancel; LAPSED, DISCONNECTED and OPERATOR are given by
    whoever cancels in the owner's name; DROPPED is an order that the exchange lost before its first fill; TIME_OVER is
    one that lived until the time it was given. AMENDED is one whose new size was filled already, REPLACED one in whose
    place another came, CONTINGENT one that its list ended because of another."""

    FILLED = "filled"
    REQUESTED = "requested"
    IOC_REMAINDER = "ioc_remainder"
    NO_LIQUIDITY = "no_liquidity"
    FUNDS_EXHAUSTED = "funds_exhausted"
    SELF_TRADE = "self_trade"
    WOULD_CROSS = "would_cross"
    FOK_UNFILLABLE = "fok_unfillable"
    DELISTED = "delisted"
    LAPSED = "lapsed"
    DISCONNECTED = "disconnected"
    OPERATOR = "operator"
    DROPPED = "dropped"
    TIME_OVER = "time_over"
    AMENDED = "amended"
    REPLACED = "replaced"
    CONTINGENT = "contingent"


MAY_CLOSE: dict[Reject, Close] = {
    Reject.WOULD_CROSS: Close.WOULD_CROSS,
    Reject.SELF_TRADE: Close.SELF_TRADE,
    Reject.NO_LIQUIDITY: Close.NO_LIQUIDITY,
    Reject.FOK_UNFILLABLE: Close.FOK_UNFILLABLE,
}


LATE: dict[Reject, Close] = {
    **MAY_CLOSE,
    Reject.INSUFFICIENT_BALANCE: Close.FUNDS_EXHAUSTED,
}
"""Why an order closes that waited, and is refused once its time has come."""


class Rejected(Struct, frozen=True):
    """A request that changed nothing: the reason, and a sentence with the figures that broke the rule."""

    reason: Reject
    detail: str
