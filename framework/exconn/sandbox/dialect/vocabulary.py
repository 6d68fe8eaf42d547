"""Our words in a dialect: what words tables map, and the words that values of the engine take.

Rules:
- A table's name says whose words it maps: `side`, `state`, and so on; a further table for the same words names them
  by `of`.
- `ending` is one word for how an order stands: its state while it is open, the reason once it is closed.
- `type` is our order type: LIMIT, LIMIT_MAKER (post-only) and MARKET.
"""

from exconn.sandbox.engine import Close, Kind, Liquidity, Order, Side, State, Status, TimeInForce

DELISTED = "delisted"

WORDS: dict[str, tuple[str, ...]] = {
    "side": tuple(map(str, Side)),
    "type": ("LIMIT", "LIMIT_MAKER", "MARKET"),
    "time_in_force": tuple(map(str, TimeInForce)),
    "state": tuple(map(str, State)),
    "ending": (str(State.OPEN), str(State.PARTIALLY_FILLED), *map(str, Close)),
    "reason": tuple(map(str, Close)),
    "liquidity": tuple(map(str, Liquidity)),
    "status": (*map(str, Status), DELISTED),
    "flag": ("true", "false"),
}


def type_of(order: Order) -> str:
    """Our word for an order's type."""
    if order.kind is Kind.MARKET:
        return "MARKET"
    return "LIMIT_MAKER" if order.post_only else "LIMIT"


def ending_of(order: Order) -> str:
    """Our word for how an order stands: its state while open, why it closed afterwards."""
    return str(order.state if order.is_open or order.reason is None else order.reason)
