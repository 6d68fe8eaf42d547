"""Whether an order that was not made here can be an order at all: one saved earlier, or one that somebody else sent.

Rules: what is tracked is reckoned with, so one amount that is no number would spoil every balance; an order is taken up
whole and plausible, or refused with what is wrong with it. Orders made here are judged by their pair's rule instead.
"""

from decimal import Decimal
from typing import Any

from exconn.market.tracking.fills import EXACT
from exconn.market.tracking.order import TrackedOrder
from exconn.model import OrderType, TradeType


def unsound(order: TrackedOrder) -> str | None:
    """What is wrong with the order's own values, None where nothing is."""
    return _wrong_words(order) or _wrong_numbers(order)


def _wrong_words(order: TrackedOrder) -> str | None:
    if not _is_text(order.client_id):
        return f"a client id is a text, not {order.client_id!r}"
    if order.exchange_order_id is not None and not _is_text(order.exchange_order_id):
        return f"an exchange's id is a text, not {order.exchange_order_id!r}"
    base, _, quote = order.pair.partition("-") if isinstance(order.pair, str) else ("", "", "")
    if not base or not quote:
        return f"{order.pair!r} is no pair; pairs are written BASE-QUOTE"
    if not isinstance(order.order_type, OrderType) or not isinstance(order.side, TradeType):
        return f"{order.order_type!r} and {order.side!r} are no OrderType and TradeType"
    return None


def _wrong_numbers(order: TrackedOrder) -> str | None:
    if not order.amount.is_finite() or order.amount <= 0:
        return f"amount {order.amount} must be above 0"
    if not order.price.is_finite() or order.price < 0 or (order.order_type.is_limit_type() and not order.price):
        return f"price {order.price} of a {order.order_type.name} order must be above 0"
    if not (_is_sum(order.executed_base) and _is_sum(order.executed_quote)):
        return f"executed amounts {order.executed_base} and {order.executed_quote} must be numbers from 0 on"
    return _wrong_fills(order)


def _wrong_fills(order: TrackedOrder) -> str | None:
    """What is executed and not among the fills would count again when it is read again."""
    told = (order.told_filled, order.told_amount, order.end_filled, order.end_filled_quote)
    if not all(amount is None or _is_sum(amount) for amount in told):
        return "the amounts that the exchange counts must be numbers from 0 on"
    base = quote = Decimal(0)
    for fill in order.fills:
        if not (_is_sum(fill.amount) and _is_sum(fill.quote_amount)):
            return f"fill {fill.trade_id} has amounts that are no numbers"
        base, quote = EXACT.add(base, fill.amount), EXACT.add(quote, fill.quote_amount)
    if (base, quote) != (order.executed_base, order.executed_quote):
        return f"its fills make up {base:f}, not the {order.executed_base:f} that it says is executed"
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_sum(value: Decimal) -> bool:
    return value.is_finite() and value >= 0
