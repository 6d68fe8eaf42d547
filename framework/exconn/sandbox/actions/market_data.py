"""Actions that anyone may ask for: the clock, the instruments, the book, the tape.

Rules:
- Rows are the engine's own objects or small frozen views of them; nothing is copied that need not be.
- A symbol that is not shown is refused as unknown_symbol, after the arguments were found well-formed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from exconn.sandbox.book_orders import BookOrdersRow, resting
from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.wire import Unknown
from exconn.sandbox.engine import BookSnapshot, Ticker, Trade
from exconn.sandbox.engine.amounts import exact
from exconn.sandbox.rule import Rule
from exconn.sandbox.tops import Top

from .call import Call
from .pages import first_page

Levels = Sequence[tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class RulesRow:
    """All instruments."""

    rules: Sequence[Rule]


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset."""

    asset: str


@dataclass(frozen=True, slots=True)
class AssetsRow:
    """Assets, as they come first in the instruments."""

    assets: Sequence[AssetRow]


@dataclass(frozen=True, slots=True)
class BookRow:
    """A book, or a change of one: `last_id` is the sequence number after it, `first_id` that of its first change.

    `checksum` is of the exchange's own book after it, where a channel has one.
    """

    symbol: str
    first_id: int
    last_id: int
    previous_id: int
    bids: Levels
    asks: Levels
    time: int
    checksum: int | None = None


@dataclass(frozen=True, slots=True)
class TradesRow:
    """Trades of one symbol, oldest first; `time` is that of the last."""

    symbol: str
    trades: Sequence[Trade]
    time: int


@dataclass(frozen=True, slots=True)
class TopsRow:
    """Best prices of one symbol, oldest first; `time` is that of the last."""

    symbol: str
    tops: Sequence[Top]
    time: int


def nothing(call: Call) -> None:
    """Do nothing, and answer."""


def refuse(call: Call) -> None:
    """Refused, whatever is sent: as the file says."""
    raise Refused(call.args["meaning"])


def server_time(call: Call) -> None:
    """The clock, which every template may show."""


def trading_rules(call: Call) -> RulesRow:
    """All instruments, some, or one; of all only those of a `status`, and of one of some `groups`, if that is asked
    for."""
    known, groups = {rule.symbol for rule in asked_rules(call)}, call.args.get("groups")
    wanted = {groups} if isinstance(groups, str) else groups
    return RulesRow(
        [
            rule
            for rule in call.desk.rules(call.now)
            if rule.symbol in known and (wanted is None or not set(wanted).isdisjoint(rule.groups))
        ]
    )


def asked_rules(call: Call) -> Sequence[Rule]:
    """The instruments that a request names, in its order, or all that have its status.

    Refused: unknown_symbol, and other_status when one that is named has another.
    """
    symbol, symbols, status = (call.args.get(name) for name in ("symbol", "symbols", "status"))
    asked = symbols if symbol is None else [symbol]
    if asked is None:
        return [rule for rule in call.desk.rules(call.now) if status in (None, rule.status)]
    found = [call.desk.known_rule(each, call.now) for each in asked]
    if any(status not in (None, rule.status) for rule in found):
        raise Refused("other_status")
    return found


def assets(call: Call) -> AssetsRow:
    """All assets that are traded, or some. Refused: unknown_asset."""
    traded = dict.fromkeys(asset for each in call.desk.exchange.instruments() for asset in (each.base, each.quote))
    wanted: list[str | Unknown] | None = call.args.get("assets")
    for asset in wanted or ():
        if isinstance(asset, Unknown) or asset not in traded:
            raise Refused("unknown_asset")
    return AssetsRow([AssetRow(asset) for asset in traded if wanted is None or asset in wanted])


def book_row(book: BookSnapshot, now: int) -> BookRow:
    """A snapshot as a row."""
    return BookRow(book.symbol, book.sequence, book.sequence, book.sequence - 1, book.bids, book.asks, now)


def book_snapshot(call: Call) -> BookRow:
    """The book's best `depth` levels a side."""
    (rule,) = asked_rules(call)
    symbol = rule.symbol
    return book_row(call.records.book(symbol, call.args.get("depth")), call.now)


def book_orders(call: Call) -> BookOrdersRow:
    """The orders of the book's best `depth` levels a side."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return resting(call.desk, symbol, call.args.get("depth"), call.now)


@exact
def grouped_book(call: Call) -> BookRow:
    """The book's best `depth` levels a side, of `grouping` steps of the price each: bids go to the level below them and
    asks to the one above."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    rule, book = call.desk.rule(symbol, call.now), call.records.book(symbol, None)
    width = Decimal(call.args["grouping"]) * (Decimal(1) if rule is None else rule.price_step)
    depth, row = call.args.get("depth"), book_row(book, call.now)
    bids = _grouped(book.bids, lambda price: price // width * width)
    asks = _grouped(book.asks, lambda price: (price // width + bool(price % width)) * width)
    return replace(row, bids=bids[:depth], asks=asks[:depth])


def _grouped(levels: Levels, level_of: Callable[[Decimal], Decimal]) -> list[tuple[Decimal, Decimal]]:
    sums: dict[Decimal, Decimal] = {}
    for price, amount in levels:
        at = level_of(price)
        sums[at] = sums.get(at, Decimal(0)) + amount
    return list(sums.items())


def recent_trades(call: Call) -> TradesRow:
    """The last `limit` trades up to `until` (ns), or the first of those after `since` where it is given; of all symbols
    without one."""
    since, until, limit = (call.args.get(name) for name in ("since", "until", "limit"))
    exchange, asked = call.desk.exchange, call.args.get("symbol")
    symbol = "" if asked is None else call.desk.known_symbol(asked, call.now)
    trades: Sequence[Trade]
    if since is None and until is None and symbol:
        trades = exchange.trades(symbol, limit)
    else:
        symbols = [symbol] if symbol else [rule.symbol for rule in call.desk.rules(call.now)]
        every = sorted((trade for each in symbols for trade in exchange.trades(each)), key=attrgetter("time", "id"))
        found = [
            trade for trade in every if (since is None or trade.time > since) and (until is None or trade.time <= until)
        ]
        trades = found[-(limit or 0) :] if since is None else first_page(found, limit, attrgetter("time"))
    begins = call.now if since is None else since
    return TradesRow(symbol, trades, trades[-1].time if trades else begins)


def past_tops(call: Call) -> TopsRow:
    """The best prices as they were, from a moment on where `since` (ns) is given; the last `limit` of them."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    since, limit = call.args.get("since") or 0, call.args.get("limit")
    found = [top for top in call.desk.tops.of(symbol) if top.time >= since][-(limit or 0) :]
    return TopsRow(symbol, found, found[-1].time if found else since or call.now)


def ticker(call: Call) -> Ticker:
    """The last 24 hours of a symbol."""
    symbol = call.desk.known_symbol(call.args["symbol"], call.now)
    return call.desk.exchange.ticker(symbol, call.now)
