"""A replica of the accounts that lags behind: orders, fills and balances as they were some seconds ago.

Rules:
- What was before each change is kept for `KEPT` seconds, account by account; a past state is the present with the
  changes since then undone. Nothing is approximate, and nothing older is kept.
- Ages are measured on a clock that is never wrong, whatever the exchange's own clock does meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from exconn.sandbox.actions.call import Records
from exconn.sandbox.engine import (
    Balance,
    BalanceChanged,
    BookSnapshot,
    Event,
    Exchange,
    Fill,
    Order,
    OrderAccepted,
    OrderClosed,
    OrderUpdated,
)
from exconn.sandbox.limits import SECOND

KEPT = 120
_OF_ORDERS = (OrderAccepted, OrderUpdated, OrderClosed)


class Undo(NamedTuple):
    """What was before one change: of an order (by id; None: there was none), a balance (by asset), or a fill."""

    at: int
    key: int | str
    before: Order | Balance | None
    fills: int


@dataclass(slots=True)
class Recent:
    """One account: its open orders and balances now, and what undoes its latest changes, oldest first."""

    orders: dict[int, Order] = field(default_factory=dict)
    balances: dict[str, Balance] = field(default_factory=dict)
    undos: deque[Undo] = field(default_factory=deque)


class Replica:
    """Listens to an exchange, and remembers."""

    __slots__ = ("_accounts", "_exchange", "_true_ns")

    def __init__(self, exchange: Exchange, true_ns: Callable[[], int]) -> None:
        self._exchange, self._true_ns = exchange, true_ns
        self._accounts = {name: Recent(balances=exchange.balances(name)) for name in exchange.accounts()}
        exchange.subscribe(self._hear, OrderAccepted, OrderUpdated, OrderClosed, BalanceChanged)

    def behind(self, seconds: float) -> Records:
        """The records as they were."""
        return PastRecords(self._exchange, self._accounts, self._true_ns() - round(seconds * SECOND))

    def _hear(self, events: tuple[Event, ...]) -> None:
        now = self._true_ns()
        for event in events:
            if isinstance(event, _OF_ORDERS):
                recent = self._accounts.get(event.order.account)
                if recent is not None:
                    self._note_order(recent, event, now)
            elif isinstance(event, BalanceChanged):
                recent = self._accounts.get(event.account)
                if recent is not None:
                    self._note(recent, Undo(now, event.asset, recent.balances.get(event.asset), 0))
                    recent.balances[event.asset] = Balance(event.total, event.held)

    def _note_order(self, recent: Recent, event: OrderAccepted | OrderUpdated | OrderClosed, now: int) -> None:
        order = event.order
        fills = int(not isinstance(event, OrderAccepted) and event.fill is not None)
        self._note(recent, Undo(now, order.id, recent.orders.get(order.id), fills))
        if order.is_open:
            recent.orders[order.id] = order
        else:
            recent.orders.pop(order.id, None)

    def _note(self, recent: Recent, undo: Undo) -> None:
        recent.undos.append(undo)
        while recent.undos[0].at < undo.at - KEPT * SECOND:
            recent.undos.popleft()


class PastRecords:
    """The records of every account as they were right after a moment; books are current."""

    __slots__ = ("_accounts", "_at", "_exchange")

    def __init__(self, exchange: Exchange, accounts: Mapping[str, Recent], at: int) -> None:
        self._exchange, self._accounts, self._at = exchange, accounts, at

    def order(self, account: str, order_id: int) -> Order | None:
        return self._undone(account, self._exchange.order(account, order_id), self._undos(account))

    def order_by_client_id(self, account: str, client_id: str) -> Order | None:
        return next((each for each in reversed(self.orders(account)) if each.client_id == client_id), None)

    def orders(self, account: str, symbol: str | None = None, *, open_only: bool = False) -> Sequence[Order]:
        undos = self._undos(account)
        then = [self._undone(account, order, undos) for order in self._exchange.orders(account, symbol)]
        return [order for order in then if order is not None and (order.is_open or not open_only)]

    def fills(self, account: str, symbol: str | None = None) -> Sequence[Fill]:
        since = sum(undo.fills for undo in self._accounts[account].undos if undo.at > self._at)
        fills = self._exchange.fills(account)
        return [fill for fill in fills[: len(fills) - since] if symbol in (None, fill.symbol)]

    def balances(self, account: str) -> Mapping[str, Balance]:
        then: dict[str, Balance] = {}
        undos = self._undos(account)
        for asset, balance in self._exchange.balances(account).items():
            before = undos.get(asset, balance)
            if isinstance(before, Balance):
                then[asset] = before
        return then

    def book(self, symbol: str, depth: int | None = None) -> BookSnapshot:
        return self._exchange.book(symbol, depth)

    def _undos(self, account: str) -> dict[int | str, Order | Balance | None]:
        """What was before the first change of each order and balance since the moment."""
        found: dict[int | str, Order | Balance | None] = {}
        for undo in self._accounts[account].undos:
            if undo.at > self._at:
                found.setdefault(undo.key, undo.before)
        return found

    def _undone(
        self, account: str, order: Order | None, undos: Mapping[int | str, Order | Balance | None]
    ) -> Order | None:
        before = order if order is None else undos.get(order.id, order)
        return before if isinstance(before, Order) else None
