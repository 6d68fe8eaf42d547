"""Actions that change orders: amend in place, edit into another, cancel one and place another, cancel all later.

Rules:
- An amendment is read as a new order's prices are, relative ones too; what is left out stays. An edit may name its
  prices `first_price` and `second_price`: the first is the trigger's where the order has one, else the limit.
- `replace_order` is two requests in one: it cancels, and then places; the dialect's checks of the new order come before
  both, but for that of its client id, which the cancel may make free. By `mode` stop_on_failure it places nothing when
  it could not cancel; allow_failure places anyhow. Where anything failed it is Refused, as `replace_failed` or, when
  one of the two was done, `replace_partly_failed`, with its row as the error's own reply.
- `only_in` (a state) lets only an order in that state be cancelled; another is refused as not_in_state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.dialect.wire import UserRef
from exconn.sandbox.engine import Aim, Amendment, Order, Reject, Rejected, Side
from exconn.sandbox.engine.amending import request_of
from exconn.sandbox.limits import SECOND
from exconn.sandbox.order_checks import Proposal, examine

from . import prices
from .call import Call, Refusal
from .proposal import propose
from .trading import cancel_order, count_order, find_order, named_symbol, place_order

_LAST = 253_402_300_799 * SECOND
"""The end of the year 9999, the last moment that has a date."""
SUCCESS, FAILURE, NOT_ATTEMPTED = "success", "failure", "not_attempted"


@dataclass(slots=True)
class Replacement:
    """What came of cancelling and of placing; each list has one item or none."""

    cancel_result: str = SUCCESS
    place_result: str = SUCCESS
    cancelled: list[Order] = field(default_factory=list)
    placed: list[Order] = field(default_factory=list)
    cancel_refusal: list[Refusal] = field(default_factory=list)
    place_refusal: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TimerRow:
    """When all orders will be cancelled; None: not at all."""

    time: int
    at: int | None


def amend_order(call: Call) -> Order:
    """Change an open order in place."""
    order = find_order(call, call.desk.exchange)
    if order.is_open:
        count_order(call, "amend", order.symbol, order)
    amended = call.desk.exchange.amend(call.account, order.id, _amendment(call, order), call.now)
    if isinstance(amended, Rejected):
        raise _refused(call, order, amended)
    return amended.order


def edit_order(call: Call) -> Replacement:
    """Put another order in an open one's place, or change nothing; `validate` only checks it."""
    order, only_checked = _open_order(call), bool(call.args.get("validate"))
    if order.is_open and not only_checked:
        count_order(call, "edit", order.symbol, order)
    exchange = call.desk.exchange
    edited = exchange.edit(call.account, order.id, _amendment(call, order), call.now, only_checked=only_checked)
    if isinstance(edited, Rejected):
        raise _refused(call, order, edited)
    return Replacement(cancelled=[edited.before], placed=[edited.order])


def replace_order(call: Call) -> Replacement:
    """Cancel an order and place another.

    Refused: as the checks say, before anything is done; replace_failed, replace_partly_failed, each with its row.
    """
    placing = call.desk.dialect.placing
    examine(propose(call), tuple(each for each in placing if each != Reject.DUPLICATE_CLIENT_ID))
    row, args = Replacement(), call.args
    names = {"client_id": args.get("cancel_client_id"), "exchange_order_id": args.get("cancel_order_id")}
    asked = {**names, "symbol": args.get("symbol"), "only_in": args.get("only_in")}
    try:
        row.cancelled.append(cancel_order(call.having(asked)))
    except Refused as refused:
        row.cancel_result = FAILURE
        row.cancel_refusal.append(call.said(refused))
    if row.cancel_refusal and args.get("mode") != "allow_failure":
        row.place_result = NOT_ATTEMPTED
        raise Refused("replace_failed", row=row)
    try:
        row.placed.append(place_order(call))
    except Refused as refused:
        row.place_result = FAILURE
        row.place_refusal.append(call.said(refused))
    failures = [*row.cancel_refusal, *row.place_refusal]
    if failures:
        raise Refused("replace_failed" if len(failures) > 1 else "replace_partly_failed", row=row)
    return row


def cancel_all_after(call: Call) -> TimerRow:
    """Cancel all orders after `seconds` or `milliseconds`, unless it is asked again before; 0 ends it.

    Refused: malformed, where no date is so far ahead.
    """
    args = call.args
    wait = Decimal(args.get("seconds") or 0) * 10**9 + Decimal(args.get("milliseconds") or 0) * 10**6
    at = call.now + int(wait) if wait else None
    if at is not None and at > _LAST:
        raise Refused("malformed", field="seconds" if args.get("seconds") else "milliseconds")
    call.desk.exchange.cancel_all_after(call.account, at, call.now)
    return TimerRow(call.now, at)


def _open_order(call: Call) -> Order:
    """The order that a call names, also by a reference that only one open order of the symbol carries.

    Refused: unknown_symbol, unknown_order.
    """
    ref = call.args.get("exchange_order_id")
    if not isinstance(ref, UserRef):
        return find_order(call, call.desk.exchange)
    orders = call.desk.exchange.orders(call.account, named_symbol(call), open_only=True)
    found = [order for order in orders if order.tags.get("user_ref") == ref.text]
    if len(found) != 1:
        raise Refused("unknown_order")
    return found[0]


def _of_its_kind(args: Mapping[str, Any], order: Order) -> Mapping[str, Any]:
    """The arguments, with the prices that mean what the order is: the first is its trigger's, where it has one."""
    if "first_price" not in args:
        return args
    if order.trigger is None:
        return {**args, "price": args["first_price"]}
    return {**args, "trigger_price": args["first_price"], "price": args.get("second_price")}


def _amendment(call: Call, order: Order) -> Amendment:
    args = _of_its_kind(call.args, order)
    rule = call.desk.rule(order.symbol, call.now)
    tick, last = Decimal(1) if rule is None else rule.price_step, call.desk.exchange.last_price(order.symbol)
    buys = order.side is Side.BUY
    up = order.trigger is not None and buys is (order.trigger.aim is Aim.STOP_LOSS)
    limit = prices.in_unit(args.get("price"), args.get("price_unit"))
    trigger = prices.in_unit(args.get("trigger_price"), args.get("trigger_unit"))
    return Amendment(
        amount=args.get("amount"),
        price=prices.price(limit, last, tick, up=not buys),
        trigger_price=prices.price(trigger, last, tick, up=up),
        visible_amount=args.get("visible_amount"),
        client_id=args.get("new_client_id"),
        post_only=bool(args.get("post_only")),
        tags=_tags(args),
    )


def _tags(args: Mapping[str, Any]) -> dict[str, str] | None:
    """The tags of an edited order: those of the old one where the exchange takes no reference with an edit."""
    if "user_ref" not in args:
        return None
    return {} if args["user_ref"] is None else {"user_ref": str(args["user_ref"])}


def _refused(call: Call, order: Order, rejected: Rejected) -> Refused:
    proposal = Proposal(call.desk, call.account, order.symbol, request_of(order), call.now)
    return Refused(str(rejected.reason), **proposal.values)
