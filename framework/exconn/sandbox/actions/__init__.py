"""What the verbs of a dialect do, over HTTP and over websockets alike.

Rules:
- An action gets a `Call` (the desk, the key, the arguments, the moment) and gives the row of its record, or raises
  `Refused`. It knows neither wire nor exchange.
- Verbs and their arguments are declared in `dialect.verbs`; a test holds the two tables together.
"""

from collections.abc import Callable
from typing import Any

from .account import balances, fee_rates, fills, key_rights, limits
from .call import Call
from .market_data import book_snapshot, nothing, recent_trades, server_time, ticker, trading_rules
from .tokens import end_token, extend_token, issue_token
from .trading import (
    all_orders,
    cancel_all,
    cancel_order,
    check_order,
    lookup_order,
    open_orders,
    place_order,
    reduce_order,
)

ACTIONS: dict[str, Callable[[Call], Any]] = {
    "nothing": nothing,
    "server_time": server_time,
    "trading_rules": trading_rules,
    "book_snapshot": book_snapshot,
    "recent_trades": recent_trades,
    "ticker": ticker,
    "place_order": place_order,
    "check_order": check_order,
    "cancel_order": cancel_order,
    "cancel_all": cancel_all,
    "reduce_order": reduce_order,
    "order": lookup_order,
    "open_orders": open_orders,
    "all_orders": all_orders,
    "fills": fills,
    "balances": balances,
    "fee_rates": fee_rates,
    "key_rights": key_rights,
    "limits": limits,
    "issue_token": issue_token,
    "extend_token": extend_token,
    "end_token": end_token,
}
"""Every action by the name of its verb."""

__all__ = ["ACTIONS", "Call"]
