"""The market: an exchange, seen through its codec, as a trader's program uses it. See `Market`."""

from exconn.market.auth import Auth
from exconn.market.balance_sheet import LockFormula
from exconn.market.clock import Clock, ClockMode, TimeIterator
from exconn.market.in_flight_order import InFlightOrder
from exconn.market.market import Market
from exconn.market.order_book import EmptySide, OrderBook, OrderBookQueryResult, OrderBookRow
from exconn.market.order_book_tracker import BookNotLive, OrderBookTracker
from exconn.market.pubsub import PubSub
from exconn.market.quantize import PriceRounding
from exconn.market.settings import MarketSettings
from exconn.market.surroundings import Surroundings, system
from exconn.market.tracking import MemoryStore, Store
from exconn.market.user_stream_tracker import UserStreamTracker

__all__ = [
    "Auth",
    "BookNotLive",
    "Clock",
    "ClockMode",
    "EmptySide",
    "InFlightOrder",
    "LockFormula",
    "Market",
    "MarketSettings",
    "MemoryStore",
    "OrderBook",
    "OrderBookQueryResult",
    "OrderBookRow",
    "OrderBookTracker",
    "PriceRounding",
    "PubSub",
    "Store",
    "Surroundings",
    "TimeIterator",
    "UserStreamTracker",
    "system",
]
