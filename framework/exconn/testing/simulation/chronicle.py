"""The chronicle of a run: what was asked of a market, what it knew and what it told, order by order, with the moments.

Rules: it is the market's `Store`, so it sees every state of every order, and listens to every event as a trader does;
nothing is asked of the market and nothing is judged here. Moments are virtual seconds. `Life.lines` is an order's whole
history as text, oldest first, for whoever has to understand what went wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from exconn.market import Market
from exconn.market.tracking import MarketEventTuple, MemoryStore, TrackedOrder
from exconn.model import MarketEvent, OrderFilledEvent, OrderType, TradeType

ENDS = {
    MarketEvent.BuyOrderCompleted: "completed",
    MarketEvent.SellOrderCompleted: "completed",
    MarketEvent.OrderCancelled: "cancelled",
    MarketEvent.OrderExpired: "expired",
    MarketEvent.OrderFailure: "failed",
}
CREATED = (MarketEvent.BuyOrderCreated, MarketEvent.SellOrderCreated)
Listener = Callable[["Life"], None]


@dataclass(slots=True)
class Life:
    """One order. `is_asked`: whether the trader asked for it; `order` is its newest state, None before it was recorded;
    `before` the one before that; `told` its events, oldest first."""

    client_id: str
    is_asked: bool = False
    order: TrackedOrder | None = None
    before: TrackedOrder | None = None
    told: list[tuple[MarketEvent, Any]] = field(default_factory=list)
    cancel_asked: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def fills(self) -> list[OrderFilledEvent]:
        return [event for tag, event in self.told if tag is MarketEvent.OrderFilled]

    @property
    def end(self) -> tuple[str, Any] | None:
        """The first terminal event: its word and itself."""
        return next(((ENDS[tag], event) for tag, event in self.told if tag in ENDS), None)


class Chronicle:
    """`orders`: client id -> its life, in the order in which they were asked for. `told` and `kept` are called after
    each event and each new state."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.orders: dict[str, Life] = {}
        self.told: list[Listener] = []
        self.kept: list[Listener] = []
        self._now = now
        self._store = MemoryStore()
        self._listeners: list[Callable[[Any], None]] = []

    def listen(self, market: Market) -> None:
        """Hear everything that the market tells."""
        for tag in (*ENDS, *CREATED, MarketEvent.OrderFilled):
            listener = self._listener(tag)
            self._listeners.append(listener)  # the market holds its listeners weakly
            market.add_listener(tag, listener)

    def asked(
        self, client_id: str, side: TradeType, pair: str, kind: OrderType, amount: Decimal, price: Decimal
    ) -> None:
        """An order was asked for; an event that is told at once may have been first."""
        life = self.life(client_id)
        life.is_asked = True
        self._write(life, f"asked: {side.name} {amount:f} {pair} {kind.name} at {price}")

    def cancel_asked(self, client_id: str) -> None:
        life = self.life(client_id)
        life.cancel_asked = True
        self._write(life, "asked to cancel")

    def life(self, client_id: str) -> Life:
        return self.orders.setdefault(client_id, Life(client_id))

    def record_intent(self, order: TrackedOrder) -> None:
        self._store.record_intent(order)
        self._keep(order)

    def commit(self, order: TrackedOrder, events: Sequence[MarketEventTuple]) -> None:
        self._store.commit(order, events)
        self._keep(order)

    def rest(self, client_id: str, packed: bytes) -> None:
        self._store.rest(client_id, packed)

    def discard(self, client_id: str) -> None:
        self._store.discard(client_id)

    def load(self) -> list[TrackedOrder]:
        return self._store.load()

    def _keep(self, order: TrackedOrder) -> None:
        life = self.life(order.client_id)
        life.before, life.order = life.order, order
        if life.before is None or (life.before.phase, life.before.executed_base) != (order.phase, order.executed_base):
            known = order.exchange_order_id or "no id"
            self._write(life, f"known: {order.phase.name}, {known}, executed {order.executed_base:f}")
        for listener in self.kept:
            listener(life)

    def _listener(self, tag: MarketEvent) -> Callable[[Any], None]:
        def listen(event: Any) -> None:
            life = self.life(event.order_id)
            life.told.append((tag, event))
            self._write(life, f"told: {event!r}")
            for listener in self.told:
                listener(life)

        return listen

    def _write(self, life: Life, text: str) -> None:
        life.lines.append(f"{self._now():10.3f}  {text}")
