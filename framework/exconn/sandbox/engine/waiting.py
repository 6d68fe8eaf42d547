"""Orders that wait: what their time, the price and their end make of them.

Rules:
- A trade is heard by the triggers of its instrument once the order that took it is done; what they fire is worked in
  order of arrival, and the trades of that are heard next, until nothing fires any more.
- What has to happen at a time happens when the clock is told, in order of those times, and then of arrival.
- An order whose time has come is admitted as if it were new, with what it holds; one that is then refused closes.
- Where its instrument takes no such order now, it goes on waiting, until that takes it again.
"""

from collections.abc import Callable
from heapq import heappop, heappush

from msgspec.structs import replace

from .admission import admit
from .amending import request_of
from .kinds import Change, Stage
from .lists import Lists
from .order import NewOrder, Order
from .reasons import Close
from .rules import RETURNING, Application, vet
from .settlement import Settlement
from .store import Store
from .venue import Venue
from .watch import fires, limit_at

Apply = Callable[[str, NewOrder, int], Application]


class Waiting:
    """The times and the triggers of one exchange's orders. `apply` gives an order's application at a time."""

    __slots__ = ("_apply", "_late", "_lists", "_settlement", "_store", "_times", "_venue")

    def __init__(self, settlement: Settlement, store: Store, venue: Venue, lists: Lists, apply: Apply) -> None:
        self._settlement, self._store, self._venue, self._apply = settlement, store, venue, apply
        self._lists = lists
        self._times: list[tuple[int, int, str]] = []
        self._late: dict[int, Order] = {}

    @property
    def due(self) -> int | None:
        """The next time (ns) at which something may have to happen."""
        return self._times[0][0] if self._times else None

    def note(self, order: Order, now: int) -> Order:
        """Take notice of an order as it was accepted: its times, and a trigger that is reached already."""
        if not order.is_open:
            return order
        for at in (order.starts, order.expires):
            if at is not None and at > now:
                heappush(self._times, (at, order.id, order.account))
        self._fire_if_reached(order, now)
        return self._latest(order)

    def look_again(self, order: Order, now: int) -> Order:
        """Take notice of an order that was amended: its trigger may be reached already."""
        self._fire_if_reached(order, now)
        return self._latest(order)

    def _fire_if_reached(self, order: Order, now: int) -> None:
        last = self._venue[order.symbol].tape.last
        if order.stage is Stage.UNTRIGGERED and last is not None and fires(order, last):
            self._fire(order, now)
            self.hear(now)

    def hear(self, now: int) -> None:
        """Let the lists hear what happened, and the triggers every trade that they have not heard of."""
        prices = self._settlement.prices
        self._lists.react(self._start, now)
        while prices:
            symbol, price = prices.popleft()
            moved, due = self._venue[symbol].watch.hear(price, now)
            for order in moved:
                self._store.update(order)
            for order in due:
                self._fire(order, now)
                self._lists.react(self._start, now)

    def pass_time(self, now: int) -> None:
        """Do what has to happen until `now`."""
        while self._times and self._times[0][0] <= now:
            at, order_id, account = heappop(self._times)
            order = self._store.get(account, order_id)
            if order is None or not order.is_open:
                continue
            if order.expires == at:
                self._settlement.close(order, Close.TIME_OVER, now, rests=order.rests)
            elif order.stage is Stage.PENDING and order.starts == at:
                self._start(order, now)

    def resume(self, symbol: str, now: int) -> None:
        """An instrument's status has changed: begin, or fire, what its old one held up."""
        late, self._late = self._late, {}
        for order in late.values():
            self._late.update({} if order.symbol == symbol else {order.id: order})
        for order in late.values():
            latest = self._latest(order)
            if order.symbol == symbol and latest.is_open and latest.stage is Stage.PENDING:
                self._start(latest, now)
        for order in self._venue[symbol].watch.orders():
            self._fire_if_reached(self._latest(order), now)

    def _is_held_up(self, order: Order, now: int) -> bool:
        return vet(self._apply(order.account, request_of(order), now), RETURNING) is not None

    def _latest(self, order: Order) -> Order:
        return self._store.get(order.account, order.id) or order

    def _start(self, order: Order, now: int) -> None:
        if self._is_held_up(order, now):
            self._late[order.id] = order
            return
        stage = Stage.WORKING if order.trigger is None else Stage.UNTRIGGERED
        working = now if stage is Stage.WORKING else None
        self._rouse(replace(order, stage=stage, change=Change.START, working=working, updated=now), now)
        self.hear(now)
        self._fire_if_reached(self._latest(order), now)

    def _fire(self, order: Order, now: int) -> None:
        order = self._latest(order)
        if order.stage is not Stage.UNTRIGGERED or not order.is_open or self._is_held_up(order, now):
            return
        self._lists.make_way(order, now)
        level, tick = order.trigger_level, self._venue[order.symbol].instrument.tick
        priced = limit_at(order, level, tick) or order
        fired = replace(priced, stage=Stage.WORKING, change=Change.TRIGGER, triggered=now, working=now, updated=now)
        self._rouse(fired, now)

    def _rouse(self, order: Order, now: int) -> None:
        application = self._apply(order.account, request_of(order), now)
        outcome = admit(replace(application, shares=self._lists.shared(order)), order)
        self._settlement.rouse(order, outcome, now)
