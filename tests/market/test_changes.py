"""Waiting for an order to change: who is told, and what is left when nobody waits."""

import asyncio
from decimal import Decimal

from exconn.market.changes import Changes
from exconn.market.tracking import MemoryStore, TrackedOrder, Tracker
from exconn.model import OrderType, TradeType


async def test_nothing_is_kept_for_who_was_cancelled_while_waiting() -> None:
    changes, tracker = Changes(), Tracker(MemoryStore(), lambda tag, event: None)
    order = TrackedOrder(
        client_id="mine",
        pair="A-B",
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=Decimal(1),
        amount=Decimal(1),
    )
    tracker.start(order)
    waiting = asyncio.create_task(changes.until(tracker, "mine", lambda order: order.is_closed, 60))
    await asyncio.sleep(0)
    assert list(changes._waiting) == ["mine"]
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert changes._waiting == {}
