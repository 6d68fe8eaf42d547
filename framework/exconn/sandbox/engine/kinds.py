"""The words of an order: its side, kind and life, how it stands, and what made it so."""

from enum import StrEnum


class Side(StrEnum):
    """Buy or sell, and the opposite of each."""

    BUY = "buy"
    SELL = "sell"

    @property
    def opposite(self) -> "Side":
        return Side.SELL if self is Side.BUY else Side.BUY


class Kind(StrEnum):
    """How an order is priced. A limit maker is a LIMIT with `post_only`."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(StrEnum):
    """How long the unfilled part lives: until cancelled, not at all, all at once or nothing, or until a time."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"
    GTD = "gtd"

    @property
    def rests(self) -> bool:
        """True when what does not fill at once stays."""
        return self is TimeInForce.GTC or self is TimeInForce.GTD


class SelfTrade(StrEnum):
    """What happens when an order meets another of its own account. The incoming order's mode decides."""

    NONE = "none"
    REJECT = "reject"
    CANCEL_NEWEST = "cancel_newest"
    CANCEL_OLDEST = "cancel_oldest"
    CANCEL_BOTH = "cancel_both"
    DECREMENT = "decrement"


class State(StrEnum):
    """Where an order stands; the last four are final."""

    OPEN = "open"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REJECTED = "rejected"


class Stage(StrEnum):
    """What an open order does: wait for its time, wait for its trigger, or work."""

    PENDING = "pending"
    UNTRIGGERED = "untriggered"
    WORKING = "working"


class Change(StrEnum):
    """What made an order as it is."""

    NEW = "new"
    START = "start"
    TRIGGER = "trigger"
    FILL = "fill"
    REFILL = "refill"
    REDUCE = "reduce"
    AMEND = "amend"
    SELF_TRADE = "self_trade"
    CLOSE = "close"


class Liquidity(StrEnum):
    """Which side of a trade an order was on: resting in the book, or taking from it."""

    MAKER = "maker"
    TAKER = "taker"
