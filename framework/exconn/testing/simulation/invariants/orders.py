"""I1, I3 to I6 and I9: what may become of an order.

Rules: each is a function of the case, or of the case and the order that has just changed; it yields what is broken, and
nothing where all is well. The ledger is the truth. Sources: the reliability reference, section 2.1.
"""

from collections import Counter

from exconn.market.tracking import Phase
from exconn.model import MarketEvent
from exconn.sandbox.engine import Order, State
from exconn.testing.simulation.chronicle import CREATED, ENDS, Life
from exconn.testing.simulation.invariants.case import Case, Finding, Findings

_ENDINGS = {
    State.FILLED: {"completed"},
    State.CANCELLED: {"cancelled"},
    State.EXPIRED: {"expired", "cancelled"},
    State.REJECTED: {"failed"},
}
"""How the ledger's states are told; an exchange that ends an order by itself may call that a cancel."""


def no_order_lost(case: Case) -> Findings:
    """I1: every order asked for is over, or tracked; what is open here is open there."""
    tracked = case.market.in_flight_orders
    for life in case.lives():
        true = case.ledger_order(life.client_id)
        if life.order is not None and life.order.phase is Phase.OPEN and (true is None or not true.is_open):
            state = "no such order" if true is None else f"it {true.state}"
            yield Finding(f"order {life.client_id} is open here, the ledger has {state}", life.client_id)
        if life.end is None and life.client_id not in tracked:
            yield Finding(f"order {life.client_id} has no terminal event and is not tracked", life.client_id)
        elif life.end is not None and life.client_id in tracked:
            yield Finding(f"order {life.client_id} is over, and still in flight", life.client_id)


def legal_events(case: Case, life: Life) -> Findings:
    """I3: Created at most once and first, one terminal event, after it late fills alone; each true of the ledger."""
    ends = [tag for tag, _ in life.told if tag in ENDS]
    tag, event = life.told[-1]
    before = life.told[:-1]
    if tag in CREATED and before:
        yield Finding(f"order {life.client_id}: {tag.name} after {before[-1][0].name}", life.client_id)
    if len(ends) > 1 and tag in ENDS:
        yield Finding(f"order {life.client_id}: {tag.name} after {ends[0].name}", life.client_id)
    if tag is MarketEvent.OrderFilled and event.late != bool(ends):
        when = "after the end and not told as late" if ends else "before the end and told as late"
        yield Finding(f"order {life.client_id}: fill {event.exchange_trade_id} {when}", life.client_id)
    if tag in ENDS:
        yield from true_end(case, life)


def true_end(case: Case, life: Life) -> Findings:
    """I3, the end against the ledger."""
    assert life.end is not None
    word, event = life.end
    order = case.ledger_order(life.client_id)
    if order is None:
        if word != "failed":
            yield Finding(f"order {life.client_id} told as {word}, the ledger has no such order", life.client_id)
        return
    if word not in _ENDINGS.get(order.state, ()):
        yield Finding(f"order {life.client_id} told as {word}, the ledger has it {order.state}", life.client_id)
    told = sum((fill.amount for fill in life.fills), start=type(order.filled)(0))
    if word == "completed" and not event.base_asset_amount == told == order.filled:
        amounts = f"completed with {event.base_asset_amount}, fills of {told}, the ledger has {order.filled}"
        yield Finding(f"order {life.client_id} {amounts}", life.client_id)
    if word == "cancelled" and not event.incomplete and told != order.filled:
        amounts = f"cancelled after fills of {told}, the ledger has {order.filled}"
        yield Finding(f"order {life.client_id} {amounts}, and it was not told as incomplete", life.client_id)


def true_ends(case: Case) -> Findings:
    """I3, of every order, when all is over."""
    for life in case.lives():
        if life.end is not None:
            yield from true_end(case, life)


def no_orphan(case: Case) -> Findings:
    """I4: what is open in the ledger and ours is tracked."""
    tracked = case.market.in_flight_orders
    for order in case.ledger_orders(open_only=True):
        client_id = order.client_id or ""
        if client_id not in tracked:
            yield Finding(f"order {client_id} is open in the ledger and not tracked", client_id)


def one_order_per_call(case: Case) -> Findings:
    """I5: at most one order in the ledger for each call; none without a call, and nothing told of such."""
    counts = Counter(order.client_id or "" for order in case.ledger_orders())
    for client_id, count in counts.items():
        if count > 1:
            yield Finding(f"{count} orders in the ledger of one call, {client_id}", client_id)
        life = case.chronicle.orders.get(client_id)
        if life is None or not life.is_asked:
            yield Finding(f"order {client_id} is in the ledger, and nobody asked for it")
    for life in case.lives():
        if life.told and not life.is_asked:
            yield Finding(f"order {life.client_id} is told of, and nobody asked for it", life.client_id)


def monotone(case: Case, life: Life) -> Findings:
    """I6: the phase and what is executed never go down, and a terminal phase stays."""
    before, order = life.before, life.order
    if before is None or order is None:
        return
    if order.phase < before.phase or (before.is_closed and order.phase is not before.phase):
        yield Finding(f"order {life.client_id} went from {before.phase.name} to {order.phase.name}", life.client_id)
    if order.executed_base < before.executed_base or order.told_filled < before.told_filled:
        yield Finding(f"order {life.client_id}: what is filled went down", life.client_id)


def cancel_intent(case: Case) -> Findings:
    """I9: what was asked to be cancelled is not open, when all is over."""
    for life in case.lives():
        order = case.ledger_order(life.client_id) if life.cancel_asked else None
        if order is not None and order.is_open:
            yield Finding(f"order {life.client_id} was to be cancelled and is open in the ledger", life.client_id)


def honest_sweeps(case: Case) -> Findings:
    """I9: what `cancel_all` says is cancelled has ended so in the ledger."""
    results, case.trader.results = case.trader.results, []
    for at, result in results:
        order = case.ledger_order(result.order_id) if result.success else None
        if result.success and not _is_cancelled(order):
            state = "no such order" if order is None else f"it {order.state}"
            text = f"cancel_all at {at:.3f} s said that {result.order_id} is cancelled, the ledger has {state}"
            yield Finding(text, result.order_id)


def _is_cancelled(order: Order | None) -> bool:
    return order is not None and order.state in (State.CANCELLED, State.EXPIRED)


def nothing_unresolved(case: Case) -> Findings:
    """I14, of orders: the outcome of every submit is known, and no end waits for its fills."""
    for life in case.lives():
        if life.order is not None and life.order.phase in (Phase.INTENT, Phase.UNRESOLVED, Phase.ENDING):
            yield Finding(f"order {life.client_id} is still {life.order.phase.name}", life.client_id)
