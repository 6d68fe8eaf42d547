"""Every order that is known: open ones by account and instrument, and the clients' history.

Rules:
- A client's orders and fills are kept; a house account's order is forgotten the moment it closes.
- Reads are by index: account, instrument, client id. Nothing scans the history of others.
- A client id leads to the latest order that used it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .order import Fill, Order


@dataclass(slots=True)
class Shelf:
    """One account's orders: ids open by instrument, ids of all that are kept, ids by client id, and its fills."""

    house: bool
    open: dict[str, dict[int, None]] = field(default_factory=dict)
    kept: dict[int, None] = field(default_factory=dict)
    by_client_id: dict[str, int] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)


class Store:
    """Orders by id, and a shelf for each account."""

    __slots__ = ("_orders", "_shelves")

    def __init__(self) -> None:
        self._orders: dict[int, Order] = {}
        self._shelves: dict[str, Shelf] = {}

    def open_account(self, name: str, house: bool) -> None:
        self._shelves[name] = Shelf(house)

    def add(self, order: Order) -> None:
        """Remember a new order."""
        shelf = self._shelves[order.account]
        self._orders[order.id] = order
        shelf.kept[order.id] = None
        if order.client_id is not None:
            shelf.by_client_id[order.client_id] = order.id
        if order.is_open:
            shelf.open.setdefault(order.symbol, {})[order.id] = None

    def update(self, order: Order, fill: Fill | None = None) -> None:
        """Replace an order by its next version; a fill is kept with it."""
        shelf = self._shelves[order.account]
        self._orders[order.id] = order
        if fill is not None and not shelf.house:
            shelf.fills.append(fill)
        if not order.is_open:
            shelf.open.get(order.symbol, {}).pop(order.id, None)
            if shelf.house:
                self._forget(shelf, order)

    def rename(self, order: Order, before: str | None) -> None:
        """An order goes by another client id from now on."""
        ids = self._shelves[order.account].by_client_id
        if before is not None and ids.get(before) == order.id:
            del ids[before]
        if order.client_id is not None:
            ids[order.client_id] = order.id

    def get(self, account: str, order_id: int) -> Order | None:
        """An account's own order, or None."""
        order = self._orders.get(order_id)
        return order if order is not None and order.account == account else None

    def by_client_id(self, account: str, client_id: str) -> Order | None:
        """The latest order of that client id, or None."""
        order_id = self._shelves[account].by_client_id.get(client_id)
        return None if order_id is None else self._orders.get(order_id)

    def open_orders(self, account: str, symbol: str | None = None) -> list[Order]:
        """Open orders, oldest first."""
        shelves = self._shelves[account].open
        ids = shelves.get(symbol, {}) if symbol is not None else sorted(i for ids in shelves.values() for i in ids)
        return [self._orders[order_id] for order_id in ids]

    def all_orders(self, account: str) -> Iterator[Order]:
        """All kept orders, oldest first."""
        return (self._orders[order_id] for order_id in self._shelves[account].kept)

    def fills(self, account: str) -> list[Fill]:
        """All fills of a client, oldest first."""
        return self._shelves[account].fills

    def _forget(self, shelf: Shelf, order: Order) -> None:
        del self._orders[order.id]
        del shelf.kept[order.id]
        if order.client_id is not None and shelf.by_client_id.get(order.client_id) == order.id:
            del shelf.by_client_id[order.client_id]
