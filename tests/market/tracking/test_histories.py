"""Order of arrival does not matter: a history told in any order, with duplicates and gaps, then reconciled once, ends
in the same state, through rising phases, with a legal list of events.
"""

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exconn.errors import ExchangeError, Meaning
from exconn.market.tracking import (
    Accepted,
    CancelRequested,
    Fact,
    Phase,
    Refused,
    Submitted,
    Tick,
    TrackedOrder,
    Unresolved,
    apply,
)
from exconn.model import FeePaid, FillReport, MarketEvent, OrderReport, OrderState, OrderType, TradeType

INTENT = TrackedOrder(
    client_id="c",
    pair="BTC-USDT",
    order_type=OrderType.LIMIT,
    side=TradeType.SELL,
    price=Decimal(100),
    amount=Decimal(1),
    sees_ns=0,
)
_LETTERS = {
    MarketEvent.SellOrderCreated: "c",
    MarketEvent.OrderFilled: "f",
    MarketEvent.SellOrderCompleted: "C",
    MarketEvent.OrderCancelled: "X",
    MarketEvent.OrderExpired: "E",
    MarketEvent.OrderFailure: "!",
}


def report(state: OrderState, filled: str | None = None) -> OrderReport:
    return OrderReport(
        client_id="c", exchange_order_id="x", state=state, filled=None if filled is None else Decimal(filled)
    )


def fill(name: str, amount: str, **more: Any) -> FillReport:
    return FillReport(
        trade_id=name,
        price=Decimal("99.5"),
        amount=Decimal(amount),
        client_id="c",
        fees=(FeePaid("BNB", Decimal("0.01")),),
        **more,
    )


ACK = Accepted(report(OrderState.OPEN, "0"))
FIRST, SECOND, REST = fill("t1", "0.25"), fill("t2", "0.25"), fill("t3", "0.5", exchange_order_id="x")

HISTORIES: dict[str, tuple[list[Fact], Phase]] = {
    "filled": (
        [ACK, FIRST, SECOND, REST, report(OrderState.FILLED, "1"), report(OrderState.OPEN, "0.25")],
        Phase.FILLED,
    ),
    "lost, then filled": ([Unresolved("reset", 9), FIRST, SECOND, REST, report(OrderState.FILLED)], Phase.FILLED),
    "cancelled": (
        [ACK, FIRST, CancelRequested(), SECOND, report(OrderState.CANCELED, "0.5"), report(OrderState.OPEN, "0.25")],
        Phase.CANCELED,
    ),
    "lost, cancelled, seen late": (
        [
            Unresolved("reset", 9),
            ACK,
            FIRST,
            SECOND,
            CancelRequested(),
            report(OrderState.CANCELED, "0.5"),
            report(OrderState.OPEN, "0.25"),
        ],
        Phase.CANCELED,
    ),
    "cancelled untouched": ([ACK, CancelRequested(), report(OrderState.CANCELED, "0")], Phase.CANCELED),
    "expired": ([ACK, FIRST, report(OrderState.OPEN, "0.25"), report(OrderState.EXPIRED, "0.25")], Phase.EXPIRED),
    "dropped by the engine": ([ACK, report(OrderState.PENDING), report(OrderState.REJECTED, "0")], Phase.FAILED),
    "refused": (
        [Submitted(7), CancelRequested(), Refused(ExchangeError("place_order", Meaning.REJECTED), proven=True)],
        Phase.FAILED,
    ),
}


def deliver(facts: Sequence[tuple[Fact, float]]) -> tuple[TrackedOrder, str, list[Any]]:
    order, letters, filled = INTENT, "", []
    for fact, now in facts:
        after, events = apply(order, fact, now)
        assert after.phase >= order.phase
        order = after
        letters += "".join(_LETTERS[tag] for tag, _ in events)
        filled += [event for tag, event in events if tag is MarketEvent.OrderFilled]
        late = [event.late for tag, event in events if tag is MarketEvent.OrderFilled]
        assert all(flag == (order.closed_at is not None and order.closed_at < now) for flag in late)
    return order, letters, filled


def check(name: str, told: Sequence[Fact], tick_after: int | None = None) -> None:
    """Tell `told`, perhaps let 30 s pass, then tell the whole history: what one reconcile brings."""
    facts, phase = HISTORIES[name]
    stamped = [(fact, 1.0 + index) for index, fact in enumerate(told)]
    if tick_after is not None:
        stamped = [(fact, now if now <= tick_after else now + 100) for fact, now in stamped]
        stamped.insert(min(tick_after, len(stamped)), (Tick(), tick_after + 50.0))
    stamped += [(fact, 1000.0 + index) for index, fact in enumerate(facts)]
    order, letters, filled = deliver(stamped)
    wanted = [fact for fact in facts if isinstance(fact, FillReport)]
    assert order.phase is phase
    assert re.fullmatch("c?f*[CXE!]f*", letters), letters
    assert letters.count("c") <= 1
    assert sorted(event.exchange_trade_id for event in filled) == [fact.trade_id for fact in wanted]
    assert order.executed_base == sum((event.amount for event in filled), Decimal(0))
    assert sum((fee.amount for fee in order.fees), Decimal(0)) == len(wanted) * Decimal("0.01")
    assert order.exchange_order_id == (None if name == "refused" else "x")


@pytest.mark.parametrize("name", HISTORIES)
def test_every_order_of_arrival_ends_alike(name: str) -> None:
    for told in itertools.permutations(HISTORIES[name][0]):
        check(name, told)


@pytest.mark.parametrize("name", HISTORIES)
def test_every_part_of_the_history_ends_alike_after_one_reconcile(name: str) -> None:
    facts = HISTORIES[name][0]
    for size in range(len(facts)):
        for told in itertools.permutations(facts, size):
            check(name, told)


@pytest.mark.parametrize("name", HISTORIES)
def test_every_order_of_arrival_with_every_fact_twice_at_once_and_again_ends_alike(name: str) -> None:
    for told in itertools.permutations(HISTORIES[name][0]):
        check(name, [*itertools.chain.from_iterable(zip(told, told, strict=True)), *reversed(told)])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_duplicates_drops_and_time_change_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(HISTORIES)))
    told = data.draw(st.lists(st.sampled_from(HISTORIES[name][0]), max_size=9))
    tick_after = data.draw(st.one_of(st.none(), st.integers(0, 9)))
    check(name, told, tick_after)
