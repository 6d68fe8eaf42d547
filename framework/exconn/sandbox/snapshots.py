"""Snapshots: what a channel tells a new subscriber, by event, and the checksum of a book where a channel has one.

Rules:
- A snapshot is the row of a record, taken when the subscription is answered; books may be as a fault shows them.
- The checksum is over the digits that the dialect declares for the instrument, of the book that the row stands for.
- `depth` of a channel is how many levels or rows its snapshot has; all of them where it says none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .actions.account import BalanceRow, BalancesRow
from .actions.call import Records
from .actions.market_data import BookRow, RulesRow, TradesRow, book_row
from .actions.trading import OrdersRow
from .book_orders import BookOrdersRow, checksum_of, resting
from .candles import CandlesRow, Reach, candles
from .desk import Desk
from .dialect.channels import Channel
from .dialect.formats import declared
from .engine import Ticker
from .rows import ReportsRow, reports_of


@dataclass(frozen=True, slots=True)
class Look:
    """What a snapshot is taken of: `target` is our symbol, or the account, or "" for all."""

    desk: Desk
    records: Records
    channel: Channel
    target: str
    now: int


def with_checksum(row: BookRow, channel: Channel, desk: Desk) -> BookRow:
    """The row with the checksum of the exchange's book as it is now, where the channel has one."""
    if channel.checksum is None:
        return row
    book = desk.exchange.book(row.symbol, channel.checksum.levels)
    price, size = (desk.dialect.places[step][row.symbol] for step in ("price", "amount"))
    value = channel.checksum.of(
        book.bids, book.asks, lambda money: declared(money, price), lambda money: declared(money, size)
    )
    return replace(row, checksum=value)


def _book(look: Look) -> BookRow:
    row = book_row(look.records.book(look.target, look.channel.depth), look.now)
    return with_checksum(row, look.channel, look.desk)


def _book_orders(look: Look) -> BookOrdersRow:
    row = resting(look.desk, look.target, look.channel.depth, look.now)
    return row._replace(checksum=checksum_of(look.desk, look.target, look.channel.checksum))


def _trades(look: Look) -> TradesRow:
    return TradesRow(look.target, look.desk.exchange.trades(look.target, look.channel.depth), look.now)


def _ticker(look: Look) -> Ticker:
    return look.desk.exchange.ticker(look.target, look.now)


def _rules(look: Look) -> RulesRow:
    return RulesRow(look.desk.rules(look.now))


def _orders(look: Look) -> OrdersRow:
    return OrdersRow(look.desk.exchange.orders(look.target, open_only=True))


def _fills(look: Look) -> ReportsRow:
    fills = look.desk.exchange.fills(look.target)
    page = fills[-(look.channel.depth or len(fills)) :]
    return reports_of(page, look.desk.exchange.orders(look.target), len(page))


def _balances(look: Look) -> BalancesRow:
    found = look.desk.exchange.balances(look.target)
    rows = [BalanceRow(asset, each.total, each.available, each.held) for asset, each in sorted(found.items())]
    return BalancesRow(rows, look.now)


def _candles(look: Look) -> CandlesRow:
    symbol, _, interval = look.target.partition(" ")
    period = look.channel.intervals[interval]
    reach = Reach(latest=look.channel.depth or 1)
    return CandlesRow(candles(look.desk, symbol, interval, period, look.now, look.channel.offset, reach), symbol)


SNAPSHOTS: dict[str, Callable[[Look], Any]] = {
    "book_snapshot": _book,
    "book_orders_snapshot": _book_orders,
    "candles_snapshot": _candles,
    "trades_snapshot": _trades,
    "ticker_snapshot": _ticker,
    "rules_snapshot": _rules,
    "orders_snapshot": _orders,
    "fills_snapshot": _fills,
    "balances_snapshot": _balances,
}
"""Event -> what takes the row of its record."""
