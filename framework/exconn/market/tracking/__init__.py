"""Tracking orders: facts in, states and events out."""

from exconn.market.tracking.agreement import contradiction
from exconn.market.tracking.apply import apply
from exconn.market.tracking.ending import HELD_SECONDS, needs_fills
from exconn.market.tracking.facts import (
    Accepted,
    CancelFailed,
    CancelRequested,
    Fact,
    FillsRead,
    NotFound,
    Refused,
    Submitted,
    Tick,
    Unresolved,
    refusal,
)
from exconn.market.tracking.fills import Fill, Fills
from exconn.market.tracking.order import Phase, TrackedOrder
from exconn.market.tracking.saved import made_ns, order_from_json, order_to_json
from exconn.market.tracking.store import MarketEventTuple, MemoryStore, Store
from exconn.market.tracking.tracker import RETAINED_SECONDS, Tracker

__all__ = [
    "HELD_SECONDS",
    "RETAINED_SECONDS",
    "Accepted",
    "CancelFailed",
    "CancelRequested",
    "Fact",
    "Fill",
    "Fills",
    "FillsRead",
    "MarketEventTuple",
    "MemoryStore",
    "NotFound",
    "Phase",
    "Refused",
    "Store",
    "Submitted",
    "Tick",
    "TrackedOrder",
    "Tracker",
    "Unresolved",
    "apply",
    "contradiction",
    "made_ns",
    "needs_fills",
    "order_from_json",
    "order_to_json",
    "refusal",
]
