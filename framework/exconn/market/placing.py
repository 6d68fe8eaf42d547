"""A placing: what its request reads of an order, and what its answer tells of it.

Rules: a request sent again for the same order is the same request: same client id, same values.
"""

from exconn.codec import Arguments
from exconn.market.rest import Asked
from exconn.market.tracking import Accepted, TrackedOrder, Tracker
from exconn.model import FillReport, OrderReport


def placing_of(order: TrackedOrder) -> Arguments:
    """What the request that places this order may read."""
    return Arguments(
        pair=order.pair,
        order_type=order.order_type,
        side=order.side,
        amount=order.amount if order.quote_amount is None else None,
        quote_amount=order.quote_amount,
        price=order.price if order.order_type.is_limit_type() else None,
        client_id=order.client_id,
        created_ns=order.created_ns,
    )


def tell_placed(tracker: Tracker, client_id: str, asked: Asked, now: float) -> None:
    """Tell the tracker what the answer to a placing shows."""
    for report in asked.reply.reports:
        if isinstance(report, OrderReport):
            tracker.tell(client_id, Accepted(report), now)
        elif isinstance(report, FillReport):
            tracker.tell(client_id, report, now)
