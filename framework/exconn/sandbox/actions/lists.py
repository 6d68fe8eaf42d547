"""Actions on order lists: place, cancel, look up.

Rules:
- The arguments of one order of a list bear its place: `above_` and `below_` of a pair (or `limit_` and `stop_`, which
  are above or below by the side), `working_`, `pending_`, and `pending_above_`, `pending_below_`. What an order does
  not have by its own name it takes from its place's (`pending_side`), then from the list's (`side`, `amount`).
- What refuses one of the orders refuses the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.verbs import LEG_FIELDS
from exconn.sandbox.engine import ListKind, NewList, Rejected
from exconn.sandbox.order_checks import examine
from exconn.sandbox.rows import ListRow, ListsRow, list_row

from .call import Call
from .proposal import propose
from .trading import named_symbol

PLACES: dict[ListKind, tuple[str, ...]] = {
    ListKind.OCO: ("above", "below"),
    ListKind.OTO: ("working", "pending"),
    ListKind.OTOCO: ("working", "pending_above", "pending_below"),
}
BY_SIDE = {"sell": ("limit", "stop"), "buy": ("stop", "limit")}


def place_list(call: Call) -> ListRow:
    """Place orders that depend on each other, all or none."""
    kind = ListKind(call.args["kind"])
    proposals = [propose(call.having(dict(_leg(call.args, place)))) for place in _places(call, kind)]
    for proposal in proposals:
        examine(proposal, call.desk.dialect.placing)
    client_id = call.args.get("list_client_id") or call.desk.made_client_id()
    new = NewList(kind, tuple(each.new for each in proposals), client_id)
    placed = call.desk.exchange.place_list(call.account, new, call.now)
    if isinstance(placed, Rejected):
        raise Refused(str(placed.reason), **proposals[0].values)
    return ListRow(placed.list, placed.orders)


def cancel_list(call: Call) -> ListRow:
    """Cancel all open orders of a list."""
    found = order_list(call)
    cancelled = call.desk.exchange.cancel_list(call.account, found.list.id, call.now)
    if isinstance(cancelled, Rejected):
        raise Refused(str(cancelled.reason), rule=call.desk.rule(found.symbol, call.now))
    return list_row(call.desk.exchange, cancelled)


def order_list(call: Call) -> ListRow:
    """One list, by either id; one that is named by both, or with a symbol, has all of them. Refused: unknown_list."""
    symbol, list_id, client_id = named_symbol(call), call.args.get("list_id"), call.args.get("list_client_id")
    for each in reversed(call.desk.exchange.lists(call.account)):
        is_named = str(each.id) == str(list_id) if list_id is not None else client_id is not None
        if is_named and client_id in (None, each.client_id) and symbol in (None, each.symbol):
            return list_row(call.desk.exchange, each)
    raise Refused("unknown_list")


def open_lists(call: Call) -> ListsRow:
    """The lists that are not done."""
    return ListsRow([row for row in _lists(call) if not row.list.is_done])


def all_lists(call: Call) -> ListsRow:
    """All lists of a span of time, the last `limit` of them; or the first, from an id on."""
    since, until, from_id, limit = (call.args.get(name) for name in ("since", "until", "from_id", "limit"))
    rows = [
        row
        for row in _lists(call)
        if (since is None or row.list.created >= since)
        and (until is None or row.list.created <= until)
        and (from_id is None or row.list.id >= int(from_id))
    ]
    if limit is not None:
        rows = rows[:limit] if from_id is not None else rows[max(len(rows) - limit, 0) :]
    return ListsRow(rows)


def _lists(call: Call) -> Sequence[ListRow]:
    symbol = named_symbol(call)
    found = call.desk.exchange.lists(call.account)
    return [list_row(call.desk.exchange, each) for each in found if symbol in (None, each.symbol)]


def _places(call: Call, kind: ListKind) -> tuple[str, ...]:
    if kind is ListKind.OCO and "above_type" not in call.args:
        return BY_SIDE[call.args["side"]]
    return PLACES[kind]


def _leg(args: Any, place: str) -> Iterator[tuple[str, Any]]:
    for field in LEG_FIELDS:
        names = (f"{place}_{field}", f"{place.partition('_')[0]}_{field}", field)
        value = next((args[name] for name in names if args.get(name) is not None), None)
        if value is not None:
            yield field, value
