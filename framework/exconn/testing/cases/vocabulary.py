"""The closed lists of the cases language: record kinds with their fields, operations' arguments, kinds of frames.

Rules: the schema, the expectations and the telling of reports all read these tables, so a word is added in one place;
fields have the names of the spec language; a field at the model's own default is told as absent.
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from exconn import model

MAX_CASES: Final = 10_000
MAX_PAYLOADS: Final = 16 * 1024 * 1024
"""Bytes of all payloads of one file together, each counted as often as it is used."""


class Sort(Enum):
    """What a field holds, and so how it is written and compared."""

    TEXT = "text"
    DECIMAL = "plain digits, exactly as on the wire"
    INTEGER = "an integer"
    FLOAT = "a number, compared as a float"
    MOMENT = "a moment: an integer and its unit"
    WORD = "one of our words"
    SAYING = "some words of the error are enough"
    FLAG = "true or false"
    SYMBOLS = "form -> symbol"
    FEES = "a list of {asset, amount}"
    STEPS = "a list of [price, step], exactly"
    LEVELS = "a list of [price, size], compared as floats"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: `attribute` is its name in the model."""

    attribute: str
    sort: Sort
    example: Any


_PAIR: Final = Field("pair", Sort.TEXT, "BTC-USDT")
_TIME: Final = Field("time_ns", Sort.MOMENT, "1767225600262 ms")
_SIDE: Final = Field("side", Sort.WORD, "buy")
_IDS: Final = {
    "exchange_order_id": Field("exchange_order_id", Sort.TEXT, "7340001"),
    "client_id": Field("client_id", Sort.TEXT, "demo-0001"),
    "pair": _PAIR,
    "side": _SIDE,
}


def _decimals(example: str, *names: str) -> dict[str, Field]:
    return {name: Field(name, Sort.DECIMAL, example) for name in names}


_BOOK: Final = {
    "pair": _PAIR,
    **{name: Field(name, Sort.INTEGER, 48210) for name in ("first_id", "last_id", "previous_id", "checksum")},
    "bids": Field("bids", Sort.LEVELS, [["64990.00", "0.8"]]),
    "asks": Field("asks", Sort.LEVELS, [["65010.00", "0.01"]]),
    "time": _TIME,
}

# Record kind -> (type of the model, our field -> how it is told).
RECORDS: Final = MappingProxyType(
    {
        "order": (
            model.OrderReport,
            {
                **_IDS,
                "state": Field("state", Sort.WORD, "open"),
                **_decimals("0.10", "price", "amount", "filled", "filled_quote", "average_price"),
                "reason": Field("reason", Sort.TEXT, "user"),
                "time": _TIME,
            },
        ),
        "fill": (
            model.FillReport,
            {
                "trade_id": Field("trade_id", Sort.TEXT, "910187"),
                **_IDS,
                **_decimals("0.04", "price", "amount", "quote_amount"),
                "liquidity": Field("liquidity", Sort.WORD, "maker"),
                "fees": Field("fees", Sort.FEES, [{"asset": "USDT", "amount": "3.12"}]),
                "time": _TIME,
            },
        ),
        "balance": (
            model.BalanceReport,
            {"asset": Field("asset", Sort.TEXT, "BTC"), **_decimals("0.54", "total", "available")},
        ),
        "rule": (
            model.TradingRule,
            {
                "pair": Field("trading_pair", Sort.TEXT, "BTC-USDT"),
                "symbols": Field("symbols", Sort.SYMBOLS, {"rest": "BTCUSDT"}),
                "price_step": Field("min_price_increment", Sort.DECIMAL, "0.01"),
                "price_digits": Field("max_price_significant_digits", Sort.DECIMAL, "5"),
                "size_step": Field("min_base_amount_increment", Sort.DECIMAL, "0.00001"),
                "min_size": Field("min_order_size", Sort.DECIMAL, "0.0001"),
                "max_size": Field("max_order_size", Sort.DECIMAL, "100"),
                "min_price": Field("min_price", Sort.DECIMAL, "0.01"),
                "max_price": Field("max_price", Sort.DECIMAL, "1000000"),
                "min_notional": Field("min_notional_size", Sort.DECIMAL, "5"),
                "max_notional": Field("max_notional_size", Sort.DECIMAL, "100000"),
                "price_steps": Field("price_steps", Sort.STEPS, [["0", "0.1"], ["1000", "0.5"]]),
                "quote_step": Field("min_quote_amount_increment", Sort.DECIMAL, "0.01"),
                "open": Field("is_open", Sort.FLAG, False),
            },
        ),
        "book": (model.BookSnapshot, _BOOK),
        "book_update": (model.BookUpdate, _BOOK),
        "book_checksum": (model.BookChecksum, {"pair": _PAIR, "checksum": _BOOK["checksum"]}),
        "trade": (
            model.PublicTrade,
            {
                "trade_id": Field("trade_id", Sort.TEXT, "910201"),
                "pair": _PAIR,
                "price": Field("price", Sort.FLOAT, "65010.00"),
                "amount": Field("amount", Sort.FLOAT, "0.01"),
                "side": _SIDE,
                "time": _TIME,
            },
        ),
        "price": (model.LastPrice, {"pair": _PAIR, **_decimals("0.5000", "price")}),
        "time": (model.ServerTime, {"at": _TIME}),
        "fee_rate": (model.FeeRate, {"pair": _PAIR, **_decimals("0.0008", "maker", "taker")}),
        "rights": (
            model.KeyRights,
            {name: Field(name, Sort.FLAG, name == "trade") for name in ("withdraw", "trade")},
        ),
        "unreadable": (
            model.Unreadable,
            {"why": Field("why", Sort.SAYING, "state: 'odd' is not a word of words.state")},
        ),
    }
)

# What a request is about: the name in `with` -> how it is written.
ARGUMENTS: Final = MappingProxyType(
    {
        "pair": _PAIR,
        "type": Field("order_type", Sort.WORD, "LIMIT"),
        "side": _SIDE,
        "amount": Field("amount", Sort.DECIMAL, "0.10"),
        "quote_amount": Field("quote_amount", Sort.DECIMAL, "100"),
        "price": Field("price", Sort.DECIMAL, "65000.00"),
        "client_id": _IDS["client_id"],
        "exchange_order_id": _IDS["exchange_order_id"],
        "created": Field("created_ns", Sort.MOMENT, "1767225600262 ms"),
        "since": Field("since_ns", Sort.MOMENT, "1767225600000 ms"),
        "cursor": Field("cursor", Sort.TEXT, "c2Vjb25k"),
        "switch": Field("switch_s", Sort.INTEGER, 60),
    }
)

UTTERANCES: Final = ("connect", "login", "subscribe", "unsubscribe", "ask_snapshot", "ping")
EFFECTS: Final = ("ask_snapshot", "resubscribe", "reconnect", "load", "change", "withhold", "go_live")
CODE_MARK: Final = "$code"
