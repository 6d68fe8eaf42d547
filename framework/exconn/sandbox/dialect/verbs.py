"""What a dialect may have done: the closed list of actions with their arguments, over HTTP and over websockets alike.

Rules:
- `gives` is the record that the answer's template stands over. `args` are all arguments, `needs` those it cannot do
  without. What the verbs do is in `exconn.sandbox.actions`; a connection does SOCKET_VERBS itself.
- `trades` says that a verb changes the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

TAGS = ("user_ref", "strategy", "strategy_type")
"""Numbers of the client's own that an order bears and shows."""
_PLACING = (
    "symbol",
    "side",
    "type",
    "amount",
    "quote_amount",
    "amount_in_quote",
    "price",
    "price_unit",
    "trigger_price",
    "trigger_unit",
    "trail_bips",
    "trail_offset",
    "visible_amount",
    "time_in_force",
    "starts",
    "expires",
    "post_only",
    "self_trade",
    "client_id",
    *TAGS,
)
_BORROWED = ("margin", "reduce_only")
"""What asks for a position: there are none."""
_ORDER = ("client_id", "exchange_order_id", "symbol", "closed_for")
_CHANGES = ("amount", "price", "price_unit", "trigger_price", "trigger_unit", "visible_amount", "post_only")
_EDITING = ("new_client_id", "first_price", "second_price", "user_ref", "validate")
_CLOSING = tuple(f"close_{name}" for name in ("type", "price", "price_unit", "trigger_price", "trigger_unit"))
_REPLACING = ("cancel_client_id", "cancel_order_id", "mode", "only_in")
_REFS = ("order_refs", "client_ids", "user_refs")
_LEGS = ("above", "below", "limit", "stop", "working", "pending", "pending_above", "pending_below")
LEG_FIELDS = tuple(name for name in _PLACING if name not in ("quote_amount", "amount_in_quote", "starts"))
"""What an order of a list may have."""
_LISTING = (
    *("kind", "symbol", "side", "amount", "self_trade", "list_client_id"),
    *(f"{leg}_{field}" for leg in _LEGS for field in LEG_FIELDS if field != "symbol"),
)
_LIST = ("list_id", "list_client_id", "symbol")
_PAGE = ("since", "until", "offset", "limit")
_SPAN = ("since", "until", "limit")
_NEW = ("symbol", "side", "type")


@dataclass(frozen=True, slots=True)
class Verb:
    """One action, as a dialect sees it."""

    name: str
    gives: str
    args: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    trades: bool = False


