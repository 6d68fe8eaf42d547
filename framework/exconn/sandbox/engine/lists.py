"""The order lists of one exchange, and what becomes of the other orders of a list when one changes.

Rules:
- OCO is a pair: when one of them fills, even in part, or fires, the other ends. OTO is a working order and one that
  begins once that is filled whole; OTOCO is a working order and such a pair.
- A cancelled order takes its whole list with it; one that ends otherwise before it filled ends those that wait for it.
- A pair holds its funds once: a limit order holds all it needs, one that waits for a price what it needs beyond that.
- A list is done when all its orders are closed.
- What ends with what happened has ended before anything begins by it: an order that begins may trade, and fire others.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from msgspec.structs import replace

from .amounts import ZERO
from .events import Event, ListChanged, OrderClosed, OrderUpdated
from .journal import Journal
from .kinds import Stage, State
from .order import Order
from .order_list import OrderList
from .reasons import Close
from .settlement import Settlement
from .store import Store

Begin = Callable[[Order, int], None]


class Lists:
    """Lists by id. `react` is called before an operation ends, as often as something may have changed."""

    __slots__ = ("_heard", "_journal", "_lists", "_settlement", "_store")

    def __init__(self, settlement: Settlement, store: Store, journal: Journal) -> None:
        self._settlement, self._store, self._journal = settlement, store, journal
        self._lists: dict[int, OrderList] = {}
        self._heard = 0, 0

    def add(self, added: OrderList, now: int) -> None:
        """Remember a new list; its orders are known by their `list_id`."""
        self._lists[added.id] = added
        self._journal.emit(ListChanged(added, now))

    def get(self, list_id: int | None) -> OrderList | None:
        """A list, or None."""
        return None if list_id is None else self._lists.get(list_id)

    def of(self, account: str) -> list[OrderList]:
        """An account's lists, oldest first."""
        return [each for each in self._lists.values() if each.account == account]

    def react(self, begin: Begin, now: int) -> None:
        """Hear what happened since the last call, and do what follows; `begin` begins an order that waited."""
        while self._lists and (events := self._unheard()):
            for event in events:
                if isinstance(event, OrderUpdated | OrderClosed) and event.order.list_id is not None:
                    self._follow(event, now)
            for event in events:
                if isinstance(event, OrderClosed) and event.order.state is State.FILLED:
                    self._begin_after(event.order, begin, now)

    def make_way(self, order: Order, now: int) -> None:
        """Before an order of a pair fires: the other one ends, and gives its funds back."""
        listed = self.get(order.list_id)
        if listed is not None and order.id in listed.pair:
            self._close((each for each in listed.pair if each != order.id), listed, Close.CONTINGENT, now)

    def shared(self, order: Order) -> Decimal:
        """What the other order of a pair holds already of what an order that waits for a price needs."""
        listed = self.get(order.list_id)
        if listed is None or order.id not in listed.pair or order.stage is Stage.WORKING:
            return ZERO
        others = (self._store.get(listed.account, each) for each in listed.pair if each != order.id)
        return sum((other.held for other in others if other and other.held_asset == order.held_asset), ZERO)

    def _unheard(self) -> tuple[Event, ...]:
        serial, index = self._heard
        pending = self._journal.pending
        events = tuple(pending[index if serial == self._journal.serial else 0 :])
        self._heard = self._journal.serial, len(pending)
        return events

    def _follow(self, event: OrderUpdated | OrderClosed, now: int) -> None:
        """End what ends with what happened to an order."""
        order = event.order
        listed = self._lists[order.list_id or 0]
        others = [each for each in listed.orders if each != order.id]
        if order.reason is Close.CONTINGENT:
            pass  # it follows from another, which has been heard
        elif order.state is State.CANCELLED:
            self._close(others, listed, order.reason or Close.REQUESTED, now)
        elif order.id in listed.pair and (order.fills or not order.is_open):
            self._close((each for each in others if each in listed.pair), listed, Close.CONTINGENT, now)
        elif order.id == listed.working and not order.is_open and order.state is not State.FILLED:
            self._close(listed.waiting, listed, Close.CONTINGENT, now)
        self._judge(listed, now)

    def _begin_after(self, order: Order, begin: Begin, now: int) -> None:
        """Begin what waited for an order that is filled, the limit order of a pair first: the other one holds only what
        it needs beyond that."""
        listed = self.get(order.list_id)
        if listed is None or order.id != listed.working:
            return
        waiting = [each for number in listed.waiting if (each := self._store.get(listed.account, number)) is not None]
        for each in sorted(waiting, key=lambda each: each.trigger is not None):
            latest = self._store.get(each.account, each.id)
            if latest is not None and latest.is_open and latest.stage is Stage.PENDING:
                begin(latest, now)

    def _judge(self, listed: OrderList, now: int) -> None:
        """Say that a list is done, once."""
        orders = [self._store.get(listed.account, each) for each in listed.orders]
        if not self._lists[listed.id].is_done and not any(order and order.is_open for order in orders):
            done = self._lists[listed.id] = replace(listed, is_done=True, updated=now)
            self._journal.emit(ListChanged(done, now))

    def _close(self, ids: Iterable[int], listed: OrderList, reason: Close, now: int) -> None:
        for each in ids:
            order = self._store.get(listed.account, each)
            if order is not None and order.is_open:
                self._settlement.close(order, reason, now, rests=order.rests)
