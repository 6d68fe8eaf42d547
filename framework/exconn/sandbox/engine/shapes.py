"""The shape of a request to trade: whether its pieces fit together, whatever the market and the rules are."""

from .amounts import is_sane
from .kinds import Kind, TimeInForce
from .order import NewOrder
from .trigger import Distance


def shape_error(new: NewOrder, now: int) -> str | None:
    """What does not fit, in a sentence; None when all does."""
    broken = {
        "a limit order needs a price": new.kind is Kind.LIMIT and (new.price is None) is not _follows(new),
        "a market order has no price": new.kind is Kind.MARKET and new.price is not None,
        "give either amount or quote_amount": (new.amount is None) == (new.quote_amount is None),
        "only a market order may be sized in quote": new.kind is Kind.LIMIT and new.quote_amount is not None,
        "only a limit order can be post-only": new.post_only and new.kind is Kind.MARKET,
        "a post-only order must rest": new.post_only and not new.time_in_force.rests,
        "a GTD order needs the time when it expires": new.time_in_force is TimeInForce.GTD and new.expires is None,
        "it would expire before it begins": new.expires is not None and new.expires <= max(now, new.starts or 0),
    }
    broken.update(_iceberg_shape(new))
    broken.update(_trigger_shape(new))
    return next((detail for detail, is_broken in broken.items() if is_broken), None)


def _iceberg_shape(new: NewOrder) -> dict[str, bool]:
    part = new.visible_amount
    if part is None:
        return {}
    return {
        "only a limit order that rests can be an iceberg": new.kind is Kind.MARKET or not new.time_in_force.rests,
        "an iceberg shows no more than it is": new.amount is not None and part > new.amount,
    }


def _follows(new: NewOrder) -> bool:
    """True when its limit price comes from its trigger."""
    return new.trigger is not None and new.trigger.limit is not None


def _trigger_shape(new: NewOrder) -> dict[str, bool]:
    trigger = new.trigger
    if trigger is None:
        return {}
    return {
        "a trigger needs a price or a trail": trigger.price is None and trigger.trail is None,
        "an order with a trigger is sized in base": new.quote_amount is not None,
        "only a limit order has a limit beside its trigger": trigger.limit is not None and new.kind is Kind.MARKET,
        "a trail is a distance above 0": trigger.trail is not None and not _is_distance(trigger.trail),
    }


def _is_distance(trail: Distance) -> bool:
    return is_sane(trail.amount) and trail.amount > 0
