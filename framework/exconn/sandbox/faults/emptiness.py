"""An answer of rows without its rows: what a service gives that has lost its data for a moment.

Rules: only reads, and only those that answer with rows of their own, are emptied; a page that is empty is the last one;
a book is not a list, and an order that has no fills would be another order.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exconn.sandbox.dialect.endpoints import Endpoint

_ROWS = {"rules": "rules", "orders": "orders", "trades": "trades", "fills": "fills", "balances": "balances"}
"""Record of an answer -> its attribute with the rows."""


def without_rows(endpoint: Endpoint, row: Any) -> Any:
    """The answer without its rows; None where it has none that could be missing."""
    name = _ROWS.get(endpoint.verb.gives)
    if name is None or endpoint.verb.trades:
        return None
    return replace(row, **{name: (), **({"next": None} if hasattr(row, "next") else {})})
