"""How one exchange differs from another in what the engine leaves open: the parameters, in one place.

Rules:
- Every field has a default that most exchanges share; a dialect sets the rest.
- Nothing here changes after the exchange is built.
"""

from enum import StrEnum

from msgspec import Struct

from .kinds import SelfTrade
from .reasons import MAY_CLOSE, Reject


class ClientIds(StrEnum):
    """How long a client id stays taken, per account."""

    FOREVER = "forever"
    WHILE_OPEN = "while_open"
    REUSABLE = "reusable"


class MarketSell(StrEnum):
    """What a market sell by amount must have, and holds while it is matched: what will trade, or its whole size."""

    MATCHED = "matched"
    WHOLE = "whole"


class MarketFunds(StrEnum):
    """What a market order does when the account cannot pay for all of it.

    EXACT walks the book and refuses unless the whole walk can be paid; PARTIAL fills as far as the funds reach and
    closes the rest.
    """

    EXACT = "exact"
    PARTIAL = "partial"


class ImmediateTriggers(StrEnum):
    """What comes of a trigger that the last price has reached already: it fires at once, or the order is refused."""

    FIRE = "fire"
    REFUSE = "refuse"


class Policy(Struct, frozen=True):
    """The rules of one exchange.

    With `market_sell` WHOLE, `market_funds` is a matter of buying only. `cancels_while_halted` says whether an order
    of a halted instrument can be cancelled. `closes` names the reasons (of `reasons.MAY_CLOSE`) for which an order is
    accepted and closed at once rather than refused. Raises ValueError for any other reason.
    """

    client_ids: ClientIds = ClientIds.WHILE_OPEN
    market_funds: MarketFunds = MarketFunds.EXACT
    self_trade: SelfTrade = SelfTrade.CANCEL_NEWEST
    closes: frozenset[Reject] = frozenset()
    market_sell: MarketSell = MarketSell.MATCHED
    cancels_while_halted: bool = False
    immediate_triggers: ImmediateTriggers = ImmediateTriggers.FIRE
    trades_kept: int = 1000
    events_kept: int = 10_000

    def __post_init__(self) -> None:
        wrong = sorted(self.closes - MAY_CLOSE.keys())
        if wrong:
            raise ValueError(f"policy: closes has {', '.join(wrong)}; allowed are {', '.join(MAY_CLOSE)}")
