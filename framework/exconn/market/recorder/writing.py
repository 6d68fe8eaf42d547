"""What each event writes: an order, a status, a fill. Each function is a list of statements for one transaction.

Rules: writing an event again changes nothing that counts, so a transaction of unknown outcome may be repeated; a status
of a closed order is never replaced by an earlier one; a fill may come before its order was told as created.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Executable, and_, insert, update
from sqlalchemy.dialects import sqlite

from exconn.market.recorder.tables import ORDER_STATUSES, ORDERS, TRADE_FILLS
from exconn.model import BuyOrderCreatedEvent, MarketEvent, OrderFilledEvent, SellOrderCreatedEvent, TradeFee

ENDS = (
    MarketEvent.BuyOrderCompleted,
    MarketEvent.SellOrderCompleted,
    MarketEvent.OrderCancelled,
    MarketEvent.OrderExpired,
    MarketEvent.OrderFailure,
)


def milliseconds(timestamp: float) -> int:
    return int(timestamp * 1e3)


def created(
    event: BuyOrderCreatedEvent | SellOrderCreatedEvent, tag: MarketEvent, named: dict[str, str]
) -> Sequence[Executable]:
    """`named`: market, config_file_path and strategy."""
    base, _, quote = event.trading_pair.partition("-")
    values = {
        **named,
        "id": event.order_id,
        "symbol": event.trading_pair,
        "base_asset": base,
        "quote_asset": quote,
        "creation_timestamp": milliseconds(event.timestamp),
        "order_type": event.type.name,
        "amount": _text(event.amount),
        "price": _text(event.price),
        "last_status": tag.name,
        "last_update_timestamp": milliseconds(event.timestamp),
        "exchange_order_id": event.exchange_order_id,
    }
    return sqlite.insert(ORDERS).values(values).on_conflict_do_nothing(), _status(event.order_id, event.timestamp, tag)


def filled(event: OrderFilledEvent, named: dict[str, str]) -> Sequence[Executable]:
    base, _, quote = event.trading_pair.partition("-")
    values = {
        **named,
        "symbol": event.trading_pair,
        "base_asset": base,
        "quote_asset": quote,
        "timestamp": milliseconds(event.timestamp),
        "order_id": event.order_id,
        "trade_type": event.trade_type.name,
        "order_type": event.order_type.name,
        "price": _text(event.price),
        "amount": _text(event.amount),
        "trade_fee": _fee(event.trade_fee),
        "exchange_trade_id": event.exchange_trade_id,
    }
    fill = sqlite.insert(TRADE_FILLS).values(values).on_conflict_do_nothing()
    return fill, *followed(event.order_id, event.timestamp, MarketEvent.OrderFilled)


def followed(order_id: str, timestamp: float, tag: MarketEvent) -> Sequence[Executable]:
    """A status after the first, of whatever kind."""
    is_open = ORDERS.c.last_status.not_in([end.name for end in ENDS])
    told = {"last_status": tag.name, "last_update_timestamp": milliseconds(timestamp)}
    return (
        update(ORDERS).where(and_(ORDERS.c.id == order_id, is_open)).values(told),
        _status(order_id, timestamp, tag),
    )


def _status(order_id: str, timestamp: float, tag: MarketEvent) -> Executable:
    return insert(ORDER_STATUSES).values(order_id=order_id, timestamp=milliseconds(timestamp), status=tag.name)


def _fee(fee: TradeFee) -> dict[str, Any]:
    flat = [{"asset": asset, "amount": _text(amount)} for asset, amount in fee.flat_fees]
    return {"percent": _text(fee.percent), "flat_fees": flat}


def _text(amount: Decimal) -> str:
    return "NaN" if amount.is_nan() else f"{amount:f}"
