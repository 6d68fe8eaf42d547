"""The journal: every event of a market, in order, gathered by order; what the comparison and the screen read.

Rules: only events are written down, nothing is asked of the market; an order's `ending` is its one terminal event; a
second terminal event, or a fill told twice, is kept in `faults`, because it is a fault of the market.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from exconn.model import (
    BuyOrderCreatedEvent,
    MarketEvent,
    MarketOrderFailureEvent,
    OrderFilledEvent,
    SellOrderCreatedEvent,
)

TERMINAL = {
    MarketEvent.BuyOrderCompleted: "completed",
    MarketEvent.SellOrderCompleted: "completed",
    MarketEvent.OrderCancelled: "cancelled",
    MarketEvent.OrderExpired: "expired",
    MarketEvent.OrderFailure: "failed",
}
HEARD = (*TERMINAL, MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated, MarketEvent.OrderFilled)


class Publisher(Protocol):
    def add_listener(self, event_tag: MarketEvent, listener: Callable[[Any], Any]) -> None: ...


@dataclass(slots=True)
class OrderStory:
    """What was told of one order. `ending` is a value of TERMINAL, None while it lives."""

    client_id: str
    created: BuyOrderCreatedEvent | SellOrderCreatedEvent | None = None
    fills: list[OrderFilledEvent] = field(default_factory=list)
    ending: str | None = None
    final_event: Any = None

    @property
    def filled(self) -> Decimal:
        return sum((fill.amount for fill in self.fills), Decimal(0))

    @property
    def filled_quote(self) -> Decimal:
        return sum((fill.amount * fill.price for fill in self.fills), Decimal(0))

    @property
    def failure(self) -> MarketOrderFailureEvent | None:
        return self.final_event if isinstance(self.final_event, MarketOrderFailureEvent) else None


class Journal:
    """Listens to `market`; `tell(tag, event)` is called for each event after it was written down."""

    def __init__(self, market: Publisher, tell: Callable[[MarketEvent, Any], None]) -> None:
        self.orders: dict[str, OrderStory] = {}
        self.faults: list[str] = []
        self._tell = tell
        self._changed = asyncio.Event()
        self._listeners = [self._listener(tag) for tag in HEARD]  # the market holds its listeners weakly
        for tag, listener in zip(HEARD, self._listeners, strict=True):
            market.add_listener(tag, listener)

    def _listener(self, tag: MarketEvent) -> Callable[[Any], None]:
        def listen(event: Any) -> None:
            self._write(tag, event)
            self._tell(tag, event)
            self._changed.set()

        return listen

    def _write(self, tag: MarketEvent, event: Any) -> None:
        story = self.orders.setdefault(event.order_id, OrderStory(event.order_id))
        if tag is MarketEvent.OrderFilled:
            if any(fill.exchange_trade_id == event.exchange_trade_id for fill in story.fills):
                self.faults.append(f"order {event.order_id}: trade {event.exchange_trade_id} told twice")
            story.fills.append(event)
        elif tag in TERMINAL:
            if story.ending is not None:
                self.faults.append(f"order {event.order_id}: {TERMINAL[tag]} after {story.ending}")
            story.ending, story.final_event = TERMINAL[tag], event
        else:
            story.created = event

    async def until(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait until `holds()` is true after some event; False when `timeout` seconds pass first."""
        try:
            async with asyncio.timeout(timeout):
                while not holds():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return holds()
        return True

    async def ended(self, client_id: str, timeout: float) -> bool:
        return await self.until(lambda: self._ending(client_id) is not None, timeout)

    async def shown(self, client_id: str, timeout: float) -> bool:
        """Created on the exchange, or ended without."""
        return await self.until(lambda: self._created(client_id) or self._ending(client_id) is not None, timeout)

    def _ending(self, client_id: str) -> str | None:
        story = self.orders.get(client_id)
        return story.ending if story else None

    def _created(self, client_id: str) -> bool:
        story = self.orders.get(client_id)
        return story is not None and story.created is not None
