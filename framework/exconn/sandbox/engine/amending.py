"""Amending: an open order as its owner wants it from now on. Pure functions; `trading` carries them out.

Rules:
- An order amended in place keeps its id, its fills and its time; what an amendment leaves out stays.
- It keeps its priority while only its size falls, or it shows less; otherwise it comes to the book as if it were new.
- A size that is filled already ends it, at that size.
- An edited order is another one: what is left of the old one, with the changes, under a new id.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from .kinds import Change
from .order import NewOrder, Order

T = TypeVar("T")


class Amendment(Struct, frozen=True):
    """What is to be different. `amount` is the whole new size, what is filled included; `post_only` holds for the new
    price alone: True refuses one that would trade at once. `tags` are those of an edited order, None for the old ones.
    """

    amount: Decimal | None = None
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    visible_amount: Decimal | None = None
    client_id: str | None = None
    post_only: bool = False
    tags: Mapping[str, str] | None = None


def amended(order: Order, amendment: Amendment, now: int) -> Order:
    """The order as it would be."""
    trigger = order.trigger
    if trigger is not None and amendment.trigger_price is not None:
        trigger = replace(trigger, price=amendment.trigger_price)
    return replace(
        order,
        amount=_or(amendment.amount, order.amount),
        price=_or(amendment.price, order.price),
        visible_amount=_or(amendment.visible_amount, order.visible_amount),
        client_id=_or(amendment.client_id, order.client_id),
        trigger=trigger,
        change=Change.AMEND,
        updated=now,
    )


def keeps_priority(before: Order, after: Order) -> bool:
    """Whether an amended order may stay where it is in the book."""
    if after.price != before.price or after.amount > before.amount:
        return False
    return before.visible_amount is None or (after.visible_amount or 0) <= before.visible_amount


def shape_error(order: Order, amendment: Amendment) -> str | None:
    """What an order of this kind does not have, and so cannot be amended in; None when nothing is wrong."""
    broken = {
        "only a limit order has a price to amend": amendment.price is not None and order.price is None,
        "the price of this order follows its trigger": amendment.price is not None
        and order.trigger is not None
        and order.trigger.limit is not None,
        "only an order that waits has a trigger to amend": amendment.trigger_price is not None and not order.waits,
        "only an iceberg has a visible part to amend": amendment.visible_amount is not None
        and order.visible_amount is None,
        "an order sized in quote cannot be amended in size": amendment.amount is not None and order.by_quote,
    }
    return next((detail for detail, is_broken in broken.items() if is_broken), None)


def request_of(order: Order) -> NewOrder:
    """What would ask for an order as it is."""
    return NewOrder(
        symbol=order.symbol,
        side=order.side,
        kind=order.kind,
        amount=None if order.by_quote else order.amount,
        price=None if order.trigger is not None and order.trigger.limit is not None else order.price,
        quote_amount=order.quote_amount,
        time_in_force=order.time_in_force,
        post_only=order.post_only,
        client_id=order.client_id,
        self_trade=order.self_trade,
        tags=order.tags,
        trigger=order.trigger,
        starts=order.starts,
        expires=order.expires,
        visible_amount=order.visible_amount,
    )


def edited(order: Order, amendment: Amendment, now: int) -> NewOrder:
    """What asks for the order that takes its place: what is left of it, with the changes."""
    after = amended(order, amendment, now)
    part = after.visible_amount
    left = after.remaining
    return replace(
        request_of(after),
        amount=None if order.by_quote else left,
        client_id=amendment.client_id,
        post_only=after.post_only or amendment.post_only,
        visible_amount=None if part is None else min(part, left),
        starts=order.starts if order.starts is not None and order.starts > now else None,
        trigger=after.trigger if order.waits else None,
        tags=_or(amendment.tags, order.tags),
    )


def _or(new: T | None, old: T) -> T:
    return old if new is None else new