_VERBS = (
    Verb("nothing", "nothing"),
    Verb("refuse", "nothing", ("meaning",), ("meaning",)),
    Verb("server_time", "time"),
    Verb("trading_rules", "rules", ("symbol", "symbols", "status", "groups")),
    Verb("assets", "assets", ("assets",)),
    Verb("book_snapshot", "book", ("symbol", "depth", "status"), ("symbol",)),
    Verb("grouped_book", "book", ("symbol", "depth", "grouping"), ("symbol", "grouping")),
    Verb("book_orders", "book_orders", ("symbol", "depth"), ("symbol",)),
    Verb("recent_trades", "trades", ("symbol", "limit", "since", "until")),
    Verb("ticker", "ticker", ("symbol",), ("symbol",)),
    Verb("past_tops", "tops", ("symbol", "since", "limit"), ("symbol",)),
    Verb("tickers", "tickers", ("symbol", "symbols", "status", "window", "zone")),
    Verb("past_trades", "trades", ("symbol", "from_number", "limit"), ("symbol",)),
    Verb("aggregated_trades", "aggregated_trades", ("symbol", "from_number", *_SPAN), ("symbol",)),
    Verb("candles", "candles", ("symbol", "interval", "zone", *_SPAN, "latest"), ("symbol", "interval")),
    Verb("average_price", "average_price", ("symbol", "minutes"), ("symbol",)),
    Verb("place_order", "order", (*_PLACING, *_BORROWED, *_CLOSING, "validate"), _NEW, trades=True),
    Verb("check_order", "order", (*_PLACING, *_BORROWED), _NEW, trades=True),
    Verb("cancel_order", "order", (*_ORDER, "only_in"), trades=True),
    Verb("cancel_all", "orders", ("symbol", "refuses_none"), trades=True),
    Verb("reduce_order", "order", (*_ORDER, "amount", "new_client_id"), ("amount",), trades=True),
    Verb("amend_order", "order", (*_ORDER, *_CHANGES, "new_client_id"), trades=True),
    Verb("edit_order", "replacement", (*_ORDER, *_CHANGES, *_EDITING), trades=True),
    Verb("replace_order", "replacement", (*_PLACING, *_REPLACING), _NEW, trades=True),
    Verb("place_orders", "results", ("orders", "symbol", "validate", "checked_first"), ("orders",), trades=True),
    Verb("place_list", "order_list", _LISTING, ("kind", "symbol"), trades=True),
    Verb("cancel_list", "order_list", _LIST, trades=True),
    Verb("order_list", "order_list", _LIST),
    Verb("open_lists", "order_lists", ("symbol",)),
    Verb("all_lists", "order_lists", ("symbol", "since", "until", "from_id", "limit")),
    Verb("cancel_all_after", "timer", ("seconds", "milliseconds"), trades=True),
    Verb("order", "order", _ORDER),
    Verb("cancel_orders", "orders", (*_REFS, "client_id", "user_ref"), trades=True),
    Verb("orders_by_id", "orders", ("order_refs", "client_id", "user_ref")),
    Verb("open_orders", "orders", ("symbol", "client_id", "user_ref")),
    Verb("closed_orders", "orders", ("client_id", "user_ref", "which_time", *_PAGE)),
    Verb("fill_history", "reports", (*_PAGE, "ledgers")),
    Verb("fills_by_id", "reports", ("trade_ids",), ("trade_ids",)),
    Verb("amendments", "amendments", (*_ORDER, "from_change", "limit")),
    Verb("prevented_matches", "prevented_matches", ("symbol", "exchange_order_id", "number", "from_number", "limit")),
    Verb("ledgers", "ledgers", ("assets", "cause", *_PAGE)),
    Verb("ledgers_by_id", "ledgers", ("ledger_ids",), ("ledger_ids",)),
    Verb("worth", "worth", ("asset",), ("asset",)),
    Verb("all_orders", "orders", ("symbol", "from_order", *_SPAN, "closed_for")),
    Verb("fills", "fills", ("symbol", "exchange_order_id", "from_number", *_SPAN, "cursor", "reach", "latest")),
    Verb("balances", "balances"),
    Verb("fee_rates", "fee_rates", ("symbol",)),
    Verb("key_rights", "key_rights"),
    Verb("limits", "limits", ("of",)),
    Verb("issue_token", "token", ("lasts", "length", "kept")),
    Verb("extend_token", "token", ("token", "lasts"), ("token",)),
    Verb("end_token", "token", ("token",), ("token",)),
)
VERBS: dict[str, Verb] = {verb.name: verb for verb in _VERBS}
"""What endpoints may do, and messages too."""

LOGIN, LOGOUT, SESSION = "login", "logout", "session"
SUBSCRIBE, UNSUBSCRIBE, SUBSCRIPTIONS, WRAP = "subscribe", "unsubscribe", "subscriptions", "wrap"
SOCKET_VERBS: dict[str, Verb] = {
    LOGIN: Verb(LOGIN, "session"),
    LOGOUT: Verb(LOGOUT, "session"),
    SESSION: Verb(SESSION, "session"),
    SUBSCRIBE: Verb(SUBSCRIBE, "session", ("topics",), ("topics",)),
    UNSUBSCRIBE: Verb(UNSUBSCRIBE, "session", ("topics", "subscription")),
    SUBSCRIPTIONS: Verb(SUBSCRIPTIONS, "session"),
    WRAP: Verb(WRAP, "session", ("wrapped",), ("wrapped",)),
}
"""What only a connection does."""
