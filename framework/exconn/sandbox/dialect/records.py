"""The closed records of values that templates may show: which names, of which kind, and where the value comes from.

Rules:
- A record stands for one thing of the engine (an order, a fill, a level of a book) or for one answer of an action.
- A name has a kind; the kind decides how it is written and which suffixes fit. Names are those of the spec language.
- Values of kind ROWS hold rows of another record, for `each`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any

from exconn.sandbox.engine import Fill, Instrument, Liquidity, Side, Trade
from exconn.sandbox.engine.amounts import divide, minus, round_to
from exconn.sandbox.engine.tape import DAY
from exconn.sandbox.made import made_text

from . import order_values
from .vocabulary import ending_of, type_of


class Kind(StrEnum):
    """What a value is."""

    MONEY = "money"
    TIME = "time"
    WORD = "word"
    ID = "id"
    INTEGER = "integer"
    TEXT = "text"
    FLAG = "flag"
    SYMBOL = "symbol"
    ASSET = "asset"
    RAW = "raw"
    LIST = "list"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Value:
    """One name of a record. `of` is the words of a WORD, the record of ROWS."""

    kind: Kind
    get: Callable[[Any], Any]
    of: str = ""


Record = Mapping[str, Value]


def _decimals(step: Decimal) -> int:
    exponent = step.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def base_of(symbol: str) -> str:
    return symbol.partition("-")[0]


def quote_of(symbol: str) -> str:
    return symbol.partition("-")[2]


def _plain(kind: Kind, *names: str) -> dict[str, Value]:
    """Names that the row has as attributes."""
    return {name: Value(kind, attrgetter(name)) for name in names}


def _attribute(kind: Kind, name: str, attribute: str, of: str = "") -> dict[str, Value]:
    return {name: Value(kind, attrgetter(attribute), of)}


def _words(*names: str) -> dict[str, Value]:
    return {name: Value(Kind.WORD, attrgetter(name), name) for name in names}


_PAIR: dict[str, Value] = {
    "symbol": Value(Kind.SYMBOL, attrgetter("symbol")),
    "base": Value(Kind.ASSET, lambda row: base_of(row.symbol)),
    "quote": Value(Kind.ASSET, lambda row: quote_of(row.symbol)),
}


def _is_buyer_maker(trade: Trade) -> bool:
    return trade.taker_side is Side.SELL


def _fill_flags(fill: Fill) -> bool:
    return fill.liquidity is Liquidity.MAKER


def _apart(last: Decimal | None, first: Decimal | None) -> Decimal | None:
    return None if last is None or first is None else minus(last, first)


def _percent(last: Decimal | None, first: Decimal | None) -> Decimal | None:
    change = _apart(last, first)
    return None if change is None or not first else round_to(divide(change * 100, first), 3, "ROUND_HALF_EVEN")


def _through(outer: str, record: Record) -> dict[str, Value]:
    """The names of another record, of an attribute of the row that may be None."""
    reach = attrgetter(outer)

    def get(value: Value) -> Callable[[Any], Any]:
        return lambda row: None if reach(row) is None else value.get(reach(row))

    return {name: Value(value.kind, get(value), value.of) for name, value in record.items()}


_ORDER: dict[str, Value] = {
    **_PAIR,
    **_attribute(Kind.ID, "exchange_order_id", "id"),
    **_plain(Kind.ID, "client_id"),
    **_words("side", "state", "reason", "time_in_force", "stage", "change", "self_trade"),
    "type": Value(Kind.WORD, type_of, "type"),
    "ending": Value(Kind.WORD, ending_of, "ending"),
    **_plain(Kind.MONEY, "price", "amount", "quote_amount", "filled", "filled_quote", "average_price", "held"),
    "remaining": Value(Kind.MONEY, order_values.remaining),
    **_plain(Kind.MONEY, "prevented", "trigger_price", "trigger_level", "peak"),
    "original_amount": Value(Kind.MONEY, order_values.original_amount),
    **_plain(Kind.TIME, "created", "updated", "starts", "expires"),
    **_attribute(Kind.TIME, "time", "updated"),
    **_attribute(Kind.TIME, "working_since", "working"),
    **_attribute(Kind.TIME, "triggered_at", "triggered"),
    **_attribute(Kind.TIME, "trailing_since", "tracking"),
    **_plain(Kind.MONEY, "visible_amount", "shown"),
    "trail_bips": Value(Kind.INTEGER, order_values.trail_bips),
    "trail_offset": Value(Kind.MONEY, order_values.trail_offset),
    "is_working": Value(Kind.FLAG, order_values.is_working),
    "triggered": Value(Kind.FLAG, order_values.is_triggered),
    "placed": Value(Kind.FLAG, order_values.is_placed),
    "post_only": Value(Kind.FLAG, attrgetter("post_only")),
    "amount_in_quote": Value(Kind.FLAG, attrgetter("by_quote")),
    "is_open": Value(Kind.FLAG, attrgetter("is_open")),
    "fills": Value(Kind.ROWS, attrgetter("fills"), "fill"),
    "cancel_id": Value(Kind.ID, lambda row: made_text(22, "cancel", row.id, row.updated)),
}
_FILL: dict[str, Value] = {
    **_PAIR,
    **_plain(Kind.ID, "trade_id", "client_id"),
    **_attribute(Kind.ID, "exchange_order_id", "order_id"),
    **_plain(Kind.INTEGER, "number"),
    **_words("side", "liquidity"),
    **_plain(Kind.MONEY, "price", "amount", "fee"),
    **_attribute(Kind.MONEY, "quote_amount", "quote"),
    **_plain(Kind.ASSET, "fee_asset"),
    "is_maker": Value(Kind.FLAG, _fill_flags),
    "is_buyer": Value(Kind.FLAG, lambda row: row.side is Side.BUY),
    **_plain(Kind.TIME, "time"),
}
_TRADE: dict[str, Value] = {
    **_PAIR,
    **_attribute(Kind.ID, "trade_id", "id"),
    **_plain(Kind.INTEGER, "number"),
    **_attribute(Kind.WORD, "side", "taker_side", "side"),
    **_plain(Kind.MONEY, "price", "amount"),
    **_attribute(Kind.MONEY, "quote_amount", "quote"),
    "is_buyer_maker": Value(Kind.FLAG, _is_buyer_maker),
    "buyer_order_id": Value(Kind.ID, lambda row: (row.maker if _is_buyer_maker(row) else row.taker).order_id),
    "seller_order_id": Value(Kind.ID, lambda row: (row.taker if _is_buyer_maker(row) else row.maker).order_id),
    **_plain(Kind.TIME, "time"),
}
RECORDS: dict[str, Record] = {
    "order": _ORDER,
    "fill": _FILL,
    "trade": _TRADE,
    "report": {
        **_through("order", _ORDER),
        **{f"fill_{name}": value for name, value in _through("fill", _FILL).items()},
        **_words("step"),
        **_plain(Kind.TIME, "time"),
    },
    "transfer": {**_plain(Kind.ASSET, "asset"), **_plain(Kind.MONEY, "amount"), **_plain(Kind.TIME, "time")},
    "aggregated_trade": {
        **_through("last", _TRADE),
        **_plain(Kind.MONEY, "amount"),
        **_attribute(Kind.INTEGER, "first_number", "first.number"),
        **_attribute(Kind.INTEGER, "last_number", "last.number"),
    },
    "aggregated_trades": {"trades": Value(Kind.ROWS, attrgetter("trades"), "aggregated_trade")},
    "candle": {
        **_PAIR,
        **_plain(Kind.TEXT, "interval"),
        **_plain(Kind.TIME, "start", "end"),
        **_plain(Kind.MONEY, "open", "high", "low", "close", "volume", "quote_volume", "bought", "bought_quote"),
        **_plain(Kind.INTEGER, "trades", "first_number", "last_number"),
        **_plain(Kind.FLAG, "is_closed"),
    },
    "candles": {"candles": Value(Kind.ROWS, attrgetter("candles"), "candle"), **_plain(Kind.TIME, "last")},
    "average_price": {
        **_PAIR,
        **_plain(Kind.INTEGER, "minutes"),
        **_plain(Kind.MONEY, "price"),
        **_plain(Kind.TIME, "time"),
    },
    "tickers": {"tickers": Value(Kind.ROWS, attrgetter("tickers"), "ticker")},
    "balance": {**_plain(Kind.ASSET, "asset"), **_plain(Kind.MONEY, "total", "available", "held")},
    "level": {
        "price": Value(Kind.MONEY, lambda row: row[0]),
        "amount": Value(Kind.MONEY, lambda row: row[1]),
    },
    "rule": {
        **_PAIR,
        **_words("status"),
        **_plain(Kind.MONEY, "price_step", "size_step", "min_size", "max_size", "min_price", "max_price"),
        **_plain(Kind.MONEY, "min_notional", "max_notional"),
        **_plain(Kind.INTEGER, "price_digits", "size_digits"),
    },
    "nothing": {},
    "time": {},
    "rules": {"rules": Value(Kind.ROWS, attrgetter("rules"), "rule")},
    "orders": {"orders": Value(Kind.ROWS, attrgetter("orders"), "order")},
    "trades": {
        **_PAIR,
        "trades": Value(Kind.ROWS, attrgetter("trades"), "trade"),
        **_plain(Kind.TIME, "time"),
    },
    "fills": {
        "fills": Value(Kind.ROWS, attrgetter("fills"), "fill"),
        "next": Value(Kind.TEXT, attrgetter("next")),
    },
    "balances": {
        "balances": Value(Kind.ROWS, attrgetter("balances"), "balance"),
        **_plain(Kind.TIME, "time"),
    },
    "book": {
        **_PAIR,
        **_plain(Kind.INTEGER, "first_id", "last_id", "previous_id"),
        "bids": Value(Kind.ROWS, attrgetter("bids"), "level"),
        "asks": Value(Kind.ROWS, attrgetter("asks"), "level"),
        **_plain(Kind.TIME, "time"),
    },
    "ticker": {
        **_PAIR,
        **_plain(Kind.MONEY, "open", "high", "low", "last", "volume", "quote_volume"),
        **_plain(Kind.MONEY, "bid", "bid_size", "ask", "ask_size"),
        **_plain(Kind.MONEY, "last_size"),
        "change": Value(Kind.MONEY, lambda row: _apart(row.last, row.open)),
        "change_percent": Value(Kind.MONEY, lambda row: _percent(row.last, row.open)),
        "average": Value(Kind.MONEY, lambda row: divide(row.quote_volume, row.volume) if row.volume else None),
        **_plain(Kind.INTEGER, "trades", "last_number"),
        "first_number": Value(Kind.INTEGER, lambda row: row.last_number - row.trades + 1),
        "since": Value(Kind.TIME, lambda row: row.time - DAY),
        **_plain(Kind.TIME, "time"),
    },
    "fee_rates": {
        **_plain(Kind.MONEY, "maker", "taker", "token_discount"),
        **_plain(Kind.ASSET, "token"),
    },
    "limit": {**_plain(Kind.TEXT, "name"), **_plain(Kind.INTEGER, "allowed", "used")},
    "limits": {**_plain(Kind.LIST, "limits")},
    "token": {**_attribute(Kind.TEXT, "token", "text"), **_attribute(Kind.TIME, "expires", "until")},
    "subscription": {**_plain(Kind.TEXT, "topic"), **_attribute(Kind.INTEGER, "subscription", "number")},
    "session": {
        "subscriptions": Value(Kind.ROWS, lambda row: list(row.topics.values()), "subscription"),
        **_plain(Kind.FLAG, "wrapped"),
        "key": Value(Kind.TEXT, lambda row: None if row.key is None else row.key.api_key),
        **_plain(Kind.TIME, "since", "connected"),
    },
    "key_rights": {**_plain(Kind.TEXT, "key"), **_plain(Kind.LIST, "rights")},
}


@dataclass(frozen=True, slots=True)
class Rule:
    """An instrument as the exchange shows it; `status` may be `delisted`."""

    symbol: str
    status: str
    instrument: Instrument
    min_notional: Decimal

    @property
    def price_step(self) -> Decimal:
        return self.instrument.tick

    @property
    def size_step(self) -> Decimal:
        return self.instrument.lot

    @property
    def min_size(self) -> Decimal:
        return self.instrument.min_size

    @property
    def max_size(self) -> Decimal | None:
        return self.instrument.max_size

    @property
    def min_price(self) -> Decimal | None:
        return self.instrument.min_price

    @property
    def max_price(self) -> Decimal | None:
        return self.instrument.max_price

    @property
    def max_notional(self) -> Decimal | None:
        return self.instrument.max_notional

    @property
    def price_digits(self) -> int:
        return _decimals(self.instrument.tick)

    @property
    def size_digits(self) -> int:
        return _decimals(self.instrument.lot)
