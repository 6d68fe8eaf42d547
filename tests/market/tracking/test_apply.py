"""One order, one fact: each rule of `apply` by a table or by the shortest story that shows it."""

import math
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import ExchangeError, Meaning, NotSent, Unanswered
from exconn.market.tracking import (
    Accepted,
    CancelFailed,
    CancelRequested,
    Fact,
    FillsRead,
    NotFound,
    Phase,
    Refused,
    Submitted,
    Tick,
    TrackedOrder,
    Unresolved,
    apply,
    contradiction,
    needs_fills,
    refusal,
)
from exconn.model import (
    FeePaid,
    FillReport,
    MarketEvent,
    OrderReport,
    OrderState,
    OrderType,
    TradeType,
)

SECOND = 1_000_000_000
INTENT = TrackedOrder(
    client_id="c1",
    pair="BTC-USDT",
    order_type=OrderType.LIMIT,
    side=TradeType.BUY,
    price=Decimal("100"),
    amount=Decimal("1"),
    sees_ns=2 * SECOND,
)


def told(state: OrderState | None, filled: str | None = None, **more: Any) -> OrderReport:
    amount = None if filled is None else Decimal(filled)
    return OrderReport(client_id="c1", exchange_order_id="x1", state=state, filled=amount, **more)


def fill(trade_id: str, amount: str, price: str = "100", **more: Any) -> FillReport:
    fields: dict[str, Any] = {"client_id": "c1", "fees": (FeePaid("USDT", Decimal("0.1")),)} | more
    return FillReport(trade_id=trade_id, price=Decimal(price), amount=Decimal(amount), **fields)


def absent(at: float) -> NotFound:
    """Not found at this second of both clocks."""
    return NotFound(round(at * SECOND), at)


def run(*facts: Fact, order: TrackedOrder = INTENT, now: float = 1.0) -> tuple[TrackedOrder, list[Any]]:
    events: list[Any] = []
    for fact in facts:
        order, more = apply(order, fact, now)
        events += more
    return order, events


def tags(events: list[Any]) -> list[str]:
    return [tag.name for tag, _ in events]


REJECTED = ExchangeError("place_order", Meaning.REJECTED, "7", "no")
CREATED, FILLED, COMPLETED, CANCELLED = "BuyOrderCreated", "OrderFilled", "BuyOrderCompleted", "OrderCancelled"


@pytest.mark.parametrize(
    ("facts", "phase", "events"),
    [
        ([Submitted(5)], Phase.INTENT, []),
        ([Accepted(told(OrderState.OPEN))], Phase.OPEN, [CREATED]),
        ([Accepted(told(None))], Phase.OPEN, [CREATED]),
        ([told(OrderState.OPEN), told(OrderState.OPEN)], Phase.OPEN, [CREATED]),
        ([fill("t1", "0.4")], Phase.OPEN, [CREATED, FILLED]),
        ([fill("t1", "0.4"), fill("t1", "0.4")], Phase.OPEN, [CREATED, FILLED]),
        ([fill("t1", "0.4"), fill("t2", "0.6")], Phase.FILLED, [CREATED, FILLED, FILLED, COMPLETED]),
        ([told(OrderState.FILLED)], Phase.ENDING, [CREATED]),
        ([told(OrderState.FILLED, "1"), fill("t1", "1")], Phase.FILLED, [CREATED, FILLED, COMPLETED]),
        ([told(OrderState.CANCELED, "0")], Phase.CANCELED, [CREATED, CANCELLED]),
        ([told(OrderState.CANCELED, "0.4")], Phase.ENDING, [CREATED]),
        ([told(OrderState.CANCELED, "0.4"), fill("t1", "0.4")], Phase.CANCELED, [CREATED, FILLED, CANCELLED]),
        ([told(OrderState.CANCELED)], Phase.ENDING, [CREATED]),
        ([told(OrderState.EXPIRED, "0")], Phase.EXPIRED, [CREATED, "OrderExpired"]),
        ([told(OrderState.REJECTED)], Phase.FAILED, ["OrderFailure"]),
        ([told(OrderState.OPEN), told(OrderState.REJECTED)], Phase.FAILED, [CREATED, "OrderFailure"]),
        ([told(OrderState.CANCELED, "0"), told(OrderState.OPEN)], Phase.CANCELED, [CREATED, CANCELLED]),
        ([told(OrderState.CANCELED, "0")] * 2, Phase.CANCELED, [CREATED, CANCELLED]),
        ([Refused(REJECTED, proven=True)], Phase.FAILED, ["OrderFailure"]),
        ([Refused(REJECTED, proven=False)], Phase.UNRESOLVED, []),
        ([Unresolved("timeout"), Refused(REJECTED, proven=True)], Phase.UNRESOLVED, []),
        ([Submitted(5), Refused(REJECTED, proven=True), Unresolved("late")], Phase.FAILED, ["OrderFailure"]),
        ([told(OrderState.OPEN), Refused(REJECTED, proven=True)], Phase.OPEN, [CREATED]),
        ([told(OrderState.OPEN), Unresolved("timeout")], Phase.OPEN, [CREATED]),
        ([told(OrderState.OPEN), absent(10**9), absent(2 * 10**9)], Phase.OPEN, [CREATED]),
        ([told(OrderState.OPEN, "0.4"), Tick()], Phase.OPEN, [CREATED]),
    ],
)
def test_a_story_ends_in_one_phase_and_tells_each_thing_once(
    facts: list[Fact], phase: Phase, events: list[str]
) -> None:
    order, seen = run(*facts)
    assert (order.phase, tags(seen)) == (phase, events)


