"""Where orders are kept: the port, and the store in memory.

Rules: an intent is recorded before the first byte of its request is written, so that a crash cannot leave an order on
the exchange that nobody remembers; a state and the events that it caused are committed together and before they are
delivered. All calls are synchronous: when they return, it is kept.
"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from exconn.market.tracking.order import TrackedOrder
from exconn.market.tracking.resting import unpack
from exconn.model import MarketEvent

MarketEventTuple: TypeAlias = tuple[MarketEvent, Any]
"""(tag, event): the tag of `exconn.model.MarketEvent` and the named tuple that goes with it."""


class Store(Protocol):
    def record_intent(self, order: TrackedOrder) -> None:
        """Keep a new order. If this raises, the order must not be sent."""

    def commit(self, order: TrackedOrder, events: Sequence[MarketEventTuple]) -> None:
        """Keep an order's new state and the events to deliver, both or neither."""

    def rest(self, client_id: str, packed: bytes) -> None:
        """A closed order will hardly change any more: `packed` is all of it (`resting.unpack`), in little room."""

    def discard(self, client_id: str) -> None:
        """A closed order is no longer needed."""

    def load(self) -> list[TrackedOrder]:
        """All orders kept, in the order in which they were recorded."""


class MemoryStore:
    """Keeps orders for the life of the process."""

    def __init__(self) -> None:
        self._orders: dict[str, TrackedOrder | bytes] = {}

    def record_intent(self, order: TrackedOrder) -> None:
        self._orders[order.client_id] = order

    def commit(self, order: TrackedOrder, events: Sequence[MarketEventTuple]) -> None:
        self._orders[order.client_id] = order

    def rest(self, client_id: str, packed: bytes) -> None:
        self._orders[client_id] = packed

    def discard(self, client_id: str) -> None:
        self._orders.pop(client_id, None)

    def load(self) -> list[TrackedOrder]:
        return [unpack(order) if isinstance(order, bytes) else order for order in self._orders.values()]
