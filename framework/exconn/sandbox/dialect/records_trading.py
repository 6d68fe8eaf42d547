"""The records of what an account trades: orders, fills, lists, and what came of its requests.

Rules:
- A report is an order with what changed it; its names are the order's, those of a fill after `fill_`, and those of a
  prevented match after `prevention_`.
- An amendment is an order as it was after one, beside what it was before.
- A refusal stands where several answers are given at once, each done or refused by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from exconn.sandbox.engine import Liquidity, Side
from exconn.sandbox.made import made_text

from . import order_values
from .values import PAIR, Kind, Record, Value, amounts, attribute, plain, prices, through, words
from .vocabulary import ending_of, type_of


def _before(name: str) -> Callable[[Any], Any]:
    """A value of the order as it was before an amendment; None where there is none."""
    return lambda row: None if row.before is None else getattr(row.before, name)


_PREVENTION: dict[str, Value] = {
    **PAIR,
    **plain(Kind.INTEGER, "number"),
    **attribute(Kind.ID, "taker_order_id", "taker_id", "order"),
    **attribute(Kind.ID, "maker_order_id", "maker_id", "order"),
    **words("self_trade"),
    **prices("price"),
    **amounts("amount", "taker_lost", "maker_lost"),
    **attribute(Kind.MONEY, "quote_amount", "quote"),
    **plain(Kind.TIME, "time"),
}
_ORDER: dict[str, Value] = {
    **PAIR,
    **attribute(Kind.ID, "exchange_order_id", "id", "order"),
    **plain(Kind.ID, "client_id"),
    **words("side", "state", "reason", "time_in_force", "stage", "change", "self_trade"),
    "type": Value(Kind.WORD, type_of, "type"),
    "ending": Value(Kind.WORD, ending_of, "ending"),
    **prices("price", "trigger_price", "trigger_level", "peak"),
    "average_price": Value(Kind.MONEY, order_values.average_price, "price"),
    **amounts("amount", "filled"),
    "prevented": Value(Kind.MONEY, order_values.prevented, "amount"),
    "prevented_match": Value(Kind.INTEGER, order_values.prevented_match),
    "preventions": Value(Kind.ROWS, attrgetter("preventions"), "prevention"),
    "prevention_count": Value(Kind.INTEGER, lambda row: len(row.preventions)),
    **plain(Kind.MONEY, "quote_amount", "filled_quote", "held"),
    "remaining": Value(Kind.MONEY, order_values.remaining, "amount"),
    "original_amount": Value(Kind.MONEY, order_values.original_amount, "amount"),
    "fee": Value(Kind.MONEY, order_values.fee),
    "user_ref": Value(Kind.INTEGER, order_values.user_ref),
    "close_type": Value(Kind.WORD, order_values.close_type, "type"),
    "close_price": Value(Kind.MONEY, order_values.close_money("close_price"), "price"),
    "close_trigger_price": Value(Kind.MONEY, order_values.close_money("close_trigger_price"), "price"),
    "strategy": Value(Kind.INTEGER, order_values.tag("strategy")),
    "strategy_type": Value(Kind.INTEGER, order_values.tag("strategy_type")),
    **plain(Kind.TIME, "created", "updated", "starts", "expires"),
    **attribute(Kind.TIME, "time", "updated"),
    **attribute(Kind.TIME, "working_since", "working"),
    **attribute(Kind.TIME, "triggered_at", "triggered"),
    **attribute(Kind.TIME, "trailing_since", "tracking"),
    **plain(Kind.MONEY, "visible_amount", "shown"),
    **plain(Kind.ID, "list_id"),
    "trail_bips": Value(Kind.INTEGER, order_values.trail_bips),
    "trail_percent": Value(Kind.MONEY, order_values.trail_percent),
    "trail_offset": Value(Kind.MONEY, order_values.trail_offset),
    "is_working": Value(Kind.FLAG, order_values.is_working),
    "triggered": Value(Kind.FLAG, order_values.is_triggered),
    "placed": Value(Kind.FLAG, order_values.is_placed),
    "post_only": Value(Kind.FLAG, attrgetter("post_only")),
    "amount_in_quote": Value(Kind.FLAG, attrgetter("by_quote")),
    "is_open": Value(Kind.FLAG, attrgetter("is_open")),
    "fills": Value(Kind.ROWS, attrgetter("fills"), "fill"),
    "change_id": Value(Kind.ID, attrgetter("updated"), "trade"),
    "cancel_id": Value(Kind.ID, lambda row: made_text(22, "cancel", row.id, row.updated)),
}
_FILL: dict[str, Value] = {
    **PAIR,
    **attribute(Kind.ID, "trade_id", "trade_id", "trade"),
    **plain(Kind.ID, "client_id"),
    **attribute(Kind.ID, "exchange_order_id", "order_id", "order"),
    **plain(Kind.INTEGER, "number"),
    **words("side", "liquidity"),
    **prices("price"),
    **amounts("amount"),
    **plain(Kind.MONEY, "fee"),
    **attribute(Kind.MONEY, "quote_amount", "quote"),
    **plain(Kind.ASSET, "fee_asset"),
    "is_maker": Value(Kind.FLAG, lambda row: row.liquidity is Liquidity.MAKER),
    "is_buyer": Value(Kind.FLAG, lambda row: row.side is Side.BUY),
    **plain(Kind.TIME, "time"),
}
TRADING_RECORDS: dict[str, Record] = {
    "order": _ORDER,
    "fill": _FILL,
    "report": {
        **through("order", _ORDER),
        **{f"fill_{name}": value for name, value in through("fill", _FILL).items()},
        **{f"prevention_{name}": value for name, value in through("prevention", _PREVENTION).items()},
        **amounts("last_prevented"),
        **attribute(Kind.ID, "counter_order_id", "counter_order_id", "order"),
        **words("step"),
        "ledgers": Value(Kind.ROWS, attrgetter("ledgers"), "ledger"),
        **plain(Kind.TIME, "time"),
    },
    "prevention": _PREVENTION,
    "prevented_matches": {"matches": Value(Kind.ROWS, attrgetter("matches"), "prevention")},
    "reports": {"reports": Value(Kind.ROWS, attrgetter("reports"), "report"), **plain(Kind.INTEGER, "count")},
    "fills": {
        "fills": Value(Kind.ROWS, attrgetter("fills"), "fill"),
        "next": Value(Kind.TEXT, attrgetter("next")),
    },
    "amendment": {
        **through("order", _ORDER),
        "before_amount": Value(Kind.MONEY, _before("amount"), "amount"),
        "before_client_id": Value(Kind.ID, _before("client_id")),
        "is_original": Value(Kind.FLAG, lambda row: row.before is None),
    },
    "amendments": {
        "amendments": Value(Kind.ROWS, attrgetter("amendments"), "amendment"),
        **plain(Kind.INTEGER, "count"),
    },
    "orders": {"orders": Value(Kind.ROWS, attrgetter("orders"), "order"), **plain(Kind.INTEGER, "count")},
    "result": {
        "order": Value(Kind.ROWS, attrgetter("order"), "order"),
        "refusal": Value(Kind.ROWS, attrgetter("refusal"), "refusal"),
        **plain(Kind.FLAG, "is_done"),
    },
    "results": {"results": Value(Kind.ROWS, attrgetter("results"), "result"), **plain(Kind.INTEGER, "done", "failed")},
    "replacement": {
        **{name: Value(Kind.ROWS, attrgetter(name), "order") for name in ("cancelled", "placed")},
        **{name: Value(Kind.ROWS, attrgetter(name), "refusal") for name in ("cancel_refusal", "place_refusal")},
        **{name: Value(Kind.WORD, attrgetter(name), "result") for name in ("cancel_result", "place_result")},
    },
    "order_list": {
        **PAIR,
        **attribute(Kind.ID, "list_id", "list.id"),
        **attribute(Kind.ID, "list_client_id", "list.client_id"),
        **attribute(Kind.WORD, "kind", "list.kind", "list_kind"),
        **attribute(Kind.WORD, "list_state", "list_state", "list_state"),
        **attribute(Kind.TIME, "created", "list.created"),
        **attribute(Kind.TIME, "time", "list.updated"),
        "orders": Value(Kind.ROWS, attrgetter("orders"), "order"),
    },
    "order_lists": {"lists": Value(Kind.ROWS, attrgetter("lists"), "order_list")},
    "timer": plain(Kind.TIME, "time", "at"),
    "refusal": {**plain(Kind.TEXT, "meaning", "text"), **plain(Kind.RAW, "code")},
}
