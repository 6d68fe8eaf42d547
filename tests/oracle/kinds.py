"""Which comparison a kind of message gets: all of its records, against ccxt's unified structure of the same message.

Rules: kinds are those of the folder of opinions; what a listener is told is known by its shape; lookups and lists of
orders must tell state and filled amount, as nothing else does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from exconn.model import (
    BalanceReport,
    BookSnapshot,
    BookUpdate,
    FillReport,
    LastPrice,
    OrderReport,
    PublicTrade,
    Report,
    ServerTime,
    TradingRule,
)

from . import alike

_MUST: Final = {"order": ("state", "filled"), "open_orders": ("state", "filled"), "ws_order": ("state",)}


def compare(kind: str, ours: Sequence[Report], theirs: Any) -> Iterator[str]:
    """Differences of our reading of an answer of this kind to ccxt's unified one."""
    if kind in ("order", "open_orders", "create_order", "cancel_order", "order_object"):
        rows = [row for row in (theirs if isinstance(theirs, list) else [theirs]) if row.get("id") is not None]
        yield from alike.orders(_of(ours, OrderReport), rows, _MUST.get(kind, ()))
        made = [each for row in rows for each in row.get("trades", ()) if each.get("price") is not None]
        if made and _of(ours, FillReport):
            yield from alike.fills(_of(ours, FillReport), made)
    elif kind in ("my_trades", "order_trades", "trade_object"):
        yield from _compare_trades(ours, theirs if isinstance(theirs, list) else [theirs])
    elif kind == "balances":
        yield from alike.balances(_of(ours, BalanceReport), theirs)
    elif kind in ("markets", "market_object"):
        yield from alike.rules(_of(ours, TradingRule), theirs if isinstance(theirs, list) else [theirs])
    else:
        yield from _compare_one(ours, theirs)


def _compare_one(ours: Sequence[Report], theirs: Any) -> Iterator[str]:
    for report in ours:
        if isinstance(report, BookSnapshot | BookUpdate):
            yield from alike.book(report, theirs)
        elif isinstance(report, LastPrice):
            yield from alike.price(report, theirs)
        elif isinstance(report, ServerTime):
            yield from alike.moment(report, theirs)
    if not ours:
        yield "we read nothing in it"


def _compare_trades(ours: Sequence[Report], theirs: Sequence[Any]) -> Iterator[str]:
    if _of(ours, PublicTrade):
        yield from alike.trades(_of(ours, PublicTrade), theirs)
    else:
        yield from alike.fills(_of(ours, FillReport), theirs)


def compare_said(kind: str, ours: Sequence[Report], said: Sequence[Any]) -> Iterator[str]:
    """Differences in the frames of a connection; `said`: each structure that the others give to their listeners."""
    for value in said:
        if isinstance(value, Mapping) and "bids" in value:
            books = [report for report in ours if isinstance(report, BookSnapshot | BookUpdate)]
            yield from alike.book(books[-1], value) if books else ["book: we read none"]
        elif isinstance(value, Mapping):
            reports = _of(ours, BalanceReport)
            yield from alike.balances(reports, value) if "total" in value else ["no record of ours"]
        elif value and "takerOrMaker" not in value[0] and "status" not in value[0]:
            yield from alike.trades(_of(ours, PublicTrade), value)
        elif value and "status" in value[0]:
            yield from alike.orders(_of(ours, OrderReport), value, _MUST.get(kind, ()))
        else:
            yield from alike.fills(_of(ours, FillReport), value)


def _of(ours: Sequence[Report], model: type[Any]) -> list[Any]:
    return [report for report in ours if isinstance(report, model)]


def asked_for(reports: Sequence[Report], kind: str, pair: str, theirs: Any) -> list[Report]:
    """Our reports without those of which the others were not asked: of other pairs, and of other orders than the one
    they looked up."""
    kept = [each for each in reports if not pair or getattr(each, "pair", None) in (None, pair)]
    if kind == "order" and isinstance(theirs, Mapping):
        kept = [each for each in kept if not isinstance(each, OrderReport) or each.exchange_order_id == theirs["id"]]
    return kept
