"""The records of public data: trades, candles, tickers, books, and the rules of instruments.

Rules:
- Averages are quote per base of all that was traded, to ten decimals; there is none before the first trade.
- A level of a book knows its symbol, whose steps its digits may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from exconn.sandbox.engine import Side, Trade
from exconn.sandbox.engine.amounts import divide, minus, round_to
from exconn.sandbox.engine.minute import MINUTE

from .values import PAIR, Kind, Record, Value, amounts, attribute, base_of, plain, prices, quote_of, through, words


def _is_buyer_maker(trade: Trade) -> bool:
    return trade.taker_side is Side.SELL


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


_BOUNDS = ("buy_least", "buy_most", "sell_least", "sell_most")


def _of_band(name: str) -> Callable[[Any], Any]:
    """A figure of the price band of a rule, which may have none."""
    return lambda rule: None if rule.price_band is None else getattr(rule.price_band, name)


_TRADE: dict[str, Value] = {
    **PAIR,
    **attribute(Kind.ID, "trade_id", "id", "trade"),
    **plain(Kind.INTEGER, "number"),
    **attribute(Kind.WORD, "side", "taker_side", "side"),
    "type": Value(Kind.WORD, lambda row: row.taker.kind.upper(), "type"),  # how it was priced when it traded
    **prices("price"),
    **amounts("amount"),
    **attribute(Kind.MONEY, "quote_amount", "quote"),
    "is_buyer_maker": Value(Kind.FLAG, _is_buyer_maker),
    "buyer_order_id": Value(Kind.ID, lambda row: (row.maker if _is_buyer_maker(row) else row.taker).order_id),
    "seller_order_id": Value(Kind.ID, lambda row: (row.taker if _is_buyer_maker(row) else row.maker).order_id),
    **plain(Kind.TIME, "time"),
}
MARKET_RECORDS: dict[str, Record] = {
    "trade": _TRADE,
    "trades": {
        **PAIR,
        "trades": Value(Kind.ROWS, attrgetter("trades"), "trade"),
        "count": Value(Kind.INTEGER, lambda row: len(row.trades)),
        **plain(Kind.TIME, "time"),
    },
    "top": {**PAIR, **prices("bid", "ask"), **plain(Kind.TIME, "time")},
    "tops": {**PAIR, "tops": Value(Kind.ROWS, attrgetter("tops"), "top"), **plain(Kind.TIME, "time")},
    "aggregated_trade": {
        **through("last", _TRADE),
        **plain(Kind.MONEY, "amount"),
        **attribute(Kind.INTEGER, "first_number", "first.number"),
        **attribute(Kind.INTEGER, "last_number", "last.number"),
    },
    "aggregated_trades": {"trades": Value(Kind.ROWS, attrgetter("trades"), "aggregated_trade")},
    "candle": {
        **PAIR,
        **plain(Kind.TEXT, "interval"),
        **plain(Kind.TIME, "start", "end"),
        **prices("open", "high", "low", "close"),
        "average": Value(Kind.MONEY, _average, "price"),
        **amounts("volume", "bought"),
        **plain(Kind.MONEY, "quote_volume", "bought_quote"),
        **plain(Kind.INTEGER, "trades", "first_number", "last_number", "minutes"),
        **plain(Kind.TIME, "over"),
        **plain(Kind.FLAG, "is_closed"),
    },
    "candles": {**PAIR, "candles": Value(Kind.ROWS, attrgetter("candles"), "candle"), **plain(Kind.TIME, "last")},
    "average_price": {
        **PAIR,
        **plain(Kind.INTEGER, "minutes"),
        **plain(Kind.MONEY, "price"),
        **plain(Kind.TIME, "time"),
    },
    "ticker": {
        **PAIR,
        **prices("open", "high", "low", "last", "bid", "ask", "previous"),
        **amounts("volume", "bid_size", "ask_size", "last_size"),
        **plain(Kind.MONEY, "quote_volume"),
        "change": Value(Kind.MONEY, lambda row: _apart(row.last, row.open), "price"),
        "change_percent": Value(Kind.MONEY, lambda row: _percent(row.last, row.open)),
        "average": Value(Kind.MONEY, _average, "price"),
        **plain(Kind.INTEGER, "trades", "last_number"),
        "first_number": Value(Kind.INTEGER, lambda row: row.last_number - row.trades + 1),
        **plain(Kind.TIME, "since", "until", "time"),
        "window": Value(Kind.INTEGER, lambda row: (row.until - row.since) // MINUTE * 60),
    },
    "tickers": {"tickers": Value(Kind.ROWS, attrgetter("tickers"), "ticker")},
    "level": {
        "symbol": PAIR["symbol"],
        "price": Value(Kind.MONEY, attrgetter("price"), "price"),
        "amount": Value(Kind.MONEY, attrgetter("amount"), "amount"),
    },
    "book": {
        **PAIR,
        **plain(Kind.INTEGER, "first_id", "last_id", "previous_id"),
        "bids": Value(Kind.ROWS, lambda book: _levels(book.symbol, book.bids), "level"),
        "asks": Value(Kind.ROWS, lambda book: _levels(book.symbol, book.asks), "level"),
        **plain(Kind.INTEGER, "checksum"),
        **plain(Kind.TIME, "time"),
    },
    "book_order": {
        "symbol": PAIR["symbol"],
        **attribute(Kind.ID, "exchange_order_id", "id", "order"),
        **prices("price"),
        **amounts("amount"),
        **plain(Kind.TIME, "time"),
        **attribute(Kind.WORD, "event", "event", "book_event"),
    },
    "book_level": {
        "symbol": PAIR["symbol"],
        **prices("price"),
        **amounts("amount"),
        **attribute(Kind.INTEGER, "count", "orders"),
        **plain(Kind.TIME, "first", "last"),
    },
    "book_orders": {
        **PAIR,
        **{side: Value(Kind.ROWS, attrgetter(side), "book_order") for side in ("bids", "asks")},
        **{side: Value(Kind.ROWS, attrgetter(side), "book_level") for side in ("bid_levels", "ask_levels")},
        **plain(Kind.INTEGER, "checksum"),
        **plain(Kind.TIME, "time"),
    },
    "rule": {
        **PAIR,
        **words("status"),
        **plain(Kind.MONEY, "price_step", "size_step", "min_size", "max_size", "min_price", "max_price"),
        **plain(Kind.MONEY, "min_notional", "max_notional"),
        **{f"band_{name}": Value(Kind.MONEY, _of_band(name)) for name in _BOUNDS},
        "groups": Value(Kind.LIST, attrgetter("groups")),
        "band_minutes": Value(Kind.INTEGER, _of_band("minutes")),
        **plain(Kind.INTEGER, "price_digits", "size_digits", "price_places", "size_places"),
    },
    "rules": {"rules": Value(Kind.ROWS, attrgetter("rules"), "rule"), "assets": Value(Kind.ROWS, _assets_of, "asset")},
    "asset": {**plain(Kind.ASSET, "asset")},
    "assets": {"assets": Value(Kind.ROWS, attrgetter("assets"), "asset")},
}
