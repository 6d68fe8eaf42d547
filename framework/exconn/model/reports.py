"""What an exchange says of orders, fills, balances, rules and books: the codec's output, the market's input.

Rules: everything is frozen; None where the exchange says nothing; money is Decimal, made from the wire's own text; only
public book levels and the tape are floats; a pair is always written `BASE-QUOTE`; times are integer nanoseconds since
1970 (`*_ns`). These are made on the hot path and therefore are msgspec structs; at what can be part of no cycle the
garbage collector does not look.
"""

from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from exconn.model.trading import Liquidity, OrderState, TradeType, s_decimal_0, s_decimal_max, s_decimal_min


class OrderReport(Struct, frozen=True, kw_only=True, gc=False):
    """One order as a reply or a frame shows it. At least one of the two ids is there. `filled` is cumulative, base."""

    exchange_order_id: str | None = None
    client_id: str | None = None
    state: OrderState | None = None
    pair: str | None = None
    side: TradeType | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    filled: Decimal | None = None
    filled_quote: Decimal | None = None
    average_price: Decimal | None = None
    reason: str | None = None
    time_ns: int | None = None


class FeePaid(Struct, frozen=True, gc=False):
    """Positive is paid, negative is a rebate."""

    asset: str
    amount: Decimal


class FillReport(Struct, frozen=True, kw_only=True, gc=False):
    """One trade of one of our orders. `fees` None means the exchange has not said, which is not zero."""

    trade_id: str
    price: Decimal
    amount: Decimal | None = None
    quote_amount: Decimal | None = None
    exchange_order_id: str | None = None
    client_id: str | None = None
    pair: str | None = None
    side: TradeType | None = None
    liquidity: Liquidity | None = None
    fees: tuple[FeePaid, ...] | None = None
    time_ns: int | None = None


class BalanceReport(Struct, frozen=True, gc=False):
    """`available` is None where the exchange gives totals alone."""

    asset: str
    total: Decimal
    available: Decimal | None


PriceBands: TypeAlias = tuple[tuple[Decimal, Decimal], ...]
"""(price, step) from price 0 upwards: from that price on, prices are multiples of the step."""


class TradingRule(Struct, frozen=True, gc=False):
    """What an order on a pair must satisfy; amounts in base, notionals in quote. `symbols`: form -> the exchange's
    name. `is_open` False: the exchange knows the pair and takes no orders on it at present.
    """

    trading_pair: str
    symbols: dict[str, str] = {}
    min_order_size: Decimal = s_decimal_0
    max_order_size: Decimal = s_decimal_max
    min_price_increment: Decimal = s_decimal_min
    min_base_amount_increment: Decimal = s_decimal_min
    min_quote_amount_increment: Decimal = s_decimal_min
    min_notional_size: Decimal = s_decimal_0
    min_order_value: Decimal = s_decimal_0
    max_price_significant_digits: Decimal = s_decimal_max
    min_price: Decimal = s_decimal_0
    max_price: Decimal = s_decimal_max
    max_notional_size: Decimal = s_decimal_max
    price_steps: PriceBands = ()
    price_decimals: int | None = None
    size_decimals: int | None = None
    supports_limit_orders: bool = True
    supports_market_orders: bool = True
    is_open: bool = True


Levels: TypeAlias = list[tuple[float, float]]
"""(price, size) rows of one side, in the wire's order; size 0 deletes the level. Each row is exactly a pair, finite and
not negative, and none has price 0, so that a book takes them with one `dict.update`. Decimals in place of floats where
the spec says `levels: exact`."""

LevelTexts: TypeAlias = list[tuple[Any, Any]]
"""What the wire wrote of such rows, row for row: its own texts, or JSON numbers with their own digits; a size may have
a sign that told its side."""


class BookSnapshot(Struct, frozen=True, kw_only=True, gc=False):
    """A whole book. `pair` None: the request's or the subscription's own. `texts`: of (bids, asks), only where a
    checksum runs over them."""

    bids: Levels
    asks: Levels
    pair: str | None = None
    last_id: int | None = None
    first_id: int | None = None
    previous_id: int | None = None
    checksum: int | None = None
    time_ns: int | None = None
    texts: tuple[LevelTexts, LevelTexts] | None = None


class BookUpdate(Struct, frozen=True, kw_only=True, gc=False):
    """Changed levels with the exchange's sequence numbers; `pair` and `texts` as in BookSnapshot."""

    bids: Levels
    asks: Levels
    pair: str | None = None
    last_id: int | None = None
    first_id: int | None = None
    previous_id: int | None = None
    checksum: int | None = None
    time_ns: int | None = None
    texts: tuple[LevelTexts, LevelTexts] | None = None


class BookChecksum(Struct, frozen=True):
    """The exchange's checksum of a book as it is after all that came before; `pair` as in BookSnapshot."""

    checksum: int
    pair: str | None = None


class PublicTrade(Struct, frozen=True, kw_only=True):
    """A trade on the tape; `side` is the taker's."""

    price: float
    amount: float
    side: TradeType
    pair: str | None = None
    trade_id: str | None = None
    time_ns: int | None = None


class LastPrice(Struct, frozen=True):
    price: Decimal
    pair: str | None = None


class ServerTime(Struct, frozen=True):
    time_ns: int


class FeeRate(Struct, frozen=True):
    """Fractions: 0.001 is 0.1 %. `pair` None: all pairs."""

    maker: Decimal
    taker: Decimal
    pair: str | None = None


class KeyRights(Struct, frozen=True):
    withdraw: bool
    trade: bool | None = None


class Unreadable(Struct, frozen=True):
    """A row or a frame that could not be read: where (`file:line` of the reading and the row) and why; never the text
    itself.
    """

    where: str
    why: str


Report: TypeAlias = (
    OrderReport
    | FillReport
    | BalanceReport
    | TradingRule
    | BookSnapshot
    | BookUpdate
    | BookChecksum
    | PublicTrade
    | LastPrice
    | ServerTime
    | FeeRate
    | KeyRights
    | Unreadable
)
