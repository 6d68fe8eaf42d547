"""The built-in placeholders: where each is legal, and which may be a bare number.

Rules: this is the table of the language, in one place; a group is a set of names that come and go together;
credentials, values of a recipe and values given by preparations are legal beside these, and none of them may have
a name from here.
"""

from types import MappingProxyType
from typing import Final

MOMENTS: Final = frozenset({"time_ms", "time_s", "time_us", "time_iso_ms", "time_iso_s", "time_utc"})
IDENTIFIERS: Final = frozenset({"uuid", "uuid_hex"})
NONCE: Final = frozenset({"nonce"})
EXPIRY: Final = frozenset({"expires_s", "expires_ms"})
REQUEST: Final = frozenset(
    [
        "method",
        "host",
        "path",
        "http_path",
        "path_query",
        "query",
        "query_sorted",
        "params",
        "params_plain",
        "body",
        "content_type",
    ]
)
TARGET: Final = frozenset({"method", "host", "path"})
"""What of a request is there before anything is added to it."""
HANDSHAKE: Final = frozenset({"host", "path"})
"""What a frame has of the request that opened its socket."""
PAIR: Final = frozenset({"base", "quote"})
ORDER: Final = frozenset({"side", "amount", "quote_amount", "signed_amount", "price"})
CLIENT_ID: Final = frozenset({"client_id"})
EXCHANGE_ID: Final = frozenset({"exchange_order_id", "created_date"})
SINCE: Final = frozenset({"since_ms", "since_s", "since_iso"})
FENCE_LENGTH: Final = frozenset({"fence_ms"})
FENCE_MOMENT: Final = frozenset({"fence_at_ms", "fence_at_s", "fence_at_iso_ms"})
SWITCH: Final = frozenset({"switch_s", "switch_ms"})
CURSOR: Final = frozenset({"cursor"})
VERB: Final = frozenset({"verb"})
FRAME: Final = frozenset({"request_id"})

WHERE: Final = MappingProxyType(
    {
        **dict.fromkeys(MOMENTS | IDENTIFIERS, "in signing and in socket frames"),
        **dict.fromkeys(NONCE, "in a recipe with nonce, and in frames signed by it"),
        **dict.fromkeys(EXPIRY, "in a recipe with expires_in, and in frames signed by it"),
        **dict.fromkeys(REQUEST, "in signing values of requests"),
        **dict.fromkeys(TARGET, "in signing values and before of requests"),
        **dict.fromkeys(HANDSHAKE, "in signing values, of frames those of their socket, and in before of requests"),
        **dict.fromkeys(PAIR, "in requests and subscriptions about a pair, and in symbols"),
        **dict.fromkeys(ORDER, "in place_order"),
        **dict.fromkeys(CLIENT_ID, "in place_order, cancel_order and lookups by client id"),
        "exchange_order_id": "in cancel_order, order_by_exchange_id and fills_of_order",
        "created_date": "in cancel_order, lookups and fills_of_order",
        **dict.fromkeys(SINCE, "in fills_since"),
        **dict.fromkeys(FENCE_LENGTH | FENCE_MOMENT, "in an endpoint with a fence of seconds"),
        **dict.fromkeys(SWITCH, "in dead_mans_switch"),
        **dict.fromkeys(CURSOR, "in pages.send"),
        **dict.fromkeys(VERB, "in subscriptions"),
        **dict.fromkeys(FRAME, "in socket frames"),
    }
)
BUILT_IN: Final = frozenset(WHERE)
BODY_FIELD: Final = "body."
"""How the name of a field of the JSON body begins: `{body.params}`; legal where `{body}` is."""

ELSEWHERE: Final = MappingProxyType(
    {
        **dict.fromkeys(("size", "qty", "quantity", "volume", "vol", "base_amount"), ("amount",)),
        **dict.fromkeys(("quote_size", "quote_qty", "quote_quantity", "notional", "funds"), ("quote_amount",)),
        **dict.fromkeys(("limit_price", "px", "rate"), ("price",)),
        **dict.fromkeys(("id", "order_id"), ("exchange_order_id", "client_id")),
        **dict.fromkeys(("client_order_id", "cl_ord_id", "user_ref", "oid"), ("client_id", "exchange_order_id")),
        **dict.fromkeys(("timestamp", "time", "ts", "now"), ("time_ms", "fence_at_ms")),
        **dict.fromkeys(("expires", "expiry", "deadline"), ("expires_s", "fence_at_ms")),
        **dict.fromkeys(("recv_window", "window"), ("fence_ms",)),
        **dict.fromkeys(("since", "start", "start_time", "from"), ("since_ms",)),
        **dict.fromkeys(("page", "offset", "after"), ("cursor",)),
        **dict.fromkeys(("url", "endpoint", "uri"), ("path",)),
        **dict.fromkeys(("payload", "data"), ("body",)),
        **dict.fromkeys(("op", "action"), ("verb",)),
        **dict.fromkeys(("req_id", "sequence"), ("request_id",)),
    }
)
"""What others call a placeholder -> ours; the first that may stand there is meant."""
PAIR_ELSEWHERE: Final = frozenset({"symbol", "pair", "market", "instrument", "product", "trading_pair"})

NUMBERS: Final = (
    frozenset({"time_ms", "time_s", "time_us", "amount", "quote_amount", "signed_amount", "price"})
    | frozenset({"client_id", "exchange_order_id", "since_ms", "since_s", "fence_at_ms", "fence_at_s"})
    | NONCE
    | EXPIRY
    | FENCE_LENGTH
    | SWITCH
    | CURSOR
    | FRAME
)

_ABOUT_A_PAIR = frozenset(
    [
        "book_snapshot",
        "last_price",
        "place_order",
        "cancel_order",
        "order_by_client_id",
        "open_order_by_client_id",
        "closed_order_by_client_id",
        "order_by_exchange_id",
        "open_orders",
        "fills_of_order",
        "fills_since",
        "fee_rates",
        "dead_mans_switch",
    ]
)
_CREATED: Final = frozenset({"created_date"})
_OF_OPERATION = MappingProxyType(
    {
        "place_order": ORDER | CLIENT_ID,
        "cancel_order": CLIENT_ID | EXCHANGE_ID,
        "order_by_client_id": CLIENT_ID | _CREATED,
        "open_order_by_client_id": CLIENT_ID | _CREATED,
        "closed_order_by_client_id": CLIENT_ID | _CREATED,
        "order_by_exchange_id": EXCHANGE_ID,
        "fills_of_order": EXCHANGE_ID,
        "fills_since": SINCE,
        "dead_mans_switch": SWITCH,
    }
)


def is_about_pair(operation: str) -> bool:
    return operation in _ABOUT_A_PAIR


def of_operation(operation: str) -> frozenset[str]:
    """The names legal in an operation's own request; the fence's and the cursor's not among them."""
    return _OF_OPERATION.get(operation, frozenset()) | (PAIR if operation in _ABOUT_A_PAIR else frozenset())