@pytest.mark.parametrize(
    ("fence", "sees", "asked", "phase"),
    [
        (100, 2, [101, 103], Phase.FAILED),
        (100, 2, [103, 101], Phase.FAILED),
        (100, 2, [101, 102], Phase.UNRESOLVED),
        (100, 2, [103, 103], Phase.UNRESOLVED),
        (100, 2, [99, 103], Phase.UNRESOLVED),
        (100, 2, [100, 102], Phase.UNRESOLVED),
        (100, 2, [99, 101, 102, 103], Phase.FAILED),
        (100, 0, [103, 103], Phase.UNRESOLVED),
        (100, 0, [103, 104], Phase.FAILED),
        (None, 2, [101, 900], Phase.UNRESOLVED),
        (100, None, [101, 900], Phase.UNRESOLVED),
    ],
)
def test_a_lost_submit_fails_on_two_not_founds_behind_the_fence(
    fence: int | None, sees: int | None, asked: list[int], phase: Phase
) -> None:
    intent = TrackedOrder(
        client_id="c1",
        pair="BTC-USDT",
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=Decimal(1),
        amount=Decimal(1),
        sees_ns=None if sees is None else sees * SECOND,
    )
    submitted = Submitted() if fence is None else Submitted(fence * SECOND, float(fence))
    order, events = run(submitted, Unresolved("timeout"), *map(absent, asked), order=intent)
    assert order.phase is phase
    assert tags(events) == (["OrderFailure"] if phase is Phase.FAILED else [])


def test_a_not_found_while_the_submit_is_under_way_says_nothing() -> None:
    order, _ = run(Submitted(100 * SECOND), absent(101), absent(900), Unresolved("timeout"), absent(901))
    assert order.phase is Phase.UNRESOLVED


# two not-founds, each by the exchange's clock and by ours, after a fence at 100 s: no step of a clock proves a thing
STEPPED = [
    ([(101, 1), (103, 3)], Phase.UNRESOLVED),
    ([(3700, 99), (3800, 199)], Phase.UNRESOLVED),
    ([(3700, 101), (3800, 102)], Phase.UNRESOLVED),
    ([(99, 3700), (100, 3800)], Phase.UNRESOLVED),
    ([(3700, 101), (101, 103)], Phase.FAILED),
]


@pytest.mark.parametrize(("asked", "phase"), STEPPED)
def test_a_fence_has_passed_when_it_has_by_both_clocks(asked: list[tuple[int, int]], phase: Phase) -> None:
    missing = [NotFound(at * SECOND, asked_at) for at, asked_at in asked]
    order, _ = run(Submitted(100 * SECOND, 100.0), Unresolved("timeout"), *missing)
    assert order.phase is phase


def test_a_late_sighting_opens_an_unresolved_order() -> None:
    order, events = run(Submitted(100 * SECOND), Unresolved("reset"), absent(99), told(OrderState.OPEN))
    assert (order.phase, order.exchange_order_id, tags(events)) == (Phase.OPEN, "x1", [CREATED])


def test_the_failure_says_what_the_exchange_said() -> None:
    _, [(tag, event)] = run(Refused(REJECTED, proven=True))
    assert tag is MarketEvent.OrderFailure
    assert (event.error_type, event.error_message) == ("rejected", "place_order: rejected, code 7, 'no'")


