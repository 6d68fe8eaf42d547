"""Whether what was told can be about this order at all.

Rules: once both ids of an order are known, a report must agree with both; pair and side must agree when they are told;
where an exchange lets client ids be used again, a report must also agree in price and amount until the exchange's own
id is known; where it has said that this id is taken, a fill has to wait for that id. A report that disagrees is refused
whole: it changes nothing and is named to the caller.
"""

from exconn.market.tracking.facts import Accepted, Fact
from exconn.market.tracking.order import TrackedOrder
from exconn.model import FillReport, OrderReport, TradeType


def contradiction(order: TrackedOrder, fact: Fact) -> str | None:
    """Why `fact` cannot be about `order`, or None when it can."""
    if type(fact) is FillReport:
        why = _others_order(order, fact.client_id, fact.exchange_order_id, fact.pair, fact.side)
        return why or _no_trade(fact) or _nobodys_yet(order)
    told = fact.report if type(fact) is Accepted else fact
    if type(told) is not OrderReport:
        return None
    why = _others_order(order, told.client_id, told.exchange_order_id, told.pair, told.side)
    if why is None and order.id_comes_again and _may_be_older(order, fact):
        why = _other_terms(order, told)
    return why


def _others_order(
    order: TrackedOrder, client_id: str | None, exchange_order_id: str | None, pair: str | None, side: TradeType | None
) -> str | None:
    """Plain comparisons of plain values: this runs on every report, and reading fields of two kinds of reports at one
    place would make CPython forget each time what it has learnt of the other."""
    if client_id is not None and client_id != order.client_id:
        return f"it is of client id {client_id}"
    known = order.exchange_order_id
    if known is not None and exchange_order_id is not None and exchange_order_id != known:
        return f"it is of exchange id {exchange_order_id}, this order has {known}"
    if pair is not None and pair != order.pair:
        return f"it is of {pair}, this order of {order.pair}"
    if side is not None and side is not order.side:
        return f"it is a {side.name}, this order a {order.side.name}"
    return None


def _may_be_older(order: TrackedOrder, fact: Fact) -> bool:
    """An answer to our own submit is about it; anything else may be about an older order of the same client id."""
    if order.exchange_order_id is not None or type(fact) is Accepted:
        return False
    return order.order_type.is_limit_type()


def _no_trade(told: FillReport) -> str | None:
    amount = told.amount if told.amount is not None else told.quote_amount
    return None if amount is not None and amount > 0 and told.price > 0 else "it is a trade without price and amount"


def _nobodys_yet(order: TrackedOrder) -> str | None:
    """What is refused here is read again: the order's own reports count more than its fills show."""
    if order.id_is_taken and order.exchange_order_id is None:
        return "it is a fill of a client id that is taken, and it is not known yet by which order"
    return None


def _other_terms(order: TrackedOrder, told: OrderReport) -> str | None:
    if told.price is not None and told.price != order.price:
        return f"its price is {told.price:f}, this order's {order.price:f}"
    if told.amount is not None and told.amount != order.amount:
        return f"its amount is {told.amount:f}, this order's {order.amount:f}"
    return None
