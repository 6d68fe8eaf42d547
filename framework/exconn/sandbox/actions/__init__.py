"""What the verbs of a dialect do, over HTTP and over websockets alike.

Rules:
- An action gets a `Call` (the desk, the key, the arguments, the moment) and gives the row of its record, or raises
  `Refused`. It knows neither wire nor exchange.
- Verbs and their arguments are declared in `dialect.verbs`; a test holds the two tables together.
"""

from collections.abc import Callable
from typing import Any

from .account import balances, fee_rates, fills, key_rights, limits, worth
from .archive import amendments, closed_orders, fill_history, fills_by_id, ledgers, ledgers_by_id, prevented_matches
from .batches import place_orders
from .call import Call
from .changing import amend_order, cancel_all_after, edit_order, replace_order
from .lists import all_lists, cancel_list, open_lists, order_list, place_list
from .market_data import (
    assets,
    book_orders,
    book_snapshot,
    grouped_book,
    nothing,
    past_tops,
    recent_trades,
    refuse,
    server_time,
    ticker,
    trading_rules,
)
from .statistics import aggregated_trades, average, candle_history, past_trades, tickers
from .tokens import end_token, extend_token, issue_token
from .trading import (
    all_orders,
    cancel_all,
    cancel_order,
    cancel_orders,
    check_order,
    lookup_order,
    open_orders,
    orders_by_id,
    place_order,
    reduce_order,
)

ACTIONS: dict[str, Callable[[Call], Any]] = {
    "nothing": nothing,
    "refuse": refuse,
    "server_time": server_time,
    "trading_rules": trading_rules,
    "book_snapshot": book_snapshot,
    "grouped_book": grouped_book,
    "book_orders": book_orders,
    "past_tops": past_tops,
    "recent_trades": recent_trades,
    "ticker": ticker,
    "tickers": tickers,
    "past_trades": past_trades,
    "aggregated_trades": aggregated_trades,
    "candles": candle_history,
    "average_price": average,
    "place_order": place_order,
    "check_order": check_order,
    "cancel_order": cancel_order,
    "cancel_all": cancel_all,
    "reduce_order": reduce_order,
    "amend_order": amend_order,
    "edit_order": edit_order,
    "replace_order": replace_order,
    "cancel_all_after": cancel_all_after,
    "place_orders": place_orders,
    "place_list": place_list,
    "cancel_list": cancel_list,
    "order_list": order_list,
    "open_lists": open_lists,
    "all_lists": all_lists,
    "order": lookup_order,
    "open_orders": open_orders,
    "all_orders": all_orders,
    "fills": fills,
    "balances": balances,
    "fee_rates": fee_rates,
    "key_rights": key_rights,
    "assets": assets,
    "cancel_orders": cancel_orders,
    "orders_by_id": orders_by_id,
    "closed_orders": closed_orders,
    "fill_history": fill_history,
    "fills_by_id": fills_by_id,
    "amendments": amendments,
    "prevented_matches": prevented_matches,
    "ledgers": ledgers,
    "ledgers_by_id": ledgers_by_id,
    "worth": worth,
    "limits": limits,
    "issue_token": issue_token,
    "extend_token": extend_token,
    "end_token": end_token,
}
"""Every action by the name of its verb."""

__all__ = ["ACTIONS", "Call"]
