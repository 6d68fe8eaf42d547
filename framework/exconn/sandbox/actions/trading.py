"""Actions on orders: place, cancel, reduce, look up.

Rules:
- An order is first examined in the exchange's own order of checks, then placed; the engine has the last word.
- `closed_for` (seconds) is how long a closed order can still be found; left out, for ever.
- What the engine refuses is `Refused` with its reason and the values that the error's text may show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.wire import Unknown
from exconn.sandbox.engine import ListKind, NewList, NewOrder, Order, Rejected
from exconn.sandbox.limits import SECOND
from exconn.sandbox.order_checks import Proposal, examine

from .call import Call, Records
from .proposal import propose
from .references import is_meant, is_ref, names_any, refs_of


@dataclass(frozen=True, slots=True)
class OrdersRow:
    """Orders; `all_of_them` is how many there are where these are a page."""

    orders: Sequence[Order]
    all_of_them: int | None = None

    @property
    def count(self) -> int:
        return len(self.orders) if self.all_of_them is None else self.all_of_them


def place_order(call: Call, counts_as: str = "place") -> Order:
    """Place an order. It is matched at once, and the row is how it stands then. `validate` only checks it."""
    if call.args.get("validate"):
        return check_order(call)
    proposal = propose(call)
    if not isinstance(proposal.symbol, Unknown):
        count_order(call, counts_as, proposal.symbol)
    examine(proposal, call.desk.dialect.placing)
    placed = _place(call, proposal)
    if isinstance(placed, Rejected):
        raise Refused(str(placed.reason), **proposal.values)
    return placed


def count_order(call: Call, action: str, symbol: str, order: Order | None = None) -> None:
    """Count what is done, with an order by its age since it was placed or amended. Refused: too_many_orders."""
    age = 0 if order is None else call.now - call.desk.amendments.since(order)
    if not call.desk.order_counter.take(action, call.account, symbol, call.now, age):
        raise Refused("too_many_orders")


def _place(call: Call, proposal: Proposal) -> Order | Rejected:
    """Place an order, and behind it the one that closes what it opened, if it is asked for."""
    exchange, args = call.desk.exchange, call.args
    if args.get("close_type") is None:
        placed = exchange.place(call.account, proposal.new, call.now)
        return placed if isinstance(placed, Rejected) else placed.order
    closing = {name.removeprefix("close_"): value for name, value in args.items() if name.startswith("close_")}
    closing |= {"symbol": args["symbol"], "side": proposal.new.side.opposite, "amount": proposal.new.amount}
    close = propose(call.having(closing)).new
    opens = replace(proposal.new, tags={**proposal.new.tags, **_closed_by(str(args["close_type"]), close)})
    new = NewList(ListKind.OTO, (opens, close))
    listed = exchange.place_list(call.account, new, call.now)
    return listed if isinstance(listed, Rejected) else listed.orders[0]


def _closed_by(kind: str, close: NewOrder) -> dict[str, str]:
    """What an order bears of the one that closes what it opens."""
    trigger = close.trigger
    named = {"type": kind, "price": close.price, "trigger_price": trigger and trigger.price}
    return {f"close_{name}": str(value) for name, value in named.items() if value is not None}


def check_order(call: Call) -> Order:
    """Everything of placing but the order: the row is what it would begin as, not `placed`."""
    proposal = propose(call)
    examine(proposal, call.desk.dialect.placing)
    preview = call.desk.exchange.preview(call.account, proposal.new, call.now)
    if isinstance(preview, Rejected):
        raise Refused(str(preview.reason), **proposal.values)
    return preview


def lookup_order(call: Call) -> Order:
    """One order, by either id."""
    return find_order(call, call.records)


def find_order(call: Call, records: Records) -> Order:
    """The order that a call names, by either id. Refused: unknown_symbol, unknown_order."""
    args, symbol = call.args, named_symbol(call)
    closed_for = args.get("closed_for")
    order = call.desk.find_order(
        records,
        call.account,
        call.now,
        client_id=args.get("client_id"),
        order_id=args.get("exchange_order_id"),
        closed_for=None if closed_for is None else closed_for * SECOND,
    )
    if symbol is not None and order.symbol != symbol:
        raise Refused("unknown_order")
    return order


def cancel_order(call: Call) -> Order:
    """Cancel one order, `only_in` a state if it is given; it is out of the book when this returns."""
    order = find_order(call, call.desk.exchange)
    if order.is_open and call.args.get("only_in") not in (None, order.state):
        raise Refused("not_in_state")
    if order.is_open:
        count_order(call, "cancel", order.symbol, order)
    cancelled = call.desk.exchange.cancel(call.account, order.id, call.now)
    if isinstance(cancelled, Rejected):
        raise Refused(str(cancelled.reason), rule=call.desk.rule(order.symbol, call.now))
    return cancelled.order


def cancel_all(call: Call) -> OrdersRow:
    """Cancel all open orders, of one symbol if it is given. Refused: unknown_order, if none is to be cancelled."""
    outcomes = call.desk.exchange.cancel_all(call.account, call.now, named_symbol(call))
    if not outcomes and call.args.get("refuses_none"):
        raise Refused("unknown_order")
    for outcome in outcomes:
        count_order(call, "cancel", outcome.order.symbol, outcome.order)
    return OrdersRow([outcome.order for outcome in outcomes])


def cancel_orders(call: Call) -> OrdersRow:
    """Cancel open orders by id, user reference or client id; the row is those cancelled.

    Refused: unknown_order, when none is named, or one is and none that is meant is open.
    """
    if not names_any(call.args):
        raise Refused("unknown_order")
    refs: Sequence[Any] = refs_of(call.args) or [None]
    orders = call.desk.exchange.orders(call.account, open_only=True)
    cancelled: list[Order] = []
    for ref in refs:
        meant = [order for order in orders if is_ref(order, ref) and is_meant(order, call.args)]
        if not meant and len(refs) == 1:
            raise Refused("unknown_order")
        for order in meant:
            if call.desk.exchange.order(call.account, order.id) is not order:
                continue  # it was asked for twice, or went with another one of its list
            count_order(call, "cancel", order.symbol, order)
            outcome = call.desk.exchange.cancel(call.account, order.id, call.now)
            if isinstance(outcome, Rejected):
                raise Refused(str(outcome.reason), rule=call.desk.rule(order.symbol, call.now))
            cancelled.append(outcome.order)
    return OrdersRow(cancelled)


def orders_by_id(call: Call) -> OrdersRow:
    """Orders by id, user reference or client id. Refused: unknown_order, when none is named, or one is nobody's."""
    if not names_any(call.args):
        raise Refused("unknown_order")
    refs: Sequence[Any] = call.args.get("order_refs") or ()
    orders = [order for order in call.records.orders(call.account) if is_meant(order, call.args)]
    if not refs:
        return OrdersRow(orders)
    found: list[Order] = []
    for ref in refs:
        meant = [order for order in orders if is_ref(order, ref)]
        if not meant:
            raise Refused("unknown_order")
        found += meant
    return OrdersRow(found)


