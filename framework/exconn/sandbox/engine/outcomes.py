"""What a request comes to, when it is not `reasons.Rejected`: the order after it, and the events of the operation."""

from dataclasses import dataclass

from .events import Event
from .order import Order
from .order_list import OrderList


@dataclass(frozen=True, slots=True)
class Placed:
    """An accepted order as it stands after matching; it may have ended already (`order.state`)."""

    order: Order
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class PlacedList:
    """An accepted list, and its orders as they stand after matching."""

    list: OrderList
    orders: tuple[Order, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancelled order."""

    order: Order
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """An order changed in place, as it stands then."""

    order: Order
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Edited:
    """An order that took the place of another, and that one as it ended."""

    order: Order
    before: Order
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Reduced:
    """An order made smaller."""

    order: Order
    events: tuple[Event, ...]
