"""Each exchange's way of being asked through ccxt, and what in a request is only one side's own.

Rules: `own` are parameters that both sides fill in their own way, or only ccxt sends, each with its reason beside it;
`besides` is what only we send; everything else has to be equal. A signature is recomputed with ccxt's own functions
over the bytes that we would send.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from exconn.codec import Request

Params = dict[str, str]
Ask = Callable[[Any, str, str], Any]


@dataclass(frozen=True, slots=True)
class Way:
    """`client_id`: how ccxt takes our id. `key`: the header of the API key. `others`: our operation -> what ccxt is
    asked for it, with (client, symbol, client id). `reads`: our operation -> what of ccxt reads the same answer, with
    (client, symbol, exchange's id)."""

    sample: str
    client_id: str
    key: str
    own: frozenset[str]
    besides: frozenset[str]
    signed: Callable[[Any, Request], tuple[str, str]]
    others: Mapping[str, Ask]
    reads: Mapping[str, Ask]
    flags: Mapping[str, frozenset[str]]
    """Lists of flags in one text, with those that only we set."""
    pairs: str | None = None
    """The parameter in which any of the exchange's names of a pair may stand."""


def _params_signed(client: Any, request: Request) -> tuple[str, str]:
    """A hex HMAC-SHA256 over query and body, without itself."""
    texts = [urlsplit(request.target).query, request.body.decode()]
    pairs = [text.split("&") for text in texts]
    ours = next(pair for each in pairs for pair in each if pair.startswith("signature="))
    payload = "".join("&".join(pair for pair in each if not pair.startswith("signature=")) for each in pairs)
    return ours.removeprefix("signature="), client.hmac(payload.encode(), client.secret.encode(), hashlib.sha256)


def _path_and_digest_signed(client: Any, request: Request) -> tuple[str, str]:
    """A base64 HMAC-SHA512 over the path and the SHA-256 of nonce and body."""
    nonce = dict(parse_qsl(request.body.decode()))["nonce"]
    digest = client.hash(nonce.encode() + request.body, "sha256", "binary")
    secret = client.base64_to_binary(client.secret)
    theirs = client.hmac(request.target.encode() + digest, secret, hashlib.sha512, "base64")
    return dict(request.headers)["API-Sign"], theirs


WAYS: Final = {
    "binance": Way(
        sample="exchangeInfo.json",
        client_id="newClientOrderId",
        key="X-MBX-APIKEY",
        # a window and an answer's form of ccxt's choice; the signature is recomputed
        own=frozenset({"recvWindow", "newOrderRespType", "signature"}),
        besides=frozenset({"omitZeroBalances"}),
        signed=_params_signed,
        others={
            "cancel_order": lambda client, symbol, id: client.cancel_order("", symbol, {"origClientOrderId": id}),
            "order_by_client_id": lambda client, symbol, id: client.fetch_order("", symbol, {"origClientOrderId": id}),
            "order_by_exchange_id": lambda client, symbol, id: client.fetch_order("12345", symbol),
            "fills_of_order": lambda client, symbol, id: client.fetch_my_trades(
                symbol, limit=1000, params={"orderId": "12345"}
            ),
            "fills_since": lambda client, symbol, id: client.fetch_my_trades(
                symbol, since=1_690_000_000_000, limit=1000
            ),
            "balances": lambda client, symbol, id: client.fetch_balance(),
        },
        reads={
            "server_time": lambda client, symbol, id: client.fetch_time(),
            "trading_rules": lambda client, symbol, id: client.fetch_markets(),
            "book_snapshot": lambda client, symbol, id: client.fetch_order_book(symbol),
            "last_price": lambda client, symbol, id: {
                "last": client.parse_last_price(client.public_get_ticker_price())["price"]
            },
            "place_order": lambda client, symbol, id: client.create_order(symbol, "limit", "buy", 1, 1),
            "cancel_order": lambda client, symbol, id: client.cancel_order(id, symbol),
            "order_by_client_id": lambda client, symbol, id: client.fetch_order(id, symbol),
            "order_by_exchange_id": lambda client, symbol, id: client.fetch_order(id, symbol),
            "open_orders": lambda client, symbol, id: client.fetch_open_orders(),
            "fills_since": lambda client, symbol, id: client.fetch_my_trades(symbol),
            "fills_of_order": lambda client, symbol, id: client.fetch_my_trades(symbol),
            "balances": lambda client, symbol, id: client.fetch_balance(),
        },
        flags={},
    ),
    "kraken": Way(
        sample="asset-pairs.json",
        client_id="clientOrderId",
        key="API-Key",
        # nonces count in other units; ccxt asks for the trades of an order as well, of which we ask the history
        own=frozenset({"nonce", "trades"}),
        besides=frozenset({"deadline", "consolidate_taker"}),
        signed=_path_and_digest_signed,
        others={
            "cancel_order": lambda client, symbol, id: client.cancel_order("", symbol, {"clientOrderId": id}),
            "order_by_exchange_id": lambda client, symbol, id: client.fetch_order("12345"),
            "open_orders": lambda client, symbol, id: client.fetch_open_orders(),
            "fills_since": lambda client, symbol, id: client.fetch_my_trades(since=1_690_000_000_000),
            "balances": lambda client, symbol, id: client.fetch_balance(),
        },
        reads={
            "server_time": lambda client, symbol, id: client.fetch_time(),
            "trading_rules": lambda client, symbol, id: client.fetch_markets(),
            "book_snapshot": lambda client, symbol, id: client.fetch_order_book(symbol),
            "last_price": lambda client, symbol, id: client.fetch_ticker(symbol),
            "place_order": lambda client, symbol, id: client.create_order(symbol, "limit", "buy", 1, 1),
            "cancel_order": lambda client, symbol, id: client.cancel_order(id, symbol),
            "order_by_exchange_id": lambda client, symbol, id: client.fetch_order(id, symbol),
            "open_order_by_client_id": lambda client, symbol, id: client.fetch_open_orders(),
            "closed_order_by_client_id": lambda client, symbol, id: client.fetch_closed_orders(),
            "open_orders": lambda client, symbol, id: client.fetch_open_orders(),
            "fills_since": lambda client, symbol, id: client.fetch_my_trades(),
            "balances": lambda client, symbol, id: client.fetch_balance(),
        },
        flags={"oflags": frozenset({"fciq"})},
        pairs="pair",
    ),
}
