"""Actions that change orders: amend in place, edit into another, cancel one and place another, cancel all later.

Rules:
- An amendment is read as a new order's prices are, relative ones too; what is left out stays.
- `replace_order` is two requests in one: it cancels, and then places. By `mode` stop_on_failure it places nothing when
  it could not cancel; allow_failure places anyhow. Where anything failed it is Refused, as `replace_failed` or, when
  one of the two was done, `replace_partly_failed`, with its row as the error's own reply.
- `only_in` (a state) lets only an order in that state be cancelled; another is refused as not_in_state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.engine import Aim, Amendment, Order, Rejected, Side
from exconn.sandbox.engine.amending import request_of
from exconn.sandbox.order_checks import Proposal

from . import prices
from .call import Call, Refusal
from .trading import cancel_order, count_order, find_order, place_order

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
    count_order(call, "amend", order.symbol, order.created)
    amended = call.desk.exchange.amend(call.account, order.id, _amendment(call, order), call.now)
    if isinstance(amended, Rejected):
        raise _refused(call, order, amended)
    return amended.order


def edit_order(call: Call) -> Replacement:
    """Put another order in an open one's place, or change nothing."""
    order = find_order(call, call.desk.exchange)
    count_order(call, "edit", order.symbol, order.created)
    edited = call.desk.exchange.edit(call.account, order.id, _amendment(call, order), call.now)
    if isinstance(edited, Rejected):
        raise _refused(call, order, edited)
    return Replacement(cancelled=[edited.before], placed=[edited.order])


def replace_order(call: Call) -> Replacement:
    """Cancel an order and place another. Refused: replace_failed, replace_partly_failed, each with its row."""
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
    """Cancel all orders after `seconds` or `milliseconds`, unless it is asked again before; 0 ends it."""
    args = call.args
    wait = Decimal(args.get("seconds") or 0) * 10**9 + Decimal(args.get("milliseconds") or 0) * 10**6
    at = call.now + int(wait) if wait else None
    call.desk.exchange.cancel_all_after(call.account, at, call.now)
    return TimerRow(call.now, at)


def _amendment(call: Call, order: Order) -> Amendment:
    args = call.args
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
    )


def _refused(call: Call, order: Order, rejected: Rejected) -> Refused:
    proposal = Proposal(call.desk, call.account, order.symbol, request_of(order), call.now)
    return Refused(str(rejected.reason), **proposal.values)
