"""The closed records of values that templates may show: which names, of which kind, and where the value comes from.

Rules:
- A record stands for one thing of the engine (an order, a fill, a level of a book) or for one answer of an action.
- A name has a kind; the kind decides how it is written and which suffixes fit. Names are those of the spec language.
- Values of kind ROWS hold rows of another record, for `each`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

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
    """One name of a record. `of` is the words of a WORD, the record of ROWS, what an ID is of where that has a form,
    and of MONEY the step (price or amount) whose digits it has.
    """

    kind: Kind
    get: Callable[[Any], Any]
    of: str = ""


Record = Mapping[str, Value]


def decimals(step: Decimal) -> int:
    """How many digits after the point a step has."""
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


def _prices(*names: str) -> dict[str, Value]:
    return {name: Value(Kind.MONEY, attrgetter(name), "price") for name in names}


def _amounts(*names: str) -> dict[str, Value]:
    return {name: Value(Kind.MONEY, attrgetter(name), "amount") for name in names}


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


def _average(row: Any) -> Decimal | None:
    """Quote per base of all that was traded, to ten decimals."""
    if not row.volume:
        return None
    return round_to(divide(row.quote_volume, row.volume), 10, "ROUND_HALF_EVEN")


class Asset(NamedTuple):
    """One asset of the instruments shown."""

    asset: str


def _assets_of(row: Any) -> list[Asset]:
    """The assets of all instruments, each once."""
    names = dict.fromkeys(asset for rule in row.rules for asset in (base_of(rule.symbol), quote_of(rule.symbol)))
    return [Asset(name) for name in names]


class Level(NamedTuple):
    """One level of a book, as templates see it."""

    price: Decimal
    amount: Decimal
    symbol: str


def _levels(symbol: str, levels: Sequence[tuple[Decimal, Decimal]]) -> list[Level]:
    return [Level(price, amount, symbol) for price, amount in levels]


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
    **_attribute(Kind.ID, "exchange_order_id", "id", "order"),
    **_plain(Kind.ID, "client_id"),
    **_words("side", "state", "reason", "time_in_force", "stage", "change", "self_trade"),
    "type": Value(Kind.WORD, type_of, "type"),
    "ending": Value(Kind.WORD, ending_of, "ending"),
    **_prices("price", "trigger_price", "trigger_level", "peak"),
    "average_price": Value(Kind.MONEY, order_values.average_price, "price"),
    **_amounts("amount", "filled", "prevented"),
    **_plain(Kind.MONEY, "quote_amount", "filled_quote", "held"),
    "remaining": Value(Kind.MONEY, order_values.remaining, "amount"),
    "original_amount": Value(Kind.MONEY, order_values.original_amount, "amount"),
    "fee": Value(Kind.MONEY, order_values.fee),
    "user_ref": Value(Kind.INTEGER, order_values.user_ref),
    **_plain(Kind.TIME, "created", "updated", "starts", "expires"),
    **_attribute(Kind.TIME, "time", "updated"),
    **_attribute(Kind.TIME, "working_since", "working"),
    **_attribute(Kind.TIME, "triggered_at", "triggered"),
    **_attribute(Kind.TIME, "trailing_since", "tracking"),
    **_plain(Kind.MONEY, "visible_amount", "shown"),
    **_plain(Kind.ID, "list_id"),
    "trail_bips": Value(Kind.INTEGER, order_values.trail_bips),
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
    **_PAIR,
    **_attribute(Kind.ID, "trade_id", "trade_id", "trade"),
    **_plain(Kind.ID, "client_id"),
    **_attribute(Kind.ID, "exchange_order_id", "order_id", "order"),
    **_plain(Kind.INTEGER, "number"),
    **_words("side", "liquidity"),
    **_prices("price"),
    **_amounts("amount"),
    **_plain(Kind.MONEY, "fee"),
    **_attribute(Kind.MONEY, "quote_amount", "quote"),
    **_plain(Kind.ASSET, "fee_asset"),
    "is_maker": Value(Kind.FLAG, _fill_flags),
    "is_buyer": Value(Kind.FLAG, lambda row: row.side is Side.BUY),
    **_plain(Kind.TIME, "time"),
}
_TRADE: dict[str, Value] = {
    **_PAIR,
    **_attribute(Kind.ID, "trade_id", "id", "trade"),
    **_plain(Kind.INTEGER, "number"),
    **_attribute(Kind.WORD, "side", "taker_side", "side"),
    "type": Value(Kind.WORD, lambda row: row.taker.kind.upper(), "type"),  # how it was priced when it traded
    **_prices("price"),
    **_amounts("amount"),
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
    "reports": {"reports": Value(Kind.ROWS, attrgetter("reports"), "report"), **_plain(Kind.INTEGER, "count")},
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
        **_prices("open", "high", "low", "close"),
        "average": Value(Kind.MONEY, _average, "price"),
        **_amounts("volume", "bought"),
        **_plain(Kind.MONEY, "quote_volume", "bought_quote"),
        **_plain(Kind.INTEGER, "trades", "first_number", "last_number", "minutes"),
        **_plain(Kind.TIME, "over"),
        **_plain(Kind.FLAG, "is_closed"),
    },
    "candles": {**_PAIR, "candles": Value(Kind.ROWS, attrgetter("candles"), "candle"), **_plain(Kind.TIME, "last")},
    "average_price": {
        **_PAIR,
        **_plain(Kind.INTEGER, "minutes"),
        **_plain(Kind.MONEY, "price"),
        **_plain(Kind.TIME, "time"),
    },
    "tickers": {"tickers": Value(Kind.ROWS, attrgetter("tickers"), "ticker")},
    "balance": {**_plain(Kind.ASSET, "asset"), **_plain(Kind.MONEY, "total", "available", "held")},
    "level": {
        "symbol": _PAIR["symbol"],
        "price": Value(Kind.MONEY, attrgetter("price"), "price"),
        "amount": Value(Kind.MONEY, attrgetter("amount"), "amount"),
    },
    "rule": {
        **_PAIR,
        **_words("status"),
        **_plain(Kind.MONEY, "price_step", "size_step", "min_size", "max_size", "min_price", "max_price"),
        **_plain(Kind.MONEY, "min_notional", "max_notional"),
        **_plain(Kind.INTEGER, "price_digits", "size_digits"),
    },
    "refusal": {**_plain(Kind.TEXT, "meaning", "text"), **_plain(Kind.RAW, "code")},
    "result": {
        "order": Value(Kind.ROWS, attrgetter("order"), "order"),
        "refusal": Value(Kind.ROWS, attrgetter("refusal"), "refusal"),
        **_plain(Kind.FLAG, "is_done"),
    },
    "results": {"results": Value(Kind.ROWS, attrgetter("results"), "result"), **_plain(Kind.INTEGER, "done", "failed")},
    "replacement": {
        **{name: Value(Kind.ROWS, attrgetter(name), "order") for name in ("cancelled", "placed")},
        **{name: Value(Kind.ROWS, attrgetter(name), "refusal") for name in ("cancel_refusal", "place_refusal")},
        **{name: Value(Kind.WORD, attrgetter(name), "result") for name in ("cancel_result", "place_result")},
    },
    "order_list": {
        **_PAIR,
        **_attribute(Kind.ID, "list_id", "list.id"),
        **_attribute(Kind.ID, "list_client_id", "list.client_id"),
        **_attribute(Kind.WORD, "kind", "list.kind", "list_kind"),
        **_attribute(Kind.WORD, "list_state", "list_state", "list_state"),
        **_attribute(Kind.TIME, "created", "list.created"),
        **_attribute(Kind.TIME, "time", "list.updated"),
        "orders": Value(Kind.ROWS, attrgetter("orders"), "order"),
    },
    "order_lists": {"lists": Value(Kind.ROWS, attrgetter("lists"), "order_list")},
    "timer": _plain(Kind.TIME, "time", "at"),
    "nothing": {},
    "time": {},
    "rules": {"rules": Value(Kind.ROWS, attrgetter("rules"), "rule"), "assets": Value(Kind.ROWS, _assets_of, "asset")},
    "asset": {**_plain(Kind.ASSET, "asset")},
    "assets": {"assets": Value(Kind.ROWS, attrgetter("assets"), "asset")},
    "orders": {"orders": Value(Kind.ROWS, attrgetter("orders"), "order"), **_plain(Kind.INTEGER, "count")},
    "ledger": {
        **_attribute(Kind.ID, "ledger_id", "id", "ledger"),
        **_attribute(Kind.ID, "trade_id", "trade_id", "trade"),
        **_words("cause"),
        **_plain(Kind.ASSET, "asset"),
        **_plain(Kind.MONEY, "amount", "fee", "balance"),
        **_plain(Kind.TIME, "time"),
    },
    "ledgers": {"entries": Value(Kind.ROWS, attrgetter("entries"), "ledger"), **_plain(Kind.INTEGER, "count")},
    "worth": {**_plain(Kind.MONEY, "total", "available")},
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
        "bids": Value(Kind.ROWS, lambda book: _levels(book.symbol, book.bids), "level"),
        "asks": Value(Kind.ROWS, lambda book: _levels(book.symbol, book.asks), "level"),
        **_plain(Kind.INTEGER, "checksum"),
        **_plain(Kind.TIME, "time"),
    },
    "ticker": {
        **_PAIR,
        **_prices("open", "high", "low", "last", "bid", "ask"),
        **_amounts("volume", "bid_size", "ask_size", "last_size"),
        **_plain(Kind.MONEY, "quote_volume"),
        "change": Value(Kind.MONEY, lambda row: _apart(row.last, row.open), "price"),
        "change_percent": Value(Kind.MONEY, lambda row: _percent(row.last, row.open)),
        "average": Value(Kind.MONEY, _average, "price"),
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
        "subscribed": Value(Kind.FLAG, lambda row: bool(row.topics)),
        **_plain(Kind.FLAG, "wrapped"),
        "key": Value(Kind.TEXT, lambda row: None if row.key is None else row.key.api_key),
        **_plain(Kind.TIME, "since", "connected"),
    },
    "key_rights": {
        **_plain(Kind.TEXT, "key"),
        **_plain(Kind.LIST, "rights"),
        "may_read": Value(Kind.FLAG, lambda row: "read" in row.rights),
        "may_trade": Value(Kind.FLAG, lambda row: "trade" in row.rights),
        "may_withdraw": Value(Kind.FLAG, lambda row: "withdraw" in row.rights),
    },
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
        return decimals(self.instrument.tick)

    @property
    def size_digits(self) -> int:
        return decimals(self.instrument.lot)
