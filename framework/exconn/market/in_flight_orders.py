"""The orders in flight, by client id, with the names of the market contract.

Rules: an order is here from its intent to its terminal event; whoever holds one sees its newest state, also the last.
"""

from exconn.market.in_flight_order import InFlightOrder
from exconn.market.tracking import TrackedOrder


class InFlightOrders:
    """`orders`: client id -> order, oldest first; the same dict throughout, to be read only."""

    __slots__ = ("orders",)

    def __init__(self) -> None:
        self.orders: dict[str, InFlightOrder] = {}

    def changed(self, order: TrackedOrder) -> None:
        """The order has a new state."""
        known, closed = self.orders.get(order.client_id), order.is_closed
        if known is not None:
            known.show(order)
        elif not closed:
            self.orders[order.client_id] = InFlightOrder(order)
        if closed:
            self.orders.pop(order.client_id, None)

    def forget(self, client_id: str) -> None:
        self.orders.pop(client_id, None)
