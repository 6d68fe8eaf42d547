"""Actions that anyone may ask for: the clock, the instruments, the book, the tape.

Rules:
- Rows are the engine's own objects or small frozen views of them; nothing is copied that need not be.
- A symbol that is not shown is refused as unknown_symbol, after the arguments were found well-formed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exconn.sandbox.dialect.records import Rule
from exconn.sandbox.engine import BookSnapshot, Ticker, Trade

from .call import Call

Levels = Sequence[tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class RulesRow:
    """All instruments."""

    rules: Sequence[Rule]


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book, or a change of one: `last_id` is the sequence number after it, `first_id` that of its first change."""

    symbol: str
    first_id: int
    last_id: int
    previous_id: int
    bids: Levels
    asks: Levels
    time: int


@dataclass(frozen=True, slots=True)
class TradesRow:
    """Trades of one symbol, oldest first; `time` is that of the last."""

    symbol: str
    trades: Sequence[Trade]
    time: int


def nothing(call: Call) -> None:
    """Do nothing, and answer."""


def server_time(call: Call) -> None:
    """The clock, which every template may show."""


def trading_rules(call: Call) -> RulesRow:
    """All instruments, or one."""
    symbol = call.args.get("symbol")
    if symbol is None:
        return RulesRow(call.desk.rules(call.now))
    known = call.desk.known_symbol(symbol, call.now)
    return RulesRow([rule for rule in call.desk.rules(call.now) if rule.symbol == known])


def book_row(book: BookSnapshot, now: int) -> BookRow:
    """A snapshot as a row."""
    return BookRow(book.symbol, book.sequence, book.sequence, book.sequence - 1, book.bids, book.asks, now)


def book_snapshot(call: Call) -> BookRow:
    """The book's best `depth` levels a side."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return book_row(call.records.book(symbol, call.args.get("depth")), call.now)


def recent_trades(call: Call) -> TradesRow:
    """The last `limit` trades."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return TradesRow(symbol, call.desk.exchange.trades(symbol, call.args.get("limit")), call.now)


def ticker(call: Call) -> Ticker:
    """The last 24 hours of a symbol."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return call.desk.exchange.ticker(symbol, call.now)
