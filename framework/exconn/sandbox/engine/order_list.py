"""An order list as it is asked for, and as it stands. Immutable, as orders are."""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from .order import NewOrder


class ListKind(StrEnum):
    """One cancels the other; one triggers the other; one triggers a pair of which one cancels the other."""

    OCO = "oco"
    OTO = "oto"
    OTOCO = "otoco"


LEGS: dict[ListKind, int] = {ListKind.OCO: 2, ListKind.OTO: 2, ListKind.OTOCO: 3}
"""How many orders a list has: the working one first, of a pair the one at the higher price."""


class NewList(Struct, frozen=True):
    """A request for a list of orders, in the order of `LEGS`."""

    kind: ListKind
    orders: tuple[NewOrder, ...]
    client_id: str | None = None

    @property
    def pair(self) -> tuple[NewOrder, ...]:
        """The orders of which one cancels the other."""
        return {ListKind.OCO: self.orders, ListKind.OTOCO: self.orders[1:]}.get(self.kind, ())


class OrderList(Struct, frozen=True):
    """An accepted list; `orders` are ids, in the order of `LEGS`."""

    id: int
    client_id: str | None
    account: str
    symbol: str
    kind: ListKind
    orders: tuple[int, ...]
    created: int
    updated: int
    is_done: bool = False

    @property
    def working(self) -> int | None:
        """The order that the others wait for."""
        return None if self.kind is ListKind.OCO else self.orders[0]

    @property
    def waiting(self) -> tuple[int, ...]:
        """The orders that wait for another."""
        return () if self.kind is ListKind.OCO else self.orders[1:]

    @property
    def pair(self) -> tuple[int, ...]:
        """The orders of which one cancels the other."""
        return {ListKind.OCO: self.orders, ListKind.OTOCO: self.orders[1:]}.get(self.kind, ())


def list_error(new: NewList) -> str | None:
    """What does not fit together, in a sentence; None when all does."""
    orders, pair = new.orders, new.pair
    if len(orders) != LEGS[new.kind]:
        return f"a list of kind {new.kind} has {LEGS[new.kind]} orders"
    broken = {
        "the orders of a list have one symbol": len({order.symbol for order in orders}) > 1,
        "the orders of a list are sized in base": any(order.amount is None for order in orders),
        "the orders of a pair have one side and one size": len({(each.side, each.amount) for each in pair}) > 1,
        "an order of a list begins when the list says": any(order.starts is not None for order in orders),
        "of a pair, at most one order does not wait for a price": sum(each.trigger is None for each in pair) > 1,
    }
    return next((detail for detail, is_broken in broken.items() if is_broken), None)


def prices_fit(new: NewList, last: Decimal | None) -> bool:
    """Whether the higher order of a pair is above the lower one, and, where both begin now, the last price between."""
    levels = [_level(order) for order in new.pair]
    if not levels or None in levels:
        return True
    above, below = (level for level in levels if level is not None)
    if last is None or new.kind is not ListKind.OCO:
        return above > below
    return above > last > below


def _level(order: NewOrder) -> Decimal | None:
    """The price at which an order comes into play; None for a trail that begins at once."""
    return order.price if order.trigger is None else order.trigger.price
