"""The feed: from the engine's events to the frames of subscribers.

Rules:
- Events are told in the engine's order. A fill is told before the order that shows it; balances of one account that
  change together are one frame, by name of the asset; trades of one operation and symbol are one frame.
- A report tells each step of an order, its fill with it. Funds that came or went otherwise are a transfer.
- Book changes are gathered per cadence and flushed as one frame a symbol; so are tickers, candles and states of books
  told of symbols whose book has changed. A quiet market costs nothing.
- Nothing is rendered that nobody hears. A rendered frame is the same bytes for all its subscribers, unless something
  comes between the exchange and one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

import msgspec

from .actions.account import BalanceRow, BalancesRow
from .actions.market_data import BookRow, RulesRow, TradesRow, book_row
from .desk import Desk
from .dialect.channels import PACED, Channel, FrameOut
from .dialect.scope import Scope
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
    Ticker,
    Trade,
)
from .engine.amounts import minus
from .gathered import Gathered
from .interference import Interference
from .rows import Candle, TickersRow, Transfer, aggregate, candles, list_row, report_of
from .snapshots import SNAPSHOTS, Look, with_checksum
from .views import Views

Place = tuple[str, str, str]


class Listener(Protocol):
    """Whoever hears a channel."""

    def see(self, channel: str, row: BookRow) -> BookRow:
        """What it is to be told of a book."""

    def count(self, place: Place) -> int:
        """The number of its next frame of a place."""

    def tell(self, event: str, place: Place, topic: str, data: bytes) -> None:
        """Send one event frame to the subscriptions of a place."""


class Feed:
    """Who hears what, and what there is to hear. A place is (socket, channel, our symbol or account or "")."""

    __slots__ = (
        "_by_event",
        "_clients",
        "_desk",
        "_gathered",
        "_interference",
        "_listeners",
        "_stirred",
        "_tops",
        "_totals",
        "_views",
        "now_ns",
    )

    def __init__(self, desk: Desk, interference: Interference, now_ns: Callable[[], int]) -> None:
        self._desk, self._interference, self.now_ns = desk, interference, now_ns
        self._clients = frozenset(desk.exchange.accounts())
        self._listeners: dict[Place, dict[Listener, None]] = {}
        self._views = Views()
        self._by_event: dict[str, list[tuple[str, Channel, FrameOut]]] = {}
        for socket in desk.dialect.sockets.values():
            for channel in socket.channels.values():
                for frame in channel.frames:
                    self._by_event.setdefault(frame.event, []).append((socket.name, channel, frame))
        beats = {channel.every for event in PACED for _, channel, _ in self._by_event.get(event, ())}
        self._gathered: dict[float, dict[str, Gathered]] = {beat: {} for beat in sorted(beats)}
        self._stirred = {beat: asyncio.Event() for beat in self._gathered}
        self._tops: dict[str, tuple[Any, Any]] = {}
        self._totals: dict[tuple[str, str], Decimal] = {}
        for account in self._clients:
            for asset, balance in desk.exchange.balances(account).items():
                self._totals[account, asset] = balance.total
        desk.exchange.subscribe(self._hear)

    @property
    def beats(self) -> tuple[float, ...]:
        """The cadences of book frames, in seconds."""
        return tuple(self._gathered)

    def join(self, place: Place, listener: Listener) -> None:
        """Hear a place from now on."""
        self._listeners.setdefault(place, {})[listener] = None

    def leave(self, place: Place, listener: Listener) -> None:
        """Hear it no more."""
        heard = self._listeners.get(place)
        if heard is not None:
            heard.pop(listener, None)
            if not heard:
                del self._listeners[place]

    async def run(self, beat: float) -> None:
        """Flush a cadence for ever: `beat` seconds after its first change since the last frames, never later."""
        stirred = self._stirred[beat]
        while True:
            await stirred.wait()
            await asyncio.sleep(beat)
            stirred.clear()
            self.flush(beat)

    def flush(self, beat: float) -> None:
        """Send what was gathered for a cadence."""
        gathered, self._gathered[beat] = self._gathered[beat], {}
        exchange, now = self._desk.exchange, self.now_ns()
        for symbol, changes in gathered.items():
            self._emit("book_update", symbol, partial(self._book_update, symbol, changes), beat)
            self._emit("book_state", symbol, partial(self._book_state, symbol, now), beat)
            self._emit("ticker", symbol, partial(self._ticker, symbol, now), beat)
            self._emit_candles(symbol, beat, now)
        if gathered:
            self._emit("tickers", "", lambda _: TickersRow([exchange.ticker(each, now) for each in gathered]), beat)

    def _book_update(self, symbol: str, changes: Gathered, channel: Channel) -> BookRow | None:
        """A change as a channel tells it; None where its levels did not change."""
        row = changes.row(symbol)
        if channel.limited:
            book = self._desk.exchange.book(symbol, channel.depth)
            bids, asks = self._views.advance((id(channel), symbol), book, changes.sides)
            if not bids and not asks:
                return None
            row = replace(row, bids=bids, asks=asks)
        return with_checksum(row, channel, self._desk)

    def _book_state(self, symbol: str, now: int, channel: Channel) -> BookRow:
        return book_row(self._desk.exchange.book(symbol, channel.depth), now)

    def _emit_candles(self, symbol: str, beat: float, now: int) -> None:
        for interval, seconds in self._intervals(beat).items():
            self._emit("candle", f"{symbol} {interval}", partial(self._candle, symbol, interval, seconds, now), beat)

    def _ticker(self, symbol: str, now: int, channel: Channel) -> Ticker:
        return self._desk.exchange.ticker(symbol, now)

    def _candle(self, symbol: str, interval: str, seconds: int, now: int, channel: Channel) -> Candle | None:
        """The latest candle; None before the first trade."""
        made = candles(symbol, self._desk.exchange.minutes(symbol, now), interval, seconds, now)
        return made[-1] if made else None

    def _intervals(self, beat: float) -> Mapping[str, int]:
        channels = (channel for _, channel, _ in self._by_event.get("candle", ()) if channel.every == beat)
        return {interval: seconds for channel in channels for interval, seconds in channel.intervals.items()}

    def prepare(self, channel: Channel) -> None:
        """Before a new subscriber of a channel that begins with the book: what was gathered goes to the others."""
        if any(frame.event == "book_snapshot" for frame in channel.frames):
            self.flush(channel.every)

    def snapshot(
        self, channel: Channel, place: Place, listener: Listener, wanted: Callable[[str], bool] = lambda asked: True
    ) -> None:
        """Send a new subscriber what the channel begins with, as far as it is `wanted`, by the name of who asks."""
        now, target = self.now_ns(), place[2]
        if channel.limited:
            self._views.begin((id(channel), target), self._desk.exchange.book(target, channel.depth))
        for frame in channel.frames:
            take = SNAPSHOTS.get(frame.event)
            if take is not None and wanted(frame.asked_by):
                records = self._interference.records(None, self._desk.exchange)
                row = take(Look(self._desk, records, channel, target, now))
                seen = listener.see(channel.name, row) if isinstance(row, BookRow) else row
                listener.tell(frame.event, place, target, self._render(frame, seen, channel, place, listener))

    def _hear(self, events: tuple[Event, ...]) -> None:
        trades: dict[str, list[Trade]] = {}
        moved: dict[str, None] = {}
        for _, group in groupby(events, type):
            alike = list(group)
            balances = [event for event in alike if isinstance(event, BalanceChanged)]
            if balances:
                self._tell_balances(balances)
            for event in alike:
                if isinstance(event, BookChanged):
                    self._gather(event)
                    moved[event.symbol] = None
                elif isinstance(event, Trade):
                    trades.setdefault(event.symbol, []).append(event)
                elif isinstance(event, OrderAccepted | OrderUpdated | OrderClosed):
                    self._tell_order(event)
                elif isinstance(event, InstrumentChanged):
                    self._tell_rule(event)
                elif isinstance(event, ListChanged):
                    self._emit("list", event.list.account, _just(list_row(self._desk.exchange, event.list)))
        for symbol, of_symbol in trades.items():
            self._tell_trades(symbol, of_symbol)
        for symbol in moved:
            self._tell_top(symbol)
        for entry in self._desk.ledgers.latest:
            self._emit("ledger", entry.account, _just(entry))

    def _gather(self, change: BookChanged) -> None:
        for beat, gathered in self._gathered.items():
            self._stirred[beat].set()
            changes = gathered.get(change.symbol)
            if changes is None:
                changes = gathered[change.symbol] = Gathered(change.sequence)
            changes.add(change)

    def _tell_order(self, event: OrderAccepted | OrderUpdated | OrderClosed) -> None:
        account = event.order.account
        if account not in self._clients:
            return
        if not isinstance(event, OrderAccepted) and event.fill is not None:
            self._emit("fill", account, _just(event.fill))
        self._emit("order", account, _just(event.order))
        self._emit("report", account, _just(report_of(event)))

    def _tell_rule(self, event: InstrumentChanged) -> None:
        symbol = event.instrument.symbol
        rule = self._desk.rule(symbol, event.time)
        if rule is not None:
            self._emit("rules", symbol, _just(RulesRow([rule])))

    def _tell_balances(self, changes: list[BalanceChanged]) -> None:
        for account, group in groupby(sorted(changes, key=attrgetter("account", "asset")), attrgetter("account")):
            of_account = list(group)
            rows = [BalanceRow(each.asset, each.total, each.available, each.held) for each in of_account]
            self._emit("balances", account, _just(BalancesRow(rows, of_account[-1].time)))
            for each in of_account:
                self._tell_transfer(each)

    def _tell_transfer(self, change: BalanceChanged) -> None:
        before = self._totals.get((change.account, change.asset), Decimal(0))
        self._totals[change.account, change.asset] = change.total
        if change.cause in (Cause.DEPOSIT, Cause.WITHDRAWAL):
            moved = minus(change.total, before)
            self._emit("transfer", change.account, _just(Transfer(change.asset, moved, change.time)))

    def _tell_trades(self, symbol: str, trades: list[Trade]) -> None:
        self._emit("trades", symbol, _just(TradesRow(symbol, trades, trades[-1].time)))
        for trade in trades:
            self._emit("trade", symbol, _just(trade))
        for together in aggregate(trades):
            self._emit("aggregated_trade", symbol, _just(together))

    def _tell_top(self, symbol: str) -> None:
        if "book_top" in self._by_event:
            book = self._desk.exchange.book(symbol, 1)
            top = book.bids, book.asks
            if self._tops.get(symbol) != top:
                self._tops[symbol] = top
                self._emit("book_top", symbol, _just(book_row(book, self.now_ns())))

    def _emit(self, event: str, target: str, row_for: Callable[[Channel], Any], beat: float | None = None) -> None:
        """Tell an event to who hears it. `row_for` makes its row, which a channel's depth may decide."""
        for socket, channel, frame in self._by_event.get(event, ()):
            if beat is not None and channel.every != beat:
                continue
            for place in dict.fromkeys(((socket, channel.name, target), (socket, channel.name, ""))):
                heard = self._listeners.get(place)
                if heard:
                    row = row_for(channel)
                    if row is None or not frame.holds(row):
                        break
                    data = None if channel.counted else self._render(frame, row, channel, place)
                    for listener in tuple(heard):
                        seen = listener.see(channel.name, row) if isinstance(row, BookRow) else row
                        if data is None or seen is not row:
                            own = self._render(frame, seen, channel, place, listener)
                            listener.tell(event, place, target, own)
                        else:
                            listener.tell(event, place, target, data)

    def _render(
        self, frame: FrameOut, row: Any, channel: Channel, place: Place, listener: Listener | None = None
    ) -> bytes:
        """A frame; a counted one is the listener's own."""
        count = listener.count(place) if channel.counted and listener is not None else 0
        return msgspec.json.encode(frame.render(row, Scope(self.now_ns(), count=count)))


def _just(row: Any) -> Callable[[Channel], Any]:
    """A row that is the same for every channel."""
    return lambda channel: row
