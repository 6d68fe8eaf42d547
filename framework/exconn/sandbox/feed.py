"""The feed: from the engine's events to the frames of subscribers.

Rules:
- Events are told in the engine's order. A fill is told before the order that shows it; balances of one account that
  change together are one frame, by name of the asset; trades of one operation and symbol are one frame.
- Book changes are gathered per cadence and flushed as one frame a symbol; a quiet market costs nothing.
- Nothing is rendered that nobody hears. A rendered frame is the same bytes for all its subscribers, unless something
  comes between the exchange and one of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

import msgspec

from .actions.account import BalanceRow, BalancesRow
from .actions.market_data import BookRow, TradesRow, book_row
from .desk import Desk
from .dialect.scope import Scope
from .dialect.sockets import Channel, FrameOut
from .engine import BalanceChanged, BookChanged, Event, OrderAccepted, OrderClosed, OrderUpdated, Side, Trade
from .interference import Interference

Place = tuple[str, str, str]


class Listener(Protocol):
    """Whoever hears a channel."""

    def see(self, channel: str, row: BookRow) -> BookRow:
        """What it is to be told of a book."""

    def tell(self, event: str, channel: str, topic: str, data: bytes) -> None:
        """Send one event frame."""


@dataclass(slots=True)
class Gathered:
    """The changes of one book since its last frame."""

    first: int
    last: int = 0
    time: int = 0
    sides: dict[Side, dict[Decimal, Decimal]] = field(default_factory=lambda: {Side.BUY: {}, Side.SELL: {}})

    def add(self, change: BookChanged) -> None:
        self.last, self.time = change.sequence, change.time
        self.sides[change.side][change.price] = change.size

    def row(self, symbol: str) -> BookRow:
        bids = sorted(self.sides[Side.BUY].items(), reverse=True)
        return BookRow(
            symbol, self.first, self.last, self.first - 1, bids, sorted(self.sides[Side.SELL].items()), self.time
        )


class Feed:
    """Who hears what, and what there is to hear. A place is (socket, channel, our symbol or account or "")."""

    __slots__ = ("_by_event", "_clients", "_desk", "_gathered", "_interference", "_listeners", "_now_ns", "_stirred")

    def __init__(self, desk: Desk, interference: Interference, now_ns: Callable[[], int]) -> None:
        self._desk, self._interference, self._now_ns = desk, interference, now_ns
        self._clients = frozenset(desk.exchange.accounts())
        self._listeners: dict[Place, dict[Listener, None]] = {}
        self._by_event: dict[str, list[tuple[str, Channel, FrameOut]]] = {}
        for socket in desk.dialect.sockets.values():
            for channel in socket.channels.values():
                for frame in channel.frames:
                    self._by_event.setdefault(frame.event, []).append((socket.name, channel, frame))
        beats = {channel.every for _, channel, _ in self._by_event.get("book_update", ())}
        self._gathered: dict[float, dict[str, Gathered]] = {beat: {} for beat in sorted(beats)}
        self._stirred = {beat: asyncio.Event() for beat in self._gathered}
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
        for symbol, changes in gathered.items():
            self._emit("book_update", symbol, changes.row(symbol), beat)

    def snapshot(self, channel: Channel, symbol: str, listener: Listener) -> None:
        """Send a new subscriber the book, where the channel begins with it."""
        for frame in channel.frames:
            if frame.event == "book_snapshot":
                self.flush(channel.every)
                now = self._now_ns()
                records = self._interference.records(None, self._desk.exchange)
                row = listener.see(channel.name, book_row(records.book(symbol, channel.depth), now))
                listener.tell(frame.event, channel.name, symbol, msgspec.json.encode(frame.render(row, Scope(now))))

    def _hear(self, events: tuple[Event, ...]) -> None:
        trades: dict[str, list[Trade]] = {}
        for _, group in groupby(events, type):
            alike = list(group)
            balances = [event for event in alike if isinstance(event, BalanceChanged)]
            if balances:
                self._tell_balances(balances)
            for event in alike:
                if isinstance(event, BookChanged):
                    self._gather(event)
                elif isinstance(event, Trade):
                    trades.setdefault(event.symbol, []).append(event)
                elif isinstance(event, OrderAccepted | OrderUpdated | OrderClosed):
                    self._tell_order(event)
        for symbol, of_symbol in trades.items():
            self._emit("trades", symbol, TradesRow(symbol, of_symbol, of_symbol[-1].time))

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
            self._emit("fill", account, event.fill)
        self._emit("order", account, event.order)

    def _tell_balances(self, changes: list[BalanceChanged]) -> None:
        for account, group in groupby(sorted(changes, key=attrgetter("account", "asset")), attrgetter("account")):
            of_account = list(group)
            rows = [BalanceRow(each.asset, each.total, each.available, each.held) for each in of_account]
            self._emit("balances", account, BalancesRow(rows, of_account[-1].time))

    def _emit(self, event: str, target: str, row: Any, beat: float | None = None) -> None:
        for socket, channel, frame in self._by_event.get(event, ()):
            if (beat is not None and channel.every != beat) or not frame.holds(row):
                continue
            for place in ((socket, channel.name, target), (socket, channel.name, "")):
                heard = self._listeners.get(place)
                if heard:
                    data = self._render(frame, row)
                    for listener in tuple(heard):
                        seen = row if beat is None else listener.see(channel.name, row)
                        listener.tell(event, channel.name, target, data if seen is row else self._render(frame, seen))

    def _render(self, frame: FrameOut, row: Any) -> bytes:
        return msgspec.json.encode(frame.render(row, Scope(self._now_ns())))
