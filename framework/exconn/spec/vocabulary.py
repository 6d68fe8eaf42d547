"""The closed lists of the language: operations, records with their fields, casts, steps, placeholders.

Rules: the schema, the builders and the checks all read these tables, so a word is added in one place; each field of a
record has one natural type, which says what `as` may follow it; tables hold names only, meaning is the compiler's.
"""

from types import MappingProxyType
from typing import Final

NAME: Final = "[a-z][a-z0-9_]{0,40}"

LOOKUPS: Final = (
    "order_by_client_id",
    "open_order_by_client_id",
    "closed_order_by_client_id",
    "order_by_exchange_id",
)
HISTORIES: Final = ("fills_of_order", "fills_since")
RENEWAL: Final = ".renew"
"""Behind a preparation's name: the request that keeps alive what it gave. No name of a spec has a dot."""

# Operation -> record kinds its reply may hold; the first is the one it must hold, except for cancel_order;
# of an operation without kinds only the outcome counts.
OPERATIONS: Final = MappingProxyType(
    {
        "server_time": ("time",),
        "trading_rules": ("rule",),
        "book_snapshot": ("book",),
        "last_price": ("price",),
        "place_order": ("order", "fill"),
        "cancel_order": ("order",),
        "order_by_client_id": ("order", "fill"),
        "open_order_by_client_id": ("order", "fill"),
        "closed_order_by_client_id": ("order", "fill"),
        "order_by_exchange_id": ("order", "fill"),
        "open_orders": ("order",),
        "fills_of_order": ("fill",),
        "fills_since": ("fill",),
        "balances": ("balance",),
        "fee_rates": ("fee_rate",),
        "key_rights": ("rights",),
        "dead_mans_switch": (),
    }
)
MESSAGE_KINDS: Final = ("order", "fill", "balance", "book_snapshot", "book_update", "book_checksum", "trade", "price")

# Kind -> field -> natural type.
_IDS: Final = {"exchange_order_id": "text", "client_id": "text"}
_BOOK: Final = {
    "symbol": "symbol",
    "first_id": "integer",
    "last_id": "integer",
    "previous_id": "integer",
    "checksum": "integer",
    "time": "time",
}
_DECIMALS: Final = ("min_size", "max_size", "min_price", "max_price", "min_notional", "max_notional")
FIELDS: Final = MappingProxyType(
    {
        "order": {
            **_IDS,
            "state": "state",
            "symbol": "symbol",
            "side": "side",
            **dict.fromkeys(("price", "amount", "filled", "filled_quote", "average_price"), "decimal"),
            "reason": "text",
            "time": "time",
        },
        "fill": {
            "trade_id": "text",
            **_IDS,
            **dict.fromkeys(("price", "amount", "quote_amount"), "decimal"),
            "symbol": "symbol",
            "side": "side",
            "liquidity": "liquidity",
            "time": "time",
        },
        "balance": {"asset": "asset", **dict.fromkeys(("total", "available", "held"), "decimal")},
        "rule": {
            "base": "asset",
            "quote": "asset",
            **dict.fromkeys(("price_step", "size_step", "quote_step", *_DECIMALS), "decimal"),
            **dict.fromkeys(("price_digits", "price_decimals", "size_decimals", "quote_decimals"), "integer"),
        },
        "book": _BOOK,
        "book_snapshot": _BOOK,
        "book_update": _BOOK,
        "book_checksum": {"symbol": "symbol", "checksum": "integer"},
        "trade": {
            "trade_id": "text",
            "symbol": "symbol",
            "price": "number",
            "amount": "number",
            "side": "side",
            "time": "time",
        },
        "price": {"symbol": "symbol", "price": "decimal"},
        "time": {"at": "time"},
        "fee_rate": {"symbol": "symbol", "maker": "decimal", "taker": "decimal"},
        "rights": {},
    }
)
MATCH_FIELDS: Final = MappingProxyType({"rights": ("withdraw", "trade"), "rule": ("open",)})
"""Kind -> fields that hold a match and no reading."""
OF_A_PAIR: Final = ("book_snapshot", "book_update", "book_checksum", "trade", "price")
"""Records that read their symbol in a stream."""
BOOK_KINDS: Final = ("book", "book_snapshot", "book_update")

