"""The closed records of values that templates may show: which names, of which kind, and where the value comes from.

Rules:
- A record stands for one thing of the engine (an order, a fill, a level of a book) or for one answer of an action.
- Names are those of the spec language.
"""

from __future__ import annotations

from .records_account import ACCOUNT_RECORDS
from .records_market import MARKET_RECORDS
from .records_trading import TRADING_RECORDS
from .values import Record

RECORDS: dict[str, Record] = {
    **TRADING_RECORDS,
    **MARKET_RECORDS,
    **ACCOUNT_RECORDS,
    "nothing": {},
    "time": {},
}
