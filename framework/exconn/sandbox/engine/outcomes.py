"""What a request comes to, when it is not `reasons.Rejected`: the order after it, and the events of the operation."""

from msgspec import Struct

from .events import Event
from .order import Order
from .order_list import OrderList


class Placed(Struct, frozen=True):
    """An accepted order as it stands after matching; it may have ended already (`order.state`)."""

    order: Order
    events: tuple[Event, ...]


class PlacedList(Struct, frozen=True):
    """An accepted list, and its orders as they stand after matching."""

    list: OrderList
    orders: tuple[Order, ...]
    events: tuple[Event, ...]


class Cancelled(Struct, frozen=True):
    """A cancelled order."""

    order: Order
    events: tuple[Event, ...]


class Amended(Struct, frozen=True):
    """An order changed in place, as it stands then."""

    order: Order
    events: tuple[Event, ...]


class Edited(Struct, frozen=True):
    """An order that took the place of another, and that one as it ended."""

    order: Order
    before: Order
    events: tuple[Event, ...]


class Reduced(Struct, frozen=True):
    """An order made smaller."""

    order: Order
    events: tuple[Event, ...]
