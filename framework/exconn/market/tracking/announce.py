"""The events of one order, made from its state.

Rules: names and fields are those of the market contract; `timestamp` is the market's clock; `Completed` carries the
sums of the fills; a fee that was not told is NaN per cent and no flat fee, which is not the same as zero, and a sum of
fees that lacks one is NaN.
"""

from exconn.errors import ExchangeError
from exconn.market.tracking.fills import Fill
from exconn.market.tracking.order import Phase, TrackedOrder
from exconn.market.tracking.store import MarketEventTuple
from exconn.model import (
    BuyOrderCompletedEvent,
    BuyOrderCreatedEvent,
    MarketEvent,
    MarketOrderFailureEvent,
    OrderCancelledEvent,
    OrderExpiredEvent,
    OrderFilledEvent,
    SellOrderCompletedEvent,
    SellOrderCreatedEvent,
    TradeFee,
    TradeType,
    s_decimal_0,
    s_decimal_nan,
)

_FEE_UNTOLD = TradeFee(s_decimal_nan)
_FILLED = MarketEvent.OrderFilled
_tuple = tuple.__new__  # makes a named tuple of all its fields in half the time that its own constructor takes


def created(order: TrackedOrder, now: float) -> MarketEventTuple:
    buys = order.side is TradeType.BUY
    make = BuyOrderCreatedEvent if buys else SellOrderCreatedEvent
    event = make(now, order.order_type, order.pair, order.amount, order.price, order.client_id, order.exchange_order_id)
    return (MarketEvent.BuyOrderCreated if buys else MarketEvent.SellOrderCreated), event


def filled(order: TrackedOrder, fill: Fill, now: float, late: bool) -> MarketEventTuple:
    fee = _FEE_UNTOLD
    paid = fill.fees
    if paid is not None and len(paid) == 1:
        fee = _tuple(TradeFee, (s_decimal_0, ((paid[0].asset, paid[0].amount),)))
    elif paid is not None:
        fee = TradeFee(s_decimal_0, tuple([(each.asset, each.amount) for each in paid]))
    told = (order.side, order.order_type, fill.price, fill.amount, fee, fill.trade_id, late)
    return _FILLED, _tuple(OrderFilledEvent, (now, order.client_id, order.pair, *told))


def ended(order: TrackedOrder, now: float) -> MarketEventTuple:
    """The one terminal event of an order that has just been closed."""
    if order.phase is Phase.FILLED:
        return _completed(order, now)
    if order.phase is Phase.CANCELED:
        event = OrderCancelledEvent(now, order.client_id, order.exchange_order_id, order.incomplete)
        return MarketEvent.OrderCancelled, event
    if order.phase is Phase.EXPIRED:
        return MarketEvent.OrderExpired, OrderExpiredEvent(now, order.client_id)
    failure = MarketOrderFailureEvent(now, order.client_id, order.order_type, order.error, order.error_type)
    return MarketEvent.OrderFailure, failure


def _completed(order: TrackedOrder, now: float) -> MarketEventTuple:
    buys = order.side is TradeType.BUY
    make = BuyOrderCompletedEvent if buys else SellOrderCompletedEvent
    event = make(
        now,
        order.client_id,
        order.base,
        order.quote,
        order.fee_asset or (order.base if buys else order.quote),
        order.executed_base,
        order.executed_quote,
        s_decimal_nan if any(fill.fees is None for fill in order.fills) else order.fee_paid,
        order.order_type,
    )
    return (MarketEvent.BuyOrderCompleted if buys else MarketEvent.SellOrderCompleted), event


def kind_of(error: Exception) -> str:
    """One word for what went wrong: the exchange's meaning, or the name of our error."""
    return error.meaning.value if isinstance(error, ExchangeError) else type(error).__name__