def reduce_order(call: Call) -> Order:
    """Lower an open order's size; it keeps its place."""
    order = find_order(call, call.desk.exchange)
    reduced = call.desk.exchange.reduce(
        call.account,
        order.id,
        call.args["amount"],
        call.now,
        call.args.get("new_client_id") or call.desk.made_client_id(),
    )
    if isinstance(reduced, Rejected):
        raise Refused(str(reduced.reason), rule=call.desk.rule(order.symbol, call.now))
    return reduced.order


def open_orders(call: Call) -> OrdersRow:
    """All open orders, of one symbol, one client id or one user reference if it is given."""
    orders = call.records.orders(call.account, named_symbol(call), open_only=True)
    return OrdersRow([order for order in orders if is_meant(order, call.args)])


def all_orders(call: Call) -> OrdersRow:
    """Open and closed orders of a span of time, the last `limit` of them; or the first, from `from_order` on."""
    since, until, limit, closed_for = (call.args.get(name) for name in ("since", "until", "limit", "closed_for"))
    first = call.args.get("from_order")
    orders = [
        order
        for order in call.records.orders(call.account, named_symbol(call))
        if (since is None or order.created >= since)
        and (until is None or order.created <= until)
        and (first is None or order.id >= first)
        and (closed_for is None or order.is_open or order.updated >= call.now - closed_for * SECOND)
    ]
    if limit is not None:
        orders = orders[:limit] if first is not None else orders[max(len(orders) - limit, 0) :]
    return OrdersRow(orders)


def named_symbol(call: Call) -> str | None:
    """The symbol that a call names, or None. Refused: unknown_symbol."""
    symbol = call.args.get("symbol")
    return None if symbol is None else call.desk.known_symbol(symbol, call.now)
