"""What answers and events show that is no object of the engine itself: small frozen rows.

Rules:
- A row is what a record of the dialect language stands over; its names are the record's.
- Rows are made when they are shown, from what the engine has then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .engine import (
    Change,
    Exchange,
    Fill,
    Order,
    OrderAccepted,
    OrderClosed,
    OrderList,
    OrderUpdated,
    Prevention,
    Ticker,
    Trade,
)
from .engine.amounts import EXACT
from .ledgers import Entry
from .limits import SECOND
from .price_band import mean_price

ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Report:
    """One step of an order: what changed it, and the fill or the prevented match that did, if one did.

    `ledgers` are the entries of the fill, where they are asked for.
    """

    order: Order
    step: str
    fill: Fill | None
    time: int
    prevention: Prevention | None = None
    ledgers: Sequence[Entry] = ()

    @property
    def last_prevented(self) -> Decimal | None:
        """What the order lost by the prevented match."""
        return None if self.prevention is None else self.prevention.lost_by(self.order.id)

    @property
    def counter_order_id(self) -> int | None:
        """The order that it would have traded with."""
        return None if self.prevention is None else self.prevention.other(self.order.id)


def report_of(event: OrderAccepted | OrderUpdated | OrderClosed) -> Report:
    """The step that an event of the engine tells."""
    if isinstance(event, OrderAccepted):
        return Report(event.order, ACCEPTED, None, event.time)
    if event.fill is not None:
        return Report(event.order, str(Change.FILL), event.fill, event.time)
    step = str(event.change) if isinstance(event, OrderUpdated) else str(event.order.reason)
    kept = event.order.preventions[-1] if step == Change.SELF_TRADE and event.order.preventions else None
    return Report(event.order, step, None, event.time, kept)


@dataclass(frozen=True, slots=True)
class ReportsRow:
    """Fills beside their orders as these stand now; `count` is how many there are where these are a page."""

    reports: Sequence[Report]
    count: int


def reports_of(fills: Sequence[Fill], orders: Iterable[Order], count: int, entries: Iterable[Entry] = ()) -> ReportsRow:
    """Fills as reports; `orders` are all of the account, `entries` those of its ledger where they are to be shown."""
    known = {order.id: order for order in orders}
    moved: dict[int | None, list[Entry]] = {}
    for entry in entries:
        moved.setdefault(entry.trade_id, []).append(entry)

    def report(fill: Fill) -> Report:
        order, ledgers = known[fill.order_id], moved.get(fill.trade_id, ())
        return Report(order, str(Change.FILL), fill, fill.time, ledgers=ledgers)

    return ReportsRow([report(fill) for fill in fills], count)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Funds that came (or, negative, went): not by a trade."""

    asset: str
    amount: Decimal
    time: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Trades of one taker at one price, as one. `first` and `last` are numbers of its trades."""

    trades: Sequence[Trade]

    @property
    def first(self) -> Trade:
        return self.trades[0]

    @property
    def last(self) -> Trade:
        return self.trades[-1]

    @property
    def amount(self) -> Decimal:
        total = Decimal(0)
        for trade in self.trades:
            total = EXACT.add(total, trade.amount)
        return total


def aggregate(trades: Sequence[Trade]) -> Iterator[Aggregate]:
    """Trades, oldest first, those that follow each other of one taker at one price as one."""
    group: list[Trade] = []
    for trade in trades:
        if group and (trade.taker.order_id, trade.price) != (group[-1].taker.order_id, group[-1].price):
            yield Aggregate(group)
            group = []
        group.append(trade)
    if group:
        yield Aggregate(group)


@dataclass(frozen=True, slots=True)
class TickersRow:
    """Tickers of several symbols."""

    tickers: Sequence[Ticker]


@dataclass(frozen=True, slots=True)
class AveragePrice:
    """The average price of some minutes, weighted by volume; the last price where nothing traded in them."""

    symbol: str
    minutes: int
    price: Decimal | None
    time: int


def average_price(exchange: Exchange, symbol: str, count: int, now: int) -> AveragePrice:
    """The average over the last `count` minutes of trading; its time is that of the last trade."""
    last = exchange.trades(symbol, 1)
    mean = mean_price(exchange.minutes(symbol, now), now - count * 60 * SECOND)
    return AveragePrice(symbol, count, mean or exchange.last_price(symbol), last[0].time if last else now)


@dataclass(frozen=True, slots=True)
class ListRow:
    """An order list, and its orders as they stand."""

    list: OrderList
    orders: Sequence[Order]

    @property
    def symbol(self) -> str:
        return self.list.symbol

    @property
    def list_state(self) -> str:
        return "done" if self.list.is_done else "executing"


@dataclass(frozen=True, slots=True)
class ListsRow:
    """Order lists, oldest first."""

    lists: Sequence[ListRow]


def list_row(exchange: Exchange, listed: OrderList) -> ListRow:
    """A list with its orders as they stand now."""
    found = (exchange.order(listed.account, each) for each in listed.orders)
    return ListRow(listed, [order for order in found if order is not None])
