"""The events of a market and the small results it hands out.

Rules: names, fields and field order are those of the Hummingbot release that the market contract describes; a field
added by us stands last, with a default; `timestamp` is seconds of the market's clock; `order_id` is the client's.
"""

from decimal import Decimal
from enum import IntEnum
from typing import Any, NamedTuple

from exconn.model.trading import OrderType, TradeType


class MarketEvent(IntEnum):
    ReceivedAsset = 101
    BuyOrderCompleted = 102
    SellOrderCompleted = 103
    WithdrawAsset = 105
    OrderCancelled = 106
    OrderFilled = 107
    OrderExpired = 108
    OrderFailure = 198
    TransactionFailure = 199
    BuyOrderCreated = 200
    SellOrderCreated = 201


class OrderBookEvent(IntEnum):
    TradeEvent = 901


class TradeFee(NamedTuple):
    """`percent` is a fraction (0.001 = 0.1 %) of the trade's value; `flat_fees` are (asset, amount), positive is
    paid.
    """

    percent: Decimal
    flat_fees: tuple[tuple[str, Decimal], ...] = ()

    def to_json(self) -> dict[str, Any]:
        flat = [{"asset": asset, "amount": float(amount)} for asset, amount in self.flat_fees]
        return {"percent": float(self.percent), "flat_fees": flat}


class BuyOrderCreatedEvent(NamedTuple):
    timestamp: float
    type: OrderType
    trading_pair: str
    amount: Decimal
    price: Decimal
    order_id: str
    exchange_order_id: str | None = None


class SellOrderCreatedEvent(NamedTuple):
    timestamp: float
    type: OrderType
    trading_pair: str
    amount: Decimal
    price: Decimal
    order_id: str
    exchange_order_id: str | None = None


class OrderFilledEvent(NamedTuple):
    """`late`: the fill came after the terminal event. `trade_fee` with no flat fee and percent NaN: not told."""

    timestamp: float
    order_id: str
    trading_pair: str
    trade_type: TradeType
    order_type: OrderType
    price: Decimal
    amount: Decimal
    trade_fee: TradeFee
    exchange_trade_id: str = ""
    late: bool = False


class BuyOrderCompletedEvent(NamedTuple):
    """`fee_amount`: what was paid in `fee_asset`; NaN where the fee of a fill was not told."""

    timestamp: float
    order_id: str
    base_asset: str
    quote_asset: str
    fee_asset: str
    base_asset_amount: Decimal
    quote_asset_amount: Decimal
    fee_amount: Decimal
    order_type: OrderType


class SellOrderCompletedEvent(NamedTuple):
    """`fee_amount`: as of a buy."""

    timestamp: float
    order_id: str
    base_asset: str
    quote_asset: str
    fee_asset: str
    base_asset_amount: Decimal
    quote_asset_amount: Decimal
    fee_amount: Decimal
    order_type: OrderType


class OrderCancelledEvent(NamedTuple):
    """`incomplete`: fills that the exchange counts have not been seen when this was told; they may still follow,
    late.
    """

    timestamp: float
    order_id: str
    exchange_order_id: str | None = None
    incomplete: bool = False


class OrderExpiredEvent(NamedTuple):
    timestamp: float
    order_id: str


class MarketOrderFailureEvent(NamedTuple):
    timestamp: float
    order_id: str
    order_type: OrderType
    error_message: str | None = None
    error_type: str | None = None


class MarketTransactionFailureEvent(NamedTuple):
    timestamp: float
    order_id: str


class OrderBookTradeEvent(NamedTuple):
    trading_pair: str
    timestamp: float
    type: TradeType
    price: float
    amount: float


class LimitOrder(NamedTuple):
    client_order_id: str
    trading_pair: str
    is_buy: bool
    base_currency: str
    quote_currency: str
    price: Decimal
    quantity: Decimal


class CancellationResult(NamedTuple):
    order_id: str
    success: bool