@pytest.mark.parametrize(
    ("error", "fact"),
    [
        (REJECTED, Refused),
        (NotSent("no connection"), Refused),
        (Unanswered("timeout"), Unresolved),
        (ExchangeError("place_order", Meaning.UNLISTED, "50"), Unresolved),
        (ExchangeError("place_order", Meaning.DUPLICATE_CLIENT_ID), Unresolved),
    ],
)
def test_only_a_proven_error_refuses(error: Any, fact: type) -> None:
    assert type(refusal(error)) is fact


def test_completed_carries_the_sums_of_the_fills() -> None:
    order, events = run(fill("t1", "0.4", "99"), fill("t2", "0.6", "98.5"), now=7.0)
    _, completed = events[-1]
    assert completed == (
        7.0,
        "c1",
        "BTC",
        "USDT",
        "USDT",
        Decimal("1.0"),
        Decimal("98.70"),
        Decimal("0.2"),
        OrderType.LIMIT,
    )
    assert (order.executed_base, order.executed_quote) == (Decimal("1"), Decimal("98.7"))


def test_a_fee_that_is_not_told_is_not_zero() -> None:
    order, events = run(fill("t1", "0.4", fees=None))
    fee = events[-1][1].trade_fee
    assert math.isnan(fee.percent) and fee.flat_fees == ()
    order, events = run(fill("t1", "0.4"), order=order)
    assert (order.fees, events) == ((FeePaid("USDT", Decimal("0.1")),), [])


@pytest.mark.parametrize(
    ("fees", "amount"),
    [
        ([(FeePaid("USDT", Decimal("0.1")),), (FeePaid("USDT", Decimal("-0.02")),)], Decimal("0.08")),
        ([(), ()], Decimal(0)),
        ([None, (FeePaid("USDT", Decimal("0.1")),)], None),
        ([None, None], None),
    ],
)
def test_a_sum_of_fees_that_lacks_one_is_no_sum(fees: list[Any], amount: Decimal | None) -> None:
    order, events = run(fill("t1", "0.4", fees=fees[0]), fill("t2", "0.6", fees=fees[1]))
    completed = events[-1][1]
    assert order.phase is Phase.FILLED
    assert math.isnan(completed.fee_amount) if amount is None else completed.fee_amount == amount


@pytest.mark.parametrize(("state", "event"), [(OrderState.CANCELED, CANCELLED), (OrderState.EXPIRED, "OrderExpired")])
def test_an_end_without_its_fills_is_held_for_thirty_seconds(state: OrderState, event: str) -> None:
    order, _ = run(told(state, "0.4"))
    assert needs_fills(order)
    order, events = run(Tick(), order=order, now=30.9)
    assert events == []
    order, events = run(Tick(), order=order, now=31.0)
    assert tags(events) == [event]
    assert order.incomplete and needs_fills(order)
    assert getattr(events[0][1], "incomplete", True)
    order, events = run(fill("t1", "0.4"), order=order, now=32.0)
    assert [(tag.name, event.late) for tag, event in events] == [(FILLED, True)]
    assert not needs_fills(order)


def test_a_completion_is_held_until_it_is_true() -> None:
    order, _ = run(told(OrderState.FILLED, "1"), fill("t1", "0.4"))
    order, events = run(Tick(), order=order, now=1e6)
    assert (order.phase, events, needs_fills(order)) == (Phase.ENDING, [], True)


@pytest.mark.parametrize(("asked_at", "phase"), [(2.9, Phase.ENDING), (3.0, Phase.CANCELED)])
def test_an_end_without_an_amount_is_proven_by_reading_the_fills_late_enough(asked_at: float, phase: Phase) -> None:
    order, _ = run(told(OrderState.CANCELED), now=1.0)
    assert run(FillsRead(asked_at), order=order)[0].phase is phase


@pytest.mark.parametrize("final", [None, "0.3"])
def test_an_end_is_held_for_every_fill_that_was_ever_counted(final: str | None) -> None:
    order, _ = run(told(OrderState.OPEN, "0.4"), fill("t1", "0.3"), told(OrderState.CANCELED, final), FillsRead(9.0))
    assert order.phase is Phase.ENDING
    assert run(fill("t2", "0.1"), order=order)[0].phase is Phase.CANCELED


def test_a_rejection_of_an_order_with_fills_is_a_cancel() -> None:
    order, events = run(fill("t1", "0.4"), told(OrderState.REJECTED, "0.4"))
    assert (order.phase, tags(events)) == (Phase.CANCELED, [CREATED, FILLED, CANCELLED])