# Kind -> alternatives: of each inner tuple at least one field must be there.
REQUIRED: Final = MappingProxyType(
    {
        "order": (("exchange_order_id", "client_id"),),
        "fill": (("trade_id",), ("price",), ("amount", "quote_amount"), ("exchange_order_id", "client_id")),
        "balance": (("asset",), ("total", "available"), ("total", "held")),
        "rule": (
            ("base",),
            ("quote",),
            ("price_step", "price_digits", "price_decimals"),
            ("size_step", "size_decimals", "min_size"),
        ),
        "book": (),
        "book_snapshot": (),
        "book_update": (),
        "book_checksum": (("checksum",),),
        "trade": (("price",), ("amount",), ("side",)),
        "price": (("price",),),
        "time": (("at",),),
        "fee_rate": (("maker",), ("taker",)),
        "rights": (("withdraw",),),
    }
)

# Our words, by natural type.
WORDS: Final = MappingProxyType(
    {
        "side": ("buy", "sell"),
        "liquidity": ("maker", "taker"),
        "state": ("pending", "open", "filled", "canceling", "canceled", "expired", "rejected"),
    }
)

TIMES: Final = ("s", "ms", "us", "ns", "iso")
# Cast -> the kinds of its arguments.
CASTS: Final = MappingProxyType(
    {
        **dict.fromkeys(TIMES, ()),
        **dict.fromkeys(("pow10_neg", "negated", "absolute", "sign", "percent"), ()),
        **dict.fromkeys(("duration_ms", "duration_s", "text", "integer", "decimal"), ()),
        "split_pair": ("text", "index"),
        "decimal_part": ("text", "index"),
        "prefixed": ("text",),
    }
)
# Natural type -> casts that may follow; `words` and `symbol` stand for a table's or a form's name.
LEGAL_CASTS: Final = MappingProxyType(
    {
        "text": ("prefixed", "split_pair", "words"),
        "decimal": ("pow10_neg", "negated", "absolute", "percent", "decimal_part"),
        "integer": ("decimal_part",),
        "number": ("absolute",),
        "asset": ("split_pair", "prefixed"),
        "symbol": ("symbol",),
        "side": ("words", "sign"),
        "liquidity": ("words",),
        "state": ("words",),
        "time": TIMES,
        "given": ("text", "integer", "decimal", "duration_ms", "duration_s", "prefixed", "split_pair"),
    }
)
NEEDS_CAST: Final = frozenset({"symbol", "side", "liquidity", "state", "time"})
TAKES_ALWAYS: Final = frozenset({"side", "liquidity", "state", "asset"})

HASHES: Final = ("sha256", "sha384", "sha512")
MACS: Final = ("hmac_sha256", "hmac_sha384", "hmac_sha512")
SIGNATURES: Final = ("ed25519", "rsa_sha256")
TEXTS: Final = ("base64", "json", "sorted_pairs")
STEPS: Final = (*HASHES, *MACS, *SIGNATURES, *TEXTS, "jwt")
JWT_ALGORITHMS: Final = ("ES256", "EdDSA", "HS256", "HS512")

# What signs with a private key -> the kind of key.
KEY_KINDS: Final = MappingProxyType({"ed25519": "ed25519", "rsa_sha256": "rsa", "ES256": "p256", "EdDSA": "ed25519"})
ENCODINGS: Final = ("utf8", "base64", "hex", "pem")
KEY_ENCODINGS: Final = MappingProxyType(
    {None: ("utf8", "base64", "hex"), "ed25519": ("pem", "base64", "hex"), "rsa": ("pem",), "p256": ("pem",)}
)
"""Kind of private key, None for the bytes of a MAC -> how such a key may be written."""

ERROR_MEANINGS: Final = (
    "rejected",
    "insufficient_balance",
    "would_cross",
    "duplicate_client_id",
    "order_not_found",
    "already_requested",
    "rate_limited",
    "time_skew",
    "bad_nonce",
    "auth",
    "maintenance",
    "outcome_unknown",
)

BANNED_FUNCTIONS: Final = ("to_number", "sum", "avg", "abs", "ceil", "floor")
