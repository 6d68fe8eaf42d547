"""Keeps what markets tell, in a database: orders, their statuses, their fills, and the states to go on from.

Rules: it listens and never steers; nothing of it is imported by `exconn.market` itself, because SQLAlchemy is.
"""

from exconn.market.recorder.connection import SQLConnectionManager
from exconn.market.recorder.recorder import MarketsRecorder
from exconn.market.recorder.rows import OrderRow, OrderStatusRow, TradeFillRow

__all__ = ["MarketsRecorder", "OrderRow", "OrderStatusRow", "SQLConnectionManager", "TradeFillRow"]
