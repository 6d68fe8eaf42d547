"""What each event writes: an order, a status, a fill. Each function is a list of statements for one transaction.

Rules: writing an event again changes nothing that counts, so a transaction of unknown outcome may be repeated; a status
of a closed order is never replaced by an earlier one; a fill may come before its order was told as created. An order is
found by config file, market and client id, and where the id was used before, the open one is meant.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, exists, insert, literal, or_, select, update
from sqlalchemy.dialects import sqlite

from exconn.market.recorder.tables import ORDER_STATUSES, ORDERS, TRADE_FILLS
from exconn.model import BuyOrderCreatedEvent, MarketEvent, OrderFilledEvent, SellOrderCreatedEvent, TradeFee

CREATED = (MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated)
ENDS = (
    MarketEvent.BuyOrderCompleted,
    MarketEvent.SellOrderCompleted,
    MarketEvent.OrderCancelled,
    MarketEvent.OrderExpired,
    MarketEvent.OrderFailure,
)


def milliseconds(timestamp: float) -> int:
    return round(timestamp * 1e3)


def statements_of(event: Any, tag: MarketEvent, named: dict[str, str]) -> Sequence[Executable]:
    """`named`: market, config_file_path and strategy. Raises whatever an event raises that is none."""
    if tag in CREATED:
        return created(event, tag, named)
    if tag is MarketEvent.OrderFilled:
        return filled(event, named)
    return followed(event.order_id, event.timestamp, tag, named)


def created(
    event: BuyOrderCreatedEvent | SellOrderCreatedEvent, tag: MarketEvent, named: dict[str, str]
) -> Sequence[Executable]:
    """A new row, but for an order that is known: one that is open, or that has the same id of the exchange."""
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
    is_same = _is_open()
    if event.exchange_order_id is not None:
        is_same = or_(is_same, ORDERS.c.exchange_order_id == event.exchange_order_id)
    is_known = exists().where(and_(_is_of(event.order_id, named), is_same))
    row = select(*(literal(value, ORDERS.c[name].type) for name, value in values.items())).where(~is_known)
    new = sqlite.insert(ORDERS).from_select(list(values), row).on_conflict_do_nothing()
    return new, _status(event.order_id, event.timestamp, tag, named)


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
    return fill, *followed(event.order_id, event.timestamp, MarketEvent.OrderFilled, named)


def followed(order_id: str, timestamp: float, tag: MarketEvent, named: dict[str, str]) -> Sequence[Executable]:
    """A status after the first, of whatever kind."""
    told = {"last_status": tag.name, "last_update_timestamp": milliseconds(timestamp)}
    return (
        update(ORDERS).where(and_(_is_of(order_id, named), _is_open())).values(told),
        _status(order_id, timestamp, tag, named),
    )


def _is_of(order_id: str, named: dict[str, str]) -> ColumnElement[bool]:
    is_ours = and_(ORDERS.c.config_file_path == named["config_file_path"], ORDERS.c.market == named["market"])
    return and_(ORDERS.c.id == order_id, is_ours)


def _is_open() -> ColumnElement[bool]:
    return ORDERS.c.last_status.not_in([end.name for end in ENDS])


def _status(order_id: str, timestamp: float, tag: MarketEvent, named: dict[str, str]) -> Executable:
    whose = {"config_file_path": named["config_file_path"], "market": named["market"]}
    return insert(ORDER_STATUSES).values(**whose, order_id=order_id, timestamp=milliseconds(timestamp), status=tag.name)


def _fee(fee: TradeFee) -> dict[str, Any]:
    flat = [{"asset": asset, "amount": _text(amount)} for asset, amount in fee.flat_fees]
    return {"percent": _text(fee.percent), "flat_fees": flat}


def _text(amount: Decimal) -> str:
    return "NaN" if amount.is_nan() else f"{amount:f}"
