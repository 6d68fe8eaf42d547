"""The shape of a request to trade: whether its pieces fit together, whatever the market and the rules are."""

from collections.abc import Iterator

from .amounts import is_sane
from .kinds import Kind, TimeInForce
from .order import NewOrder
from .trigger import Distance


def shape_error(new: NewOrder, now: int) -> str | None:
    """What does not fit, in a sentence; None when all does."""
    return next(_broken(new, now), None)


def _broken(new: NewOrder, now: int) -> Iterator[str]:
    if new.kind is Kind.LIMIT and (new.price is None) is not _follows(new):
        yield "a limit order needs a price"
    if new.kind is Kind.MARKET and new.price is not None:
        yield "a market order has no price"
    if (new.amount is None) == (new.quote_amount is None):
        yield "give either amount or quote_amount"
    if new.kind is Kind.LIMIT and new.quote_amount is not None:
        yield "only a market order may be sized in quote"
    if new.post_only and new.kind is Kind.MARKET:
        yield "only a limit order can be post-only"
    if new.post_only and not new.time_in_force.rests:
        yield "a post-only order must rest"
    if new.time_in_force is TimeInForce.GTD and new.expires is None:
        yield "a GTD order needs the time when it expires"
    if new.expires is not None and new.expires <= max(now, new.starts or 0):
        yield "it would expire before it begins"
    yield from _iceberg_shape(new)
    yield from _trigger_shape(new)


def _iceberg_shape(new: NewOrder) -> Iterator[str]:
    part = new.visible_amount
    if part is None:
        return
    if new.kind is Kind.MARKET or not new.time_in_force.rests:
        yield "only a limit order that rests can be an iceberg"
    if new.amount is not None and part > new.amount:
        yield "an iceberg shows no more than it is"


def _follows(new: NewOrder) -> bool:
    """True when its limit price comes from its trigger."""
    return new.trigger is not None and new.trigger.limit is not None


def _trigger_shape(new: NewOrder) -> Iterator[str]:
    trigger = new.trigger
    if trigger is None:
        return
    if trigger.price is None and trigger.trail is None:
        yield "a trigger needs a price or a trail"
    if new.quote_amount is not None:
        yield "an order with a trigger is sized in base"
    if trigger.limit is not None and new.kind is Kind.MARKET:
        yield "only a limit order has a limit beside its trigger"
    if trigger.trail is not None and not _is_distance(trigger.trail):
        yield "a trail is a distance above 0"


def _is_distance(trail: Distance) -> bool:
    return is_sane(trail.amount) and trail.amount > 0
