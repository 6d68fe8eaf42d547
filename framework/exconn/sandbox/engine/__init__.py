"""The matching engine of the sandbox: pure, deterministic, exact.

No clock, no socket and no randomness of its own: time is an argument, ids are counters, a random source is given.
`Exchange` is the whole of it; `Life` makes it a living market. Every name a server needs is here.
"""

from .accounts import Balance
from .amending import Amendment
from .book import BookSnapshot
from .clearing import HOUSE
from .crowd import Temper, temper_for
from .events import (
    BalanceChanged,
    BookChanged,
    CancelTimer,
    Cause,
    Event,
    InstrumentChanged,
    ListChanged,
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
from .kinds import Change, Kind, Liquidity, SelfTrade, Side, Stage, State, TimeInForce
from .life import Life
from .minute import Minute
from .order import Fill, NewOrder, Order
from .order_list import ListKind, NewList, OrderList
from .outcomes import Amended, Cancelled, Edited, Placed, PlacedList, Reduced
from .policy import ClientIds, ImmediateTriggers, MarketFunds, MarketSell, Policy
from .prevention import Prevention
from .reasons import Close, Reject, Rejected
from .tape import Ticker
from .trigger import Aim, Distance, Trigger

__all__ = [
    "HOUSE",
    "Aim",
    "Amended",
    "Amendment",
    "Balance",
    "BalanceChanged",
    "BookChanged",
    "BookSnapshot",
    "CancelTimer",
    "Cancelled",
    "Cause",
    "Change",
    "ClientIds",
    "Close",
    "Distance",
    "Edited",
    "Event",
    "Exchange",
    "FeeAsset",
    "FeeSchedule",
    "Fill",
    "ImmediateTriggers",
    "Instrument",
    "InstrumentChanged",
    "Kind",
    "Life",
    "Liquidity",
    "ListChanged",
    "ListKind",
    "Listener",
    "MarketFunds",
    "MarketSell",
    "Minute",
    "NewList",
    "NewOrder",
    "Order",
    "OrderAccepted",
    "OrderClosed",
    "OrderList",
    "OrderRested",
    "OrderUpdated",
    "Placed",
    "PlacedList",
    "Policy",
    "Prevention",
    "Reduced",
    "Reject",
    "Rejected",
    "Rounding",
    "SelfTrade",
    "Side",
    "Stage",
    "State",
    "Status",
    "Temper",
    "Ticker",
    "TimeInForce",
    "Trade",
    "Trigger",
    "temper_for",
]
