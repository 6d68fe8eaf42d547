"""`apply`: one order, one fact, and what follows. The only place where an order's state changes.

Rules: pure and O(1); the phase only rises and a terminal phase absorbs: after it a fill still counts, told as late, and
nothing else is told. The first sign of life tells `Created`, once; a trade id fills once; one terminal event an order,
ever. A submit of unknown outcome fails only on two decoded not-founds, both after the fence and at least the
exchange's read-after-write time apart. A fact that cannot be about this order changes nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec.structs import replace

from exconn.market.tracking import announce
from exconn.market.tracking.agreement import contradiction
from exconn.market.tracking.cumulative import fill_between
from exconn.market.tracking.ending import HELD_SECONDS, closing_phase
from exconn.market.tracking.facts import (
    Accepted,
    CancelFailed,
    CancelRequested,
    Fact,
    FillsRead,
    NotFound,
    Refused,
    Submitted,
    Tick,
    Unresolved,
)
from exconn.market.tracking.fills import EXACT, Fill, fill_of, sum_fees
from exconn.market.tracking.order import Phase, TrackedOrder
from exconn.market.tracking.store import MarketEventTuple
from exconn.model import FillReport, OrderReport, OrderState, OrderType

Outcome: TypeAlias = tuple[TrackedOrder, tuple[MarketEventTuple, ...]]
_NANOSECONDS = 1_000_000_000
# looking a member up in its enum costs more than all else here
_OPEN, _REJECTED, _MARKET = Phase.OPEN, OrderState.REJECTED, OrderType.MARKET


def apply(order: TrackedOrder, fact: Fact, now: float) -> Outcome:
    """The order after `fact` and the events to tell. `now`: seconds of the market's clock. An order that the fact does
    not change is given back as the same object.
    """
    return (order, ()) if contradiction(order, fact) is not None else follow(order, fact, now)


def follow(order: TrackedOrder, fact: Fact, now: float) -> Outcome:
    """As `apply`, for a fact that is known not to contradict the order."""
    return _RULES[type(fact)](order, fact, now)


def _submitted(order: TrackedOrder, fact: Submitted, now: float) -> Outcome:
    order = _fenced(order, fact.fence_ns, fact.fence_at)
    if fact.sent_ns is None or fact.sent_ns >= (order.sent_ns or fact.sent_ns + 1):
        return order, ()
    return replace(order, sent_ns=fact.sent_ns), ()


def _unresolved(order: TrackedOrder, fact: Unresolved, now: float) -> Outcome:
    if order.phase > Phase.UNRESOLVED:
        return order, ()
    order = _fenced(order, fact.fence_ns, fact.fence_at)
    if fact.id_is_taken:
        order = replace(order, id_comes_again=True, id_is_taken=True)
    return (order if order.phase is Phase.UNRESOLVED else replace(order, phase=Phase.UNRESOLVED)), ()


def _fenced(order: TrackedOrder, fence_ns: int | None, fence_at: float | None) -> TrackedOrder:
    if fence_ns is None or fence_ns <= (order.fence_ns or 0):
        return order
    return replace(order, fence_ns=fence_ns, fence_at=fence_at)


def _refused(order: TrackedOrder, fact: Refused, now: float) -> Outcome:
    if not fact.proven:
        return _unresolved(order, Unresolved(str(fact.error)), now)
    if order.phase is not Phase.INTENT:
        # A refusal speaks of the request that it answers; an earlier one may have been executed all the same.
        return order, ()
    return _failed(order, str(fact.error), announce.kind_of(fact.error), now)


def _failed(order: TrackedOrder, why: str, kind: str, now: float) -> Outcome:
    order = replace(order, phase=Phase.FAILED, error=why, error_type=kind, closed_at=now)
    return order, (announce.ended(order, now),)


def _not_found(order: TrackedOrder, fact: NotFound, now: float) -> Outcome:
    if order.phase is not Phase.UNRESOLVED or order.fence_ns is None or fact.at_ns <= order.fence_ns:
        return order, ()
    if order.fence_at is not None and fact.asked_at <= order.fence_at:
        return order, ()
    first = min(fact.asked_at, order.absent_first_at or fact.asked_at)
    last = max(fact.asked_at, order.absent_last_at or fact.asked_at)
    order = replace(order, absent_first_at=first, absent_last_at=last)
    if order.sees_ns is None or last == first or last - first < order.sees_ns / _NANOSECONDS:
        return order, ()
    if fact.is_taken:
        return _failed(order, "its client id is another order's on the exchange", "duplicate_client_id", now)
    return _failed(order, "the exchange does not know this order, and it can no longer arrive", "never_arrived", now)


def _accepted(order: TrackedOrder, fact: Accepted, now: float) -> Outcome:
    return _reported(order, fact.report, now)


def _reported(order: TrackedOrder, report: OrderReport, now: float) -> Outcome:
    if _stays_open(order, report):
        amounts = _amounts(order, report)
        return (replace(order, **amounts) if amounts else order), ()
    order, told = _sighted(order, report.exchange_order_id, now, alive=report.state is not _REJECTED)
    derived = None if order.tells_trades else fill_between(order, report)
    if derived is not None:
        order, more = _booked(order, derived, now)
        told += more
    return _closed(_claimed(order, report, now), told, now)


def _stays_open(order: TrackedOrder, report: OrderReport) -> bool:
    """Whether the report says no more than amounts of an order that is known to be open, and whose fills are told."""
    if order.phase is not _OPEN or not order.created_told or not order.tells_trades:
        return False
    return order.exchange_order_id is not None and (report.state is None or not report.state.is_final)


def _sighted(order: TrackedOrder, exchange_order_id: str | None, now: float, alive: bool = True) -> Outcome:
    """The order has been seen on the exchange."""
    if order.created_told and order.exchange_order_id is not None and order.phase >= _OPEN:
        return order, ()
    changes: dict[str, Any] = {}
    if order.exchange_order_id is None and exchange_order_id is not None:
        changes["exchange_order_id"] = exchange_order_id
    if order.phase < _OPEN:
        changes["phase"] = _OPEN
    tells = alive and not order.created_told and not order.is_closed
    if tells:
        changes["created_told"] = True
    if changes:
        order = replace(order, **changes)
    return order, ((announce.created(order, now),) if tells else ())


def _claimed(order: TrackedOrder, report: OrderReport, now: float) -> TrackedOrder:
    """What the exchange says of amounts and of the end."""
    changes = _amounts(order, report)
    if report.state is not None and report.state.is_final and not order.is_closed:
        changes |= _end(order, report, now)
    return replace(order, **changes) if changes else order


def _amounts(order: TrackedOrder, report: OrderReport) -> dict[str, Any]:
    """Greater amounts than were known. A limit order may have been made larger on the exchange; of others the amount
    may be in quote."""
    changes: dict[str, Any] = {}
    if report.filled is not None and report.filled > order.told_filled:
        changes["told_filled"] = report.filled
    if report.amount is not None and report.amount > order.whole and order.order_type is not _MARKET:
        changes["told_amount"] = report.amount
    return changes


def _end(order: TrackedOrder, report: OrderReport, now: float) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if order.end is None:
        changes |= {"end": report.state, "phase": Phase.ENDING, "held_since": now}
        if report.state is OrderState.REJECTED:
            changes |= {"error": report.reason or "the exchange rejected the order", "error_type": "rejected"}
    if report.filled is not None and (order.end_filled is None or report.filled > order.end_filled):
        changes["end_filled"] = report.filled
    if report.filled_quote is not None and report.filled_quote > (order.end_filled_quote or 0):
        changes["end_filled_quote"] = report.filled_quote
    return changes


def _filled(order: TrackedOrder, report: FillReport, now: float) -> Outcome:
    known = order.fills.get(report.trade_id)
    if known is not None:
        return _fee_learnt(order, known, report), ()
    order, told = _sighted(order, report.exchange_order_id, now)
    if not order.tells_trades:
        return order, told
    order, more = _booked(order, fill_of(report), now)
    if report.amount is None:
        order = replace(order, rounded=True)
    return _closed(order, told + more if told else more, now)


def _fee_learnt(order: TrackedOrder, known: Fill, report: FillReport) -> TrackedOrder:
    if known.fees is not None or report.fees is None:
        return order
    return replace(order, fills=order.fills.with_fees(known, report.fees), fees=sum_fees(order.fees, report.fees))


def _booked(order: TrackedOrder, fill: Fill, now: float) -> Outcome:
    late = order.is_closed
    order = replace(
        order,
        fills=order.fills.plus(fill),
        executed_base=EXACT.add(order.executed_base, fill.amount),
        executed_quote=EXACT.add(order.executed_quote, fill.quote_amount),
        fees=sum_fees(order.fees, fill.fees),
    )
    return order, (announce.filled(order, fill, now, late),)


def _fills_read(order: TrackedOrder, fact: FillsRead, now: float) -> Outcome:
    """Proof that no fill is missing, when it was asked for late enough to show everything before the end."""
    waits = order.phase is Phase.ENDING or (order.incomplete and not order.fills_read)
    if not waits or order.held_since is None or order.sees_ns is None:
        return order, ()
    if fact.asked_at < order.held_since + order.sees_ns / _NANOSECONDS:
        return order, ()
    return _closed(replace(order, fills_read=True), (), now)


def _cancel_requested(order: TrackedOrder, fact: CancelRequested, now: float) -> Outcome:
    wanted = order.cancel_wanted or order.is_closed
    return (order if wanted else replace(order, cancel_wanted=True, cancel_error=None)), ()


def _cancel_failed(order: TrackedOrder, fact: CancelFailed, now: float) -> Outcome:
    known = order.is_closed or order.cancel_error == fact.why
    return (order if known else replace(order, cancel_error=fact.why)), ()


def _ticked(order: TrackedOrder, fact: Tick, now: float) -> Outcome:
    if order.phase is not Phase.ENDING or order.held_since is None or now - order.held_since < HELD_SECONDS:
        return order, ()
    return _closed(order, (), now, forced=True)


def _closed(order: TrackedOrder, told: tuple[MarketEventTuple, ...], now: float, forced: bool = False) -> Outcome:
    """Close the order if it is over, and tell it, after all else."""
    if order.is_closed:
        return order, told
    phase = closing_phase(order, forced)
    if phase is None:
        return order, told
    incomplete = forced and closing_phase(order, forced=False) is None
    order = replace(order, phase=phase, closed_at=now, incomplete=incomplete)
    return order, (*told, announce.ended(order, now))


_RULES: Mapping[type, Callable[[TrackedOrder, Any, float], Outcome]] = {
    Submitted: _submitted,
    Accepted: _accepted,
    Refused: _refused,
    Unresolved: _unresolved,
    OrderReport: _reported,
    FillReport: _filled,
    NotFound: _not_found,
    FillsRead: _fills_read,
    CancelRequested: _cancel_requested,
    CancelFailed: _cancel_failed,
    Tick: _ticked,
}
