"""The tracker: routes what the exchange says to the order it is about, and keeps, tells and forgets orders.

Rules: a report finds its order by client id, else by the exchange's id; a report that nobody claims is parked while
some order's exchange id is still unknown, and replayed when an id is learnt. State and events are committed to the
store before an event is delivered, once for all that one frame says of an order; events leave in order even when a
listener causes more. Closed orders are remembered for 24 h, packed after a while, so that a late fill still counts.
Every step is O(1) in the number of orders.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from exconn.errors import UsageError
from exconn.market.given import id_of
from exconn.market.tracking.agreement import contradiction
from exconn.market.tracking.apply import apply, follow
from exconn.market.tracking.ending import needs_fills
from exconn.market.tracking.exchange_ids import ExchangeIds
from exconn.market.tracking.facts import Fact, Tick, Unresolved
from exconn.market.tracking.order import FIRST_OF_THE_CLOSED, Phase, TrackedOrder
from exconn.market.tracking.resting import pack, unpack
from exconn.market.tracking.store import MarketEventTuple, Store
from exconn.model import FillReport, MarketEvent, OrderReport

Emit: TypeAlias = Callable[[MarketEvent, Any], None]
Changed: TypeAlias = Callable[[TrackedOrder], None]

RETAINED_SECONDS = 86_400.0
RESTS_AFTER = 300.0
_PARKED_AT_MOST = 1_000
_log = logging.getLogger(__name__)


def _ignore(order: TrackedOrder) -> None:
    """Nobody wants to know."""


class Tracker:
    """All orders of one market. `emit(tag, event)` delivers; `changed(order)` is told each new state first."""

    def __init__(
        self, store: Store, emit: Emit, changed: Changed = _ignore, retained: float = RETAINED_SECONDS
    ) -> None:
        self._store = store
        self._emit = emit
        self._changed = changed
        self._retained = retained
        self._open: dict[str, TrackedOrder] = {}
        self._closed: dict[str, TrackedOrder] = {}
        self._ending: dict[str, None] = {}
        self._nameless: dict[str, None] = {}
        self._incomplete: dict[str, None] = {}
        self._resting: dict[str, bytes] = {}
        self._forgets_at = 0.0  # no resting order is old enough before; 0: not known
        self._exchange_ids = ExchangeIds()
        self._parked: deque[OrderReport | FillReport] = deque(maxlen=_PARKED_AT_MOST)
        self._unkept: dict[str, tuple[TrackedOrder, tuple[MarketEventTuple, ...]]] = {}
        self._outbox: deque[MarketEventTuple] = deque()
        self._delivering = False

    @property
    def open(self) -> dict[str, TrackedOrder]:
        """Orders without a terminal event, by client id, oldest first. To be read only."""
        return self._open

    @property
    def incomplete(self) -> list[TrackedOrder]:
        """Closed orders of which the exchange counts fills that have not been seen."""
        found = [self.find(client_id) for client_id in self._incomplete]
        return [order for order in found if order is not None]

    def find(self, client_id: str) -> TrackedOrder | None:
        """The order, open or closed within the last 24 h."""
        order = self._open.get(client_id) or self._closed.get(client_id)
        if order is None and (packed := self._resting.get(client_id)) is not None:
            return unpack(packed)
        return order

    def find_report(self, report: OrderReport | FillReport) -> TrackedOrder | None:
        """The order that a report is about, by client id, else by exchange id and pair."""
        order = self.find(report.client_id) if report.client_id is not None else None
        if order is None and report.exchange_order_id is not None:
            named = [self.find(name) for name in self._exchange_ids.of(report.exchange_order_id)]
            fitting = [each for each in named if each is not None and report.pair in (None, each.pair)]
            order = fitting[0] if len(fitting) == 1 else None
        return order

    def start(self, order: TrackedOrder) -> None:
        """Keep a new order, before anything is sent. UsageError if its client id is known already."""
        self.check_new(order.client_id)
        self._store.record_intent(order)
        self._put(order)
        self._changed(order)

    def check_new(self, client_id: str) -> None:
        """UsageError if an order has this client id already, or it is none."""
        if self.find(id_of(client_id)) is not None:
            raise UsageError(f"client id {client_id} is taken; every order needs one of its own")

    def restore(self, orders: Iterable[TrackedOrder]) -> None:
        """Take up orders of an earlier life. A submit that was under way is unresolved now. Orders known here stay."""
        for order in orders:
            if self.find(order.client_id) is None:
                if order.phase is Phase.INTENT:
                    order, _ = apply(order, Unresolved("stopped while the order was being sent"), 0.0)
                self._store.record_intent(order)
                self._put(order)
                _note(self._incomplete, order.client_id, order.incomplete and needs_fills(order))
                self._changed(order)

    def stop(self, client_id: str) -> None:
        """Forget an order at once, without an event: nothing that comes later counts any more."""
        order = self.find(client_id)
        if order is not None:
            self._drop(order)

    def tell(self, client_id: str, fact: Fact, now: float) -> TrackedOrder | None:
        """Apply a fact to an order; gives its new state, None for an order that is not known."""
        order = self.find(client_id)
        if order is None:
            return None
        order = self._advance(order, fact, now)
        self._settle()
        return order

    def report(self, report: OrderReport | FillReport, now: float) -> TrackedOrder | None:
        """Apply what a reply, a stream or a history says; None when it is about no order of ours, or not yet known to
        be.
        """
        order = self._report(report, now)
        self._settle()
        return order

    def take(self, reports: Iterable[OrderReport | FillReport], now: float) -> None:
        """Apply what one frame says, in its order, and keep and tell it as one step an order."""
        try:
            for report in reports:
                self._report(report, now)
        finally:
            self._settle()

    def tick(self, now: float) -> None:
        """Let time pass: ends held too long are told, orders closed for 24 h are forgotten."""
        for client_id in list(self._ending):
            self.tell(client_id, Tick(), now)
        rests_after = min(RESTS_AFTER, self._retained)
        while self._closed and _closed_for(oldest := next(iter(self._closed.values())), now) >= rests_after:
            self._rest(oldest)
        while self._resting and now >= self._forgets_at:
            oldest = unpack(next(iter(self._resting.values())))
            if _closed_for(oldest, now) < self._retained:
                self._forgets_at = (now if oldest.closed_at is None else oldest.closed_at) + self._retained
                break
            self._drop(oldest)

    def _report(self, report: OrderReport | FillReport, now: float) -> TrackedOrder | None:
        order = self.find_report(report)
        if order is None:
            self._park(report)
            return None
        return self._advance(order, report, now)

    def _advance(self, order: TrackedOrder, fact: Fact, now: float) -> TrackedOrder:
        why = contradiction(order, fact)
        if why is not None:
            _log.warning("order %s: a report was refused: %s", order.client_id, why)
            return order
        after, events = follow(order, fact, now)
        if after is order:
            return order
        is_closed = order.phase >= FIRST_OF_THE_CLOSED
        if is_closed:
            _alarm(order, after)
        client_id = after.client_id
        named = order.exchange_order_id != after.exchange_order_id
        if named or order.phase is not after.phase:
            self._put(after)
        else:
            (self._closed if is_closed else self._open)[client_id] = after
        unkept = self._unkept.get(client_id)
        self._unkept[client_id] = after, events if unkept is None else unkept[1] + events
        return self._replay(after, now) if named else after

    def _put(self, order: TrackedOrder) -> None:
        client_id = order.client_id
        home, other = (self._closed, self._open) if order.is_closed else (self._open, self._closed)
        other.pop(client_id, None)
        home[client_id] = order
        _note(self._ending, client_id, order.phase is Phase.ENDING)
        _note(self._nameless, client_id, order.exchange_order_id is None and not order.is_closed)
        if order.exchange_order_id is not None:
            self._exchange_ids.note(order.exchange_order_id, client_id)

    def _rest(self, order: TrackedOrder) -> None:
        """Keep a closed order packed; one that was packed already keeps its place."""
        del self._closed[order.client_id]
        self._resting[order.client_id] = packed = pack(order)
        self._store.rest(order.client_id, packed)

    def _drop(self, order: TrackedOrder) -> None:
        self._forgets_at = 0.0
        homes: tuple[dict[str, Any], ...] = (self._open, self._closed, self._resting, self._ending, self._nameless)
        for home in (*homes, self._incomplete):
            home.pop(order.client_id, None)
        if order.exchange_order_id is not None:
            self._exchange_ids.forget(order.exchange_order_id, order.client_id)
        self._store.discard(order.client_id)

    def _park(self, report: OrderReport | FillReport) -> None:
        if report.exchange_order_id is not None and self._nameless:
            self._parked.append(report)

    def _replay(self, order: TrackedOrder, now: float) -> TrackedOrder:
        parked, self._parked = self._parked, deque(maxlen=_PARKED_AT_MOST)
        for report in parked:
            if (found := self.find_report(report)) is not None and found.client_id == order.client_id:
                order = self._advance(order, report, now)
            else:
                self._park(report)
        return order

    def _settle(self) -> None:
        """Keep the orders that have changed, then deliver what is to be told of them."""
        while self._unkept:
            order, events = self._unkept.pop(next(iter(self._unkept)))
            self._store.commit(order, events)
            if order.incomplete:
                _note(self._incomplete, order.client_id, needs_fills(order))
            if order.client_id in self._resting:
                self._rest(order)
            self._outbox.extend(events)
            self._changed(order)
        if self._outbox and not self._delivering:
            self._deliver()

    def _deliver(self) -> None:
        self._delivering = True
        try:
            while self._outbox:
                tag, event = self._outbox.popleft()
                self._emit(tag, event)
        finally:
            self._delivering = False


def _closed_for(order: TrackedOrder, now: float) -> float:
    return 0.0 if order.closed_at is None else now - order.closed_at


def _alarm(order: TrackedOrder, after: TrackedOrder) -> None:
    """Something was learnt of a closed order."""
    if len(after.fills) > len(order.fills):
        _log.warning("order %s: a fill came after its end and is counted", order.client_id)
    elif order.phase is Phase.FAILED and order.exchange_order_id is None and after.exchange_order_id is not None:
        _log.error("order %s failed here, but the exchange shows it as %s", order.client_id, after.exchange_order_id)


def _note(names: dict[str, None], name: str, belongs: bool) -> None:
    if belongs:
        names[name] = None
    else:
        names.pop(name, None)
