"""Our words in a dialect: what words tables map, and the words that values of the engine take.

Rules:
- A table's name says whose words it maps: `side`, `state`, and so on; a further table for the same words names them
  by `of`.
- `ending` is one word for how an order stands: its state while it is open, the reason once it is closed.
- `step` is what a report tells: that an order was accepted, what changed it, or why it closed.
- `type` is our order type: LIMIT, LIMIT_MAKER (post-only), MARKET, the icebergs of LIMIT and LIMIT_MAKER, and
  those that wait for a price. A trailing order is
  a TRAILING_STOP when it guards against a loss, and a TAKE_PROFIT as any other.
- A table may leave out `FURTHER` words: an exchange without such orders has no word for them, and one that does not
  tell them apart writes the word in whose stead they stand.
"""

from exconn.sandbox.engine import (
    Aim,
    Cause,
    Change,
    Close,
    Kind,
    Liquidity,
    ListKind,
    Order,
    SelfTrade,
    Side,
    Stage,
    State,
    Status,
    TimeInForce,
)

DELISTED = "delisted"
PENDING, UNTRIGGERED = str(Stage.PENDING), str(Stage.UNTRIGGERED)

TRIGGERED: dict[str, tuple[Kind, Aim, bool]] = {
    "STOP_LOSS": (Kind.MARKET, Aim.STOP_LOSS, False),
    "STOP_LOSS_LIMIT": (Kind.LIMIT, Aim.STOP_LOSS, False),
    "TAKE_PROFIT": (Kind.MARKET, Aim.TAKE_PROFIT, False),
    "TAKE_PROFIT_LIMIT": (Kind.LIMIT, Aim.TAKE_PROFIT, False),
    "TRAILING_STOP": (Kind.MARKET, Aim.STOP_LOSS, True),
    "TRAILING_STOP_LIMIT": (Kind.LIMIT, Aim.STOP_LOSS, True),
}
"""The types that wait for a price: what they become, what they guard, and whether they trail."""

ICEBERGS = ("ICEBERG", "ICEBERG_MAKER")
"""Limit orders, and makers, of which the book shows a part at a time."""

WORDS: dict[str, tuple[str, ...]] = {
    "side": tuple(map(str, Side)),
    "type": ("LIMIT", "LIMIT_MAKER", "MARKET", *ICEBERGS, *TRIGGERED),
    "time_in_force": tuple(map(str, TimeInForce)),
    "state": tuple(map(str, State)),
    "ending": (PENDING, UNTRIGGERED, str(State.OPEN), str(State.PARTIALLY_FILLED), *map(str, Close)),
    "list_kind": tuple(map(str, ListKind)),
    "list_state": ("executing", "done"),
    "result": ("success", "failure", "not_attempted"),
    "mode": ("stop_on_failure", "allow_failure"),
    "price_unit": ("static", "quote", "percent"),
    "stage": tuple(map(str, Stage)),
    "change": tuple(map(str, Change)),
    "self_trade": tuple(map(str, SelfTrade)),
    "reason": tuple(map(str, Close)),
    "step": tuple(dict.fromkeys(("accepted", *map(str, Change), *map(str, Close)))),
    "liquidity": tuple(map(str, Liquidity)),
    "status": (*map(str, Status), DELISTED),
    "cause": tuple(map(str, Cause)),
    "book_event": ("add", "modify", "delete"),
    "flag": ("true", "false"),
}


FURTHER: dict[str, dict[str, tuple[str, ...]]] = {
    "type": {
        "LIMIT_MAKER": ("LIMIT",),
        "ICEBERG": ("LIMIT",),
        "ICEBERG_MAKER": ("LIMIT_MAKER", "ICEBERG", "LIMIT"),
        **dict.fromkeys(TRIGGERED, ()),
        "TRAILING_STOP": ("STOP_LOSS",),
        "TRAILING_STOP_LIMIT": ("STOP_LOSS_LIMIT",),
    },
    "time_in_force": {str(TimeInForce.GTD): ()},
    "ending": {PENDING: (str(State.OPEN),), UNTRIGGERED: (str(State.OPEN),)},
}
"""Words that a table may leave out, each with those in whose stead it stands: the first that the table has."""


def type_of(order: Order) -> str:
    """Our word for an order's type."""
    if order.trigger is not None:
        guards = order.kind, order.trigger.aim
        trails = order.trigger.trail is not None and order.trigger.aim is Aim.STOP_LOSS
        return next(word for word, (*of, trail) in TRIGGERED.items() if tuple(of) == guards and trail is trails)
    if order.kind is Kind.MARKET:
        return "MARKET"
    if order.visible_amount is not None:
        return "ICEBERG_MAKER" if order.post_only else "ICEBERG"
    return "LIMIT_MAKER" if order.post_only else "LIMIT"


def ending_of(order: Order) -> str:
    """Our word for how an order stands: its stage while it waits, its state while open, why it closed afterwards."""
    if order.is_open and order.stage is not Stage.WORKING:
        return str(order.stage)
    return str(order.state if order.is_open or order.reason is None else order.reason)
