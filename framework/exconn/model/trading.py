"""The words of trading: sides, types and states of orders, and the decimal constants of the market contract.

Rules: enum members keep the names and numbers of the contract; `OrderState` is ours, told by exchanges through words
tables; "partially filled" is no state, it follows from the filled amount.
"""

from decimal import Decimal
from enum import Enum

s_decimal_0 = Decimal(0)
s_decimal_max = Decimal("1e56")
s_decimal_min = 1 / s_decimal_max
s_decimal_nan = Decimal("nan")


class TradeType(Enum):
    BUY = 1
    SELL = 2

    __hash__ = object.__hash__  # members are singletons, and Enum's own hash is a function in Python


class OrderType(Enum):
    MARKET = 1
    LIMIT = 2
    LIMIT_MAKER = 3

    __hash__ = object.__hash__

    def is_limit_type(self) -> bool:
        return self is not OrderType.MARKET


class PriceType(Enum):
    MidPrice = 1
    BestBid = 2
    BestAsk = 3
    LastTrade = 4


class Liquidity(Enum):
    MAKER = "maker"
    TAKER = "taker"


class OrderState(Enum):
    """An order's state as an exchange reports it; "partially filled" follows from the filled amount."""

    PENDING = "pending"
    OPEN = "open"
    CANCELING = "canceling"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"

    is_final: bool

    def __init__(self, word: str) -> None:
        self.is_final = word in ("filled", "canceled", "expired", "rejected")


class NetworkStatus(Enum):
    STOPPED = 0
    NOT_CONNECTED = 1
    CONNECTED = 2
