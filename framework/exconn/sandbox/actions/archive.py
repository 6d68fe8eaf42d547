"""What an account did: closed orders, its own trades, prevented matches and ledger entries, in pages counted from the
newest.

Rules:
- A page holds `limit` rows after `offset` of them, newest first; `count` is how many there are in all.
- `since` is exclusive and `until` inclusive, moments in ns; where they are ids, they are the moments of those rows, of
  orders those at which they were placed.
- Rows asked for by id come in the order asked; one that is not the account's is refused as an unknown order, and a
  ledger entry that is not is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from exconn.sandbox.amendments import Amendment
from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.wire import Unknown
from exconn.sandbox.engine import Order, Prevention
from exconn.sandbox.ledgers import Entry
from exconn.sandbox.rows import ReportsRow, reports_of

from .call import Call
from .references import is_meant
from .trading import OrdersRow, find_order, named_symbol

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class LedgersRow:
    """A page of ledger entries."""

    entries: Sequence[Entry]
    count: int


@dataclass(frozen=True, slots=True)
class AmendmentsRow:
    """What an order was and became, oldest first, its placing among them."""

    amendments: Sequence[Amendment]

    @property
    def count(self) -> int:
        return len(self.amendments)


def amendments(call: Call) -> AmendmentsRow:
    """An order's placing and amendments, those of `from_change` on; at most `limit` amendments, of which the placing is
    none. Refused: unknown_order."""
    order, start, limit = find_order(call, call.records), call.args.get("from_change"), call.args.get("limit")
    steps = call.desk.amendments.of(order.id)
    found = [step for step in steps if start is None or step.order.updated >= start]
    most = None if limit is None else limit + sum(step.before is None for step in found)
    return AmendmentsRow(found[:most])


@dataclass(frozen=True, slots=True)
class PreventedMatchesRow:
    """Matches of an account with itself that did not happen, oldest first."""

    matches: Sequence[Prevention]


def prevented_matches(call: Call) -> PreventedMatchesRow:
    """The account's prevented matches, of one symbol, one order or one `number` if it is given; at most `limit`, from
    `from_number` on."""
    order_id, number, limit = (call.args.get(name) for name in ("exchange_order_id", "number", "limit"))
    orders = call.records.orders(call.account, named_symbol(call))
    known = {(kept.symbol, kept.number): kept for order in orders for kept in order.preventions}
    found = [
        known[key]
        for key in sorted(known)
        if number in (None, known[key].number)
        and known[key].number >= (call.args.get("from_number") or 0)
        and (order_id is None or str(order_id) in (str(known[key].taker_id), str(known[key].maker_id)))
    ]
    return PreventedMatchesRow(found if limit is None else found[:limit])


def closed_orders(call: Call) -> OrdersRow:
    """A page of the account's closed orders. `which_time` is what `since` and `until` are of: open, close or both."""
    all_orders = call.records.orders(call.account)
    found = [order for order in all_orders if not order.is_open and is_meant(order, call.args)]
    moments = {str(order.id): order.created for order in all_orders}
    times = _TIMES[call.args.get("which_time") or "close"]
    page, count = _page(call, sorted(found, key=_updated), times, moments)
    return OrdersRow(page, count)


def fill_history(call: Call) -> ReportsRow:
    """A page of the account's fills, each beside its order, and with `ledgers` its ledger entries."""
    entries = call.desk.ledgers.of(call.account) if call.args.get("ledgers") else ()
    fills = call.records.fills(call.account)
    moments = {str(fill.trade_id): fill.time for fill in fills}
    page, count = _page(call, fills, lambda fill: (fill.time,), moments)
    return reports_of(page, call.records.orders(call.account), count, entries)


def fills_by_id(call: Call) -> ReportsRow:
    """Fills by the ids of their trades. Refused: unknown_order."""
    known = {fill.trade_id: fill for fill in call.records.fills(call.account)}
    found = [known.get(int(text)) for text in call.args["trade_ids"]]
    fills = [fill for fill in found if fill is not None]
    if len(fills) < len(found):
        raise Refused("unknown_order")
    return reports_of(fills, call.records.orders(call.account), len(fills))


def ledgers(call: Call) -> LedgersRow:
    """A page of ledger entries, of some `assets` or one `cause` where they are given. Refused: unknown_asset."""
    assets, cause = call.args.get("assets"), call.args.get("cause")
    if any(isinstance(asset, Unknown) for asset in assets or ()):
        raise Refused("unknown_asset")
    entries = call.desk.ledgers.of(call.account)
    moments = {str(entry.id): entry.time for entry in entries}
    found = [
        entry for entry in entries if (assets is None or entry.asset in assets) and cause in (None, str(entry.cause))
    ]
    page, count = _page(call, found, lambda entry: (entry.time,), moments)
    return LedgersRow(page, count)


def ledgers_by_id(call: Call) -> LedgersRow:
    """Ledger entries by id."""
    known = {entry.id: entry for entry in call.desk.ledgers.of(call.account)}
    found = [known[number] for number in map(int, call.args["ledger_ids"]) if number in known]
    return LedgersRow(found, len(found))


def _moment(asked: int | str | None, moments: Mapping[str, int]) -> int | None:
    """A moment, or that of a row by its id. Refused: unknown_order, of an id that no row has."""
    if isinstance(asked, str) and asked not in moments:
        raise Refused("unknown_order")
    return moments[asked] if isinstance(asked, str) else asked


def _updated(order: Order) -> int:
    return order.updated


_TIMES: dict[str, Callable[[Order], tuple[int, ...]]] = {
    "open": lambda order: (order.created,),
    "close": lambda order: (order.updated,),
    "both": lambda order: (order.created, order.updated),
}


def _page(
    call: Call, rows: Sequence[Row], times: Callable[[Row], tuple[int, ...]], moments: Mapping[str, int]
) -> tuple[list[Row], int]:
    """A page of rows of which one of their times lies in the span asked for, and how many there are."""
    since, until = (_moment(call.args.get(name), moments) for name in ("since", "until"))
    offset, limit = call.args.get("offset"), call.args.get("limit")

    def is_within(at: int) -> bool:
        return (since is None or at > since) and (until is None or at <= until)

    found = [row for row in rows if any(map(is_within, times(row)))]
    found.reverse()
    start = offset or 0
    return found[start : None if limit is None else start + limit], len(found)
