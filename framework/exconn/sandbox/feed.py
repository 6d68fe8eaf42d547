"""The feed: from the engine's events to the frames of subscribers.

Rules:
- Events are told in the engine's order. A fill is told before the order that shows it; balances of one account that
  change together are one frame, by name of the asset; trades of one operation and symbol are one frame.
- A report tells each step of an order, its fill with it. Funds that came or went otherwise are a transfer.
- What changes too often to be told each time is the matter of `cadences`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from .actions.account import BalanceRow, BalancesRow
from .actions.market_data import BookRow, RulesRow, TradesRow, book_row
from .audience import Audience, Listener, Place, just
from .book_orders import resting
from .cadences import Cadences
from .desk import Desk
from .dialect.channels import Channel
from .engine import (
    BalanceChanged,
    BookChanged,
    Cause,
    Event,
    InstrumentChanged,
    ListChanged,
    OrderAccepted,
    OrderClosed,
    OrderUpdated,
    Trade,
)
from .engine.amounts import minus
from .interference import Interference
from .rows import Transfer, aggregate, list_row, report_of
from .snapshots import SNAPSHOTS, Look
from .views import Views

_OF_ORDERS = (OrderAccepted, OrderUpdated, OrderClosed)


class Feed:
    """Tells the audience what happens, and a new subscriber what there is."""

    __slots__ = (
        *("_clients", "_desk", "_interference", "_tells_tops", "_tops", "_totals", "_views"),
        *("audience", "cadences", "now_ns"),
    )

    def __init__(self, desk: Desk, interference: Interference, now_ns: Callable[[], int]) -> None:
        self._desk, self._interference, self.now_ns = desk, interference, now_ns
        self._clients = frozenset(desk.exchange.accounts())
        self.audience = Audience(desk.dialect.sockets.values(), now_ns, desk.order_count)
        self._views = Views()
        self.cadences = Cadences(desk, self.audience, self._views, now_ns)
        self._tops: dict[str, tuple[Any, Any]] = {}
        self._tells_tops = bool(self.audience.channels("book_top") or self.audience.channels("ticker_of_top"))
        self._totals: dict[tuple[str, str], Decimal] = {}
        for account in self._clients:
            for asset, balance in desk.exchange.balances(account).items():
                self._totals[account, asset] = balance.total
        desk.exchange.subscribe(self._hear)

    def prepare(self, channel: Channel) -> None:
        """Before a new subscriber of a channel that begins with the book: what was gathered goes to the others."""
        if any(frame.event in ("book_snapshot", "book_orders") for frame in channel.frames):
            self.cadences.flush(channel.every)

    def snapshot(
        self, channel: Channel, place: Place, listener: Listener, wanted: Callable[[str], bool] = lambda asked: True
    ) -> None:
        """Send a new subscriber what the channel begins with, as far as it is `wanted`, by the name of who asks."""
        now, target = self.now_ns(), place[2]
        if channel.limited:
            self._views.begin((id(channel), target), self._desk.exchange.book(target, channel.depth))
        if any(frame.event == "book_orders" for frame in channel.frames):
            book = resting(self._desk, target, channel.depth, now)
            self.cadences.order_views.begin((id(channel), target), book)
        for frame in channel.frames:
            take = SNAPSHOTS.get(frame.event)
            if take is not None and wanted(frame.asked_by):
                records = self._interference.records(None, self._desk.exchange)
                row = take(Look(self._desk, records, channel, target, now))
                seen = listener.see(channel.name, row) if isinstance(row, BookRow) else row
                listener.tell(frame.event, place, target, self.audience.render(frame, seen, channel, place, listener))

    def _hear(self, events: tuple[Event, ...]) -> None:
        trades: dict[str, list[Trade]] = {}
        moved: dict[str, None] = {}
        for kind, group in groupby(events, type):
            if kind is BalanceChanged:
                self._tell_balances([event for event in group if isinstance(event, BalanceChanged)])
                continue
            for event in group:
                if isinstance(event, BookChanged):
                    self.cadences.gather(event)
                    moved[event.symbol] = None
                elif isinstance(event, _OF_ORDERS):
                    self._tell_order(event)
                elif isinstance(event, Trade):
                    trades.setdefault(event.symbol, []).append(event)
                elif isinstance(event, InstrumentChanged):
                    self._tell_rule(event)
                elif isinstance(event, ListChanged):
                    self.audience.emit("list", event.list.account, just(list_row(self._desk.exchange, event.list)))
        for symbol, of_symbol in trades.items():
            self._tell_trades(symbol, of_symbol)
        if self._tells_tops:
            for symbol in moved:
                self._tell_top(symbol)
        for symbol in trades:  # with the book as the trades left it
            self.audience.emit("ticker_of_trades", symbol, self._ticker(symbol))
        for entry in self._desk.ledgers.latest:
            self.audience.emit("ledger", entry.account, just(entry))

    def _tell_order(self, event: OrderAccepted | OrderUpdated | OrderClosed) -> None:
        account = event.order.account
        if account not in self._clients:
            return
        if not isinstance(event, OrderAccepted) and event.fill is not None:
            self.audience.emit("fill", account, just(event.fill))
        self.audience.emit("order", account, just(event.order))
        self.audience.emit("report", account, just(report_of(event)))

    def _tell_rule(self, event: InstrumentChanged) -> None:
        symbol = event.instrument.symbol
        rule = self._desk.rule(symbol, event.time)
        if rule is not None:
            self.audience.emit("rules", symbol, just(RulesRow([rule])))

    def _tell_balances(self, changes: list[BalanceChanged]) -> None:
        for account, group in groupby(sorted(changes, key=attrgetter("account", "asset")), attrgetter("account")):
            of_account = list(group)
            rows = [BalanceRow(each.asset, each.total, each.available, each.held) for each in of_account]
            self.audience.emit("balances", account, just(BalancesRow(rows, of_account[-1].time)))
            for each in of_account:
                self._tell_transfer(each)

    def _tell_transfer(self, change: BalanceChanged) -> None:
        before = self._totals.get((change.account, change.asset), Decimal(0))
        self._totals[change.account, change.asset] = change.total
        if change.cause in (Cause.DEPOSIT, Cause.WITHDRAWAL):
            moved = minus(change.total, before)
            self.audience.emit("transfer", change.account, just(Transfer(change.asset, moved, change.time)))

    def _tell_trades(self, symbol: str, trades: list[Trade]) -> None:
        self.audience.emit("trades", symbol, just(TradesRow(symbol, trades, trades[-1].time)))
        for trade in trades:
            self.audience.emit("trade", symbol, just(trade))
        for together in aggregate(trades):
            self.audience.emit("aggregated_trade", symbol, just(together))

    def _tell_top(self, symbol: str) -> None:
        book = self._desk.exchange.book(symbol, 1)
        top = book.bids, book.asks
        if self._tops.get(symbol) != top:
            self._tops[symbol] = top
            self.audience.emit("book_top", symbol, just(book_row(book, self.now_ns())))
            self.audience.emit("ticker_of_top", symbol, self._ticker(symbol))

    def _ticker(self, symbol: str) -> Callable[[Channel], Any]:
        return lambda channel: self._desk.exchange.ticker(symbol, self.now_ns())
