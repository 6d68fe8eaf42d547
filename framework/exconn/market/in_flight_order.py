"""`InFlightOrder`: a tracked order with the names of the market contract.

Rules: it shows one frozen `TrackedOrder` and computes nothing of its own; the market swaps in the next state with
`show`, so a reference stays good while the order lives, and a `copy.copy` stays at the state it was copied in.
"""

import asyncio
from decimal import Decimal
from typing import Any

from exconn.market.tracking import Phase, TrackedOrder
from exconn.market.tracking.saved import order_from_json, order_to_json
from exconn.model import LimitOrder, OrderType, TradeType

EXCHANGE_ID_TIMEOUT = 10.0


class InFlightOrder:
    """An order between its intent and its terminal event."""

    __slots__ = ("__weakref__", "exchange_order_id_update_event", "order")

    def __init__(self, order: TrackedOrder) -> None:
        self.exchange_order_id_update_event = asyncio.Event()
        self.order = order
        if order.exchange_order_id is not None:
            self.exchange_order_id_update_event.set()

    def show(self, order: TrackedOrder) -> None:
        """Stand for this state from now on."""
        known, self.order = self.order.exchange_order_id, order
        if known is None and order.exchange_order_id is not None:
            self.exchange_order_id_update_event.set()

    def __repr__(self) -> str:
        order = self.order
        return (
            f"<InFlightOrder {order.client_id} {order.side.name} {order.executed_base:f}/{order.amount:f} {order.pair} "
            f"@ {order.price:f} {order.last_state}>"
        )

    @property
    def client_order_id(self) -> str:
        return self.order.client_id

    @property
    def exchange_order_id(self) -> str | None:
        return self.order.exchange_order_id

    @property
    def trading_pair(self) -> str:
        return self.order.pair

    @property
    def base_asset(self) -> str:
        return self.order.base

    @property
    def quote_asset(self) -> str:
        return self.order.quote

    @property
    def order_type(self) -> OrderType:
        return self.order.order_type

    @property
    def trade_type(self) -> TradeType:
        return self.order.side

    @property
    def price(self) -> Decimal:
        return self.order.price

    @property
    def amount(self) -> Decimal:
        return self.order.amount

    @property
    def executed_amount_base(self) -> Decimal:
        return self.order.executed_base

    @property
    def executed_amount_quote(self) -> Decimal:
        return self.order.executed_quote

    @property
    def fee_asset(self) -> str | None:
        return self.order.fee_asset

    @property
    def fee_paid(self) -> Decimal:
        return self.order.fee_paid

    @property
    def last_state(self) -> str:
        return self.order.last_state

    @property
    def is_done(self) -> bool:
        """Over, in whatever way."""
        return self.order.is_closed

    @property
    def is_failure(self) -> bool:
        """Over before completion: cancelled, expired or failed."""
        return self.order.phase in (Phase.CANCELED, Phase.EXPIRED, Phase.FAILED)

    @property
    def is_cancelled(self) -> bool:
        return self.order.phase is Phase.CANCELED

    async def get_exchange_order_id(self) -> str | None:
        """The exchange's id, as soon as it is known. asyncio.TimeoutError after 10 s."""
        if self.order.exchange_order_id is None:
            await asyncio.wait_for(self.exchange_order_id_update_event.wait(), EXCHANGE_ID_TIMEOUT)
        return self.order.exchange_order_id

    def to_limit_order(self) -> LimitOrder:
        order = self.order
        buys = order.side is TradeType.BUY
        return LimitOrder(order.client_id, order.pair, buys, order.base, order.quote, order.price, order.amount)

    def to_json(self) -> dict[str, Any]:
        return order_to_json(self.order)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "InFlightOrder":
        return cls(order_from_json(data))
