"""What the words of the language mean, one sentence each, for the schema and for the reference page.

Rules: the words themselves are the closed lists of `vocabulary` and `placeholders`; a test holds that each has its
sentence here and that nothing else has one; a sentence states what the compiler does, in the field's terms.
"""

from types import MappingProxyType
from typing import Final

OPERATIONS: Final = MappingProxyType(
    {
        "server_time": "The exchange's clock, to which signed moments are set.",
        "trading_rules": "The pairs and the rules of their orders.",
        "book_snapshot": "The order book of a pair.",
        "last_price": "The last traded price of a pair.",
        "place_order": "Places one order.",
        "cancel_order": "Cancels one order.",
        "order_by_client_id": "One order by our id, open or closed.",
        "open_order_by_client_id": "One order by our id, among those open.",
        "closed_order_by_client_id": "One order by our id, among those closed.",
        "order_by_exchange_id": "One order by the exchange's id.",
        "open_orders": "All orders that are open.",
        "fills_of_order": "The fills of one order.",
        "fills_since": "The fills since a moment.",
        "balances": "What the account holds.",
        "fee_rates": "The account's own fee rates; those of one pair in one reply add up.",
        "key_rights": "What the API key may do.",
        "dead_mans_switch": "Has the exchange cancel all orders unless it is asked again in time; 0 releases it.",
    }
)

ERRORS: Final = MappingProxyType(
    {
        "rejected": "Nothing was executed: the exchange refused the request for what it says.",
        "insufficient_balance": "Nothing was executed: the account holds too little.",
        "would_cross": "Nothing was executed: a maker order would have taken.",
        "duplicate_client_id": "Nothing was executed by this request; an earlier one placed the order: look it up.",
        "order_not_found": "Nothing was executed, the exchange shows no such order; proof that there is none only "
        "when the fence has passed and new orders show by now (`sees.new_after`).",
        "already_requested": "Nothing was executed by this request: the same is under way already.",
        "rate_limited": "Nothing was executed: too many requests; what costs of the same limit waits. An order refused "
        "so has failed, and is not sent later; what is read or cancelled is asked for again in its time.",
        "time_skew": "Nothing was executed: the signed moment is off; the clock is set by `server_time`, then the same "
        "is sent again, once.",
        "bad_nonce": "Nothing was executed: the nonce is too low; the same is sent again with a new one, once.",
        "auth": "Nothing was executed: key, signature or right refused; sending again cannot help.",
        "maintenance": "Proves nothing of what was sent: the exchange is not at work; orders are looked up.",
        "outcome_unknown": "Proves nothing, as an error that is not listed, but is known to: no warning is made of it.",
    }
)

TYPES: Final = MappingProxyType(
    {
        "text": "text; an integer keeps its digits",
        "decimal": "exact decimal from the wire's own text",
        "integer": "integer",
        "number": "number of public data: price or size of a level or a trade",
        "asset": "asset, through `assets`",
        "symbol": "trading pair, through a symbol form",
        "side": "`buy` or `sell`",
        "liquidity": "`maker` or `taker`",
        "state": "state of an order",
        "time": "moment",
        "given": "value of a preparation (`gives`)",
    }
)

CASTS: Final = MappingProxyType(
    {
        "s": "seconds since 1970",
        "ms": "milliseconds since 1970",
        "us": "microseconds since 1970",
        "ns": "nanoseconds since 1970",
        "iso": "ISO 8601; without a zone it is UTC",
        "pow10_neg": "a number of decimals as its step: 8 is 0.00000001",
        "negated": "with the other sign",
        "absolute": "without its sign",
        "sign": "positive is buy, negative is sell",
        "percent": "percent as a fraction: 0.1 is 0.001",
        "duration_ms": "milliseconds, for how long",
        "duration_s": "seconds, for how long",
        "text": "as text",
        "integer": "as an integer",
        "decimal": "as a decimal",
        "split_pair": "a part of a text between separators, counted from 0",
        "decimal_part": "a part of a text between separators, as a number",
        "prefixed": "what stands behind this beginning, which must be there",
        "words": "our word for theirs, by the table of `words` that is named",
        "symbol": "the pair of this symbol, by the form that is named: `symbol.rest`",
    }
)

STEPS: Final = MappingProxyType(
    {
        "sha256": "digest of the text",
        "sha384": "digest of the text",
        "sha512": "digest of the text",
        "hmac_sha256": "MAC of the text with the credential `key`",
        "hmac_sha384": "MAC of the text with the credential `key`",
        "hmac_sha512": "MAC of the text with the credential `key`",
        "ed25519": "Ed25519 signature of the text with the private `key`",
        "rsa_sha256": "RSA signature of the text (PKCS #1 v1.5, SHA-256) with the private `key`",
        "base64": "the text in base64",
        "json": "the text as a JSON string, in quotes",
        "sorted_pairs": "a JSON object as one text: each key, in order, followed by its value",
        "jwt": "JSON web token of `header` and `claims`, signed with `key` by the algorithm that is named",
    }
)

