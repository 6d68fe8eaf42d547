"""The matching engine of the sandbox: pure, deterministic, exact.

No clock, no socket and no randomness of its own: time is an argument, ids are counters, a random source is given.
`Exchange` is the whole of it; `Life` makes it a living market. Every name a server needs is here.
"""

from .accounts import Balance
from .book import BookSnapshot
from .crowd import Temper, temper_for
from .events import (
    BalanceChanged,
    BookChanged,
    Cause,
    Change,
    Event,
    InstrumentChanged,
    OrderAccepted,
    OrderClosed,
    OrderRested,
    OrderUpdated,
    Trade,
)
from .exchange import Exchange
from .fees import FeeAsset, FeeSchedule, Rounding
from .instrument import Instrument, Status
from .journal import Listener
from .life import Life
from .order import Fill, Kind, Liquidity, NewOrder, Order, SelfTrade, Side, State, TimeInForce
from .outcomes import Cancelled, Placed, Reduced
from .policy import ClientIds, MarketFunds, MarketSell, Policy
from .reasons import Close, Reject, Rejected
from .settlement import HOUSE
from .tape import Minute, Ticker

__all__ = [
    "HOUSE",
    "Balance",
    "BalanceChanged",
    "BookChanged",
    "BookSnapshot",
    "Cancelled",
    "Cause",
    "Change",
    "ClientIds",
    "Close",
    "Event",
    "Exchange",
    "FeeAsset",
    "FeeSchedule",
    "Fill",
    "Instrument",
    "InstrumentChanged",
    "Kind",
    "Life",
    "Liquidity",
    "Listener",
    "MarketFunds",
    "MarketSell",
    "Minute",
    "NewOrder",
    "Order",
    "OrderAccepted",
    "OrderClosed",
    "OrderRested",
    "OrderUpdated",
    "Placed",
    "Policy",
    "Reduced",
    "Reject",
    "Rejected",
    "Rounding",
    "SelfTrade",
    "Side",
    "State",
    "Status",
    "Temper",
    "Ticker",
    "TimeInForce",
    "Trade",
    "temper_for",
]