@pytest.mark.parametrize(
    ("price", "quote", "amount"), [("4", "2", "0.5"), ("3", "1", "0.333333333333333333"), ("0.1", "1E+2", "1000")]
)
def test_a_fill_told_in_quote_is_converted_by_its_price(price: str, quote: str, amount: str) -> None:
    report = FillReport(trade_id="t1", client_id="c1", price=Decimal(price), quote_amount=Decimal(quote))
    order, _ = run(report)
    assert (order.executed_base, order.executed_quote) == (Decimal(amount), Decimal(quote))


def test_the_rounding_of_quote_fills_does_not_hold_an_order_open() -> None:
    thirds = [FillReport(trade_id=f"t{n}", client_id="c1", price=Decimal(3), quote_amount=Decimal(1)) for n in range(3)]
    assert run(*thirds)[0].phase is Phase.FILLED


def test_a_market_buy_sized_in_quote_ends_by_what_the_exchange_counts() -> None:
    sized = TrackedOrder(
        client_id="c1",
        pair="BTC-USDT",
        order_type=OrderType.MARKET,
        side=TradeType.BUY,
        price=Decimal(0),
        amount=Decimal("1"),
        quote_amount=Decimal("100"),
    )
    order, _ = run(fill("t1", "1.01", "99"), order=sized)
    assert order.phase is Phase.OPEN
    order, events = run(told(OrderState.FILLED, filled_quote=Decimal("99.99")), order=order)
    assert (order.phase, tags(events)) == (Phase.FILLED, [COMPLETED])


def test_cancel_intent_lasts_until_the_end() -> None:
    order, events = run(told(OrderState.OPEN), CancelRequested(), CancelFailed("reset"), told(OrderState.OPEN))
    assert (order.cancel_wanted, order.cancel_error, order.last_state) == (True, "reset", "canceling")
    assert tags(events) == [CREATED]


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (fill("t1", "1", client_id="other"), "it is of client id other"),
        (fill("t1", "1", exchange_order_id="x9"), "it is of exchange id x9, this order has x1"),
        (fill("t1", "1", pair="ETH-USDT"), "it is of ETH-USDT, this order of BTC-USDT"),
        (fill("t1", "1", side=TradeType.SELL), "it is a SELL, this order a BUY"),
        (fill("t1", "0"), "it is a trade without price and amount"),
        (fill("t1", "1", exchange_order_id="x1", pair="BTC-USDT", side=TradeType.BUY), None),
    ],
)
def test_a_report_whose_ids_disagree_changes_nothing(report: FillReport, why: str | None) -> None:
    order, _ = run(told(OrderState.OPEN))
    assert contradiction(order, report) == why
    assert (apply(order, report, 2.0)[0] is order) is (why is not None)


def test_where_ids_come_again_an_older_order_is_told_apart_by_its_terms() -> None:
    intent = TrackedOrder(
        client_id="c1",
        pair="BTC-USDT",
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=Decimal("100"),
        amount=Decimal("1"),
        id_comes_again=True,
    )
    older = told(OrderState.CANCELED, "0", price=Decimal("90"))
    assert contradiction(intent, older) == "its price is 90, this order's 100"
    assert contradiction(intent, Accepted(older)) is None
    assert contradiction(intent, told(OrderState.OPEN, amount=Decimal("2"))) == "its amount is 2, this order's 1"


def test_where_no_trades_are_told_fills_follow_from_cumulative_amounts() -> None:
    untold = TrackedOrder(
        client_id="c1",
        pair="BTC-USDT",
        order_type=OrderType.LIMIT,
        side=TradeType.SELL,
        price=Decimal("100"),
        amount=Decimal("1"),
        tells_trades=False,
    )
    facts: list[Fact] = [
        told(OrderState.OPEN, "0.4", filled_quote=Decimal("40.4")),
        told(OrderState.OPEN, "0.1"),
        told(OrderState.FILLED, "1", average_price=Decimal("101")),
        fill("t1", "1"),
    ]
    order, events = run(*facts, order=untold)
    fills = [event for tag, event in events if tag is MarketEvent.OrderFilled]
    assert [(event.exchange_trade_id, event.price, event.amount) for event in fills] == [
        ("c1:0.4", Decimal("101"), Decimal("0.4")),
        ("c1:1", Decimal("101"), Decimal("0.6")),
    ]
    assert (order.phase, order.executed_quote) == (Phase.FILLED, Decimal("101"))