FIELDS: Final = MappingProxyType(
    {
        "exchange_order_id": "The exchange's id of the order.",
        "client_id": "Our id of the order.",
        "state": "The order's state.",
        "symbol": "The pair it is about.",
        "side": "Whether it buys or sells.",
        "price": "The price, in quote for one of base.",
        "amount": "The amount in base.",
        "filled": "What is filled so far, in base.",
        "filled_quote": "What is filled so far, in quote.",
        "average_price": "The average price of what is filled.",
        "reason": "The exchange's words for why.",
        "time": "When it happened, by the exchange's clock.",
        "trade_id": "The exchange's id of the trade, by which a fill counts once.",
        "quote_amount": "The amount in quote.",
        "liquidity": "Whether we made or took.",
        "asset": "The asset.",
        "total": "All that is owned of it.",
        "available": "What is free for orders.",
        "held": "What open orders hold.",
        "base": "The asset that is traded.",
        "quote": "The asset that it is priced in.",
        "price_step": "Prices are multiples of this.",
        "size_step": "Amounts are multiples of this.",
        "min_size": "The least amount of an order, in base.",
        "max_size": "The greatest amount of an order, in base.",
        "min_price": "The least price.",
        "max_price": "The greatest price.",
        "min_notional": "The least value of an order, in quote.",
        "max_notional": "The greatest value of an order, in quote.",
        "price_digits": "Significant digits of a price.",
        "price_decimals": "Decimals of a price.",
        "size_decimals": "Decimals of an amount.",
        "quote_step": "Amounts in quote are multiples of this.",
        "quote_decimals": "Decimals of an amount in quote.",
        "first_id": "The first change that an update holds.",
        "last_id": "The last change that it holds.",
        "previous_id": "The last change before it.",
        "checksum": "The checksum of the book after it.",
        "at": "The exchange's time.",
        "maker": "The fraction paid as a maker.",
        "taker": "The fraction paid as a taker.",
    }
)

_FROM_1970 = "now, in {} since 1970"
PLACEHOLDERS: Final = MappingProxyType(
    {
        "time_ms": _FROM_1970.format("milliseconds"),
        "time_s": _FROM_1970.format("seconds"),
        "time_us": _FROM_1970.format("microseconds"),
        "time_iso_ms": "now, in ISO 8601 with milliseconds",
        "time_iso_s": "now, in ISO 8601 with seconds",
        "time_utc": "now, in UTC with seconds and without a zone, as 2024-05-31T12:00:00",
        "uuid": "a new UUID with hyphens",
        "uuid_hex": "a new UUID as 32 hex digits",
        "nonce": "a number greater than all before it",
        "expires_s": "now and `expires_in`, in seconds since 1970",
        "expires_ms": "now and `expires_in`, in milliseconds since 1970",
        "method": "the method, in capitals",
        "host": "the host name, with a port that is not the usual one",
        "path": "the path as it is sent, percent-encoded",
        "http_path": "the path before it is percent-encoded",
        "path_query": "the path, and `?` and the query if there is one",
        "query": "the query as it is sent",
        "query_sorted": "the query with its parameters in order",
        "params": "the request's own parameters wherever they go, percent-encoded",
        "params_plain": "the same, not encoded",
        "body": "the body as it is sent; empty if there is none",
        "content_type": "the content type; empty if there is no body",
        "base": "the pair's base asset, as the exchange writes it",
        "quote": "the pair's quote asset, as the exchange writes it",
        "side": "the side, by `words.side`",
        "amount": "the amount in base",
        "quote_amount": "the amount in quote; using it says that the exchange wants quote here",
        "signed_amount": "the amount in base, negative for a sale",
        "price": "the limit price",
        "client_id": "our id of the order",
        "exchange_order_id": "the exchange's id of the order",
        "created_date": "the day the order was created, as 2024-05-31",
        "since_ms": "the moment asked from, in milliseconds since 1970",
        "since_s": "the moment asked from, in seconds since 1970",
        "since_iso": "the moment asked from, in ISO 8601",
        "fence_ms": "`fence.seconds` in milliseconds",
        "fence_at_ms": "now and `fence.seconds`, in milliseconds since 1970",
        "fence_at_s": "now and `fence.seconds`, in seconds since 1970",
        "fence_at_iso_ms": "now and `fence.seconds`, in ISO 8601",
        "switch_s": "`switch.seconds`, or 0 to release it",
        "switch_ms": "the same in milliseconds",
        "cursor": "where the next page begins",
        "verb": "`subscribe` or `unsubscribe`",
        "request_id": "a number that tells frames apart",
    }
)
