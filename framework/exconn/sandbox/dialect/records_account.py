"""The records of what an account has and may do: balances, its ledger, fees, limits, tokens, sessions and keys.

Rules:
- A session is a connection as its client sees it: what it hears, whose key it has, and since when.
- Nothing here shows a secret.
"""

from __future__ import annotations

from operator import attrgetter

from .values import Kind, Record, Value, attribute, plain, words

ACCOUNT_RECORDS: dict[str, Record] = {
    "balance": {**plain(Kind.ASSET, "asset"), **plain(Kind.MONEY, "total", "available", "held")},
    "balances": {
        "balances": Value(Kind.ROWS, attrgetter("balances"), "balance"),
        **plain(Kind.TIME, "time"),
    },
    "transfer": {**plain(Kind.ASSET, "asset"), **plain(Kind.MONEY, "amount"), **plain(Kind.TIME, "time")},
    "ledger": {
        **attribute(Kind.ID, "ledger_id", "id", "ledger"),
        **attribute(Kind.ID, "trade_id", "trade_id", "trade"),
        **words("cause"),
        **plain(Kind.ASSET, "asset"),
        **plain(Kind.MONEY, "amount", "fee", "balance"),
        **plain(Kind.TIME, "time"),
    },
    "ledgers": {"entries": Value(Kind.ROWS, attrgetter("entries"), "ledger"), **plain(Kind.INTEGER, "count")},
    "worth": {**plain(Kind.MONEY, "total", "available")},
    "fee_rates": {
        **plain(Kind.MONEY, "maker", "taker", "token_discount"),
        **plain(Kind.ASSET, "token"),
    },
    "limit": {**plain(Kind.TEXT, "name"), **plain(Kind.INTEGER, "allowed", "used")},
    "limits": {**plain(Kind.LIST, "limits")},
    "token": {**attribute(Kind.TEXT, "token", "text"), **attribute(Kind.TIME, "expires", "until")},
    "subscription": {**plain(Kind.TEXT, "topic"), **attribute(Kind.INTEGER, "subscription", "number")},
    "session": {
        "subscriptions": Value(Kind.ROWS, lambda row: list(row.seats.topics.values()), "subscription"),
        "subscribed": Value(Kind.FLAG, lambda row: bool(row.seats.topics)),
        **plain(Kind.FLAG, "wrapped"),
        "key": Value(Kind.TEXT, lambda row: None if row.key is None else row.key.api_key),
        **plain(Kind.TIME, "since", "connected"),
    },
    "key_rights": {
        **plain(Kind.TEXT, "key"),
        **plain(Kind.LIST, "rights"),
        "may_read": Value(Kind.FLAG, lambda row: "read" in row.rights),
        "may_trade": Value(Kind.FLAG, lambda row: "trade" in row.rights),
        "may_withdraw": Value(Kind.FLAG, lambda row: "withdraw" in row.rights),
    },
}
