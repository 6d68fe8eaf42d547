"""Holds and balances: what each order holds, what a fill, a reduction and an end release, and deposits."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import (
    Cancelled,
    Close,
    FeeAsset,
    FeeSchedule,
    MarketFunds,
    MarketSell,
    Policy,
    Reduced,
    Rounding,
    TimeInForce,
)

D = Decimal

STEPS = [
    # ann's and others' steps, then ann's QQQ (total, held) and AAA (total, held)
    ((("ann", "buy 2 @ 100"),), ("1000", "200"), ("1000", "0")),
    ((("ann", "sell 2 @ 100"),), ("1000", "0"), ("1000", "2")),
    ((("ann", "buy 2 @ 100"), ("bob", "sell 0.5 @ 90")), ("950", "150"), ("1000.5", "0")),
    ((("bob", "sell 1 @ 90"), ("ann", "buy 2 @ 100")), ("910", "100"), ("1001", "0")),
    ((("bob", "buy 1 @ 110"), ("ann", "sell 3 @ 100")), ("1110", "0"), ("999", "2")),
    ((("bob", "sell 1 @ 90"), ("ann", "buy 2")), ("910", "0"), ("1001", "0")),
    ((("bob", "sell 1 @ 90"), ("ann", "buy 50 quote")), ("950.5", "0"), ("1000.55", "0")),
]


@pytest.mark.parametrize(("steps", "quote", "base"), STEPS)
def test_holds(desk: Any, steps: tuple[tuple[str, str], ...], quote: tuple[str, str], base: tuple[str, str]) -> None:
    for account, order in steps:
        desk.placed(account, order)
    assert desk.funds("ann", "QQQ") == (D(quote[0]), D(quote[1]))
    assert desk.funds("ann", "AAA") == (D(base[0]), D(base[1]))


MARKET = [
    # mode, order, filled (None: refused), reason
    (MarketFunds.EXACT, "buy 11", None, "needs 1100 QQQ, and 1000 is available"),
    (MarketFunds.EXACT, "buy 10", "10", "filled"),
    (MarketFunds.EXACT, "buy 1100 quote", None, "needs 1100 QQQ, and 1000 is available"),
    (MarketFunds.PARTIAL, "buy 11", "10", "funds_exhausted"),
    (MarketFunds.PARTIAL, "buy 1100 quote", "10", "funds_exhausted"),
    (MarketFunds.PARTIAL, "buy 10", "10", "filled"),
]


@pytest.mark.parametrize(("mode", "order", "filled", "reason"), MARKET)
def test_market_funds(
    open_desk: Callable[..., Any], mode: MarketFunds, order: str, filled: str | None, reason: str
) -> None:
    desk = open_desk(Policy(market_funds=mode))
    desk.placed("bob", "sell 20 @ 100")
    if filled is None:
        assert desk.rejected("ann", order).detail == reason
    else:
        placed = desk.placed("ann", order)
        assert (placed.filled, placed.reason) == (D(filled), reason)
        assert desk.funds("ann", "QQQ") == (0, 0)


@pytest.mark.parametrize("funds", MarketFunds)
def test_a_market_sell_holds_its_whole_size(open_desk: Callable[..., Any], funds: MarketFunds) -> None:
    desk = open_desk(Policy(market_funds=funds, market_sell=MarketSell.WHOLE))
    desk.placed("bob", "buy 2 @ 100")
    desk.placed("bob", "buy 1 @ 99")
    text = desk.rejected("ann", "sell 1000.01").detail  # the book would take 3
    assert text == "needs 1000.01 AAA, and 1000 is available"
    held = [(each.total, each.held) for each in desk.events("ann", "sell 1000") if getattr(each, "asset", "") == "AAA"]
    ann = [(D(1000), D(1000)), (D(998), D(998)), (D(997), D(997)), (D(997), D(0))]
    assert [each for each in held if each in ann] == ann
    assert desk.funds("ann", "AAA") == (997, 0)


def test_partial_funds_leave_room_for_a_fee_on_top(open_desk: Callable[..., Any]) -> None:
    fees = FeeSchedule(D("0.001"), D("0.001"), FeeAsset.QUOTE)
    desk = open_desk(Policy(market_funds=MarketFunds.PARTIAL), fees)
    desk.placed("bob", "sell 20 @ 100")
    placed = desk.placed("ann", "buy 20")
    assert placed.filled == D("9.99")
    assert desk.funds("ann", "QQQ") == (D("0.001"), 0)


def test_partial_funds_that_pay_for_nothing(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(Policy(market_funds=MarketFunds.PARTIAL))
    desk.placed("bob", "sell 20 @ 100")
    desk.exchange.withdraw("ann", "QQQ", D("999.5"), 5)
    assert desk.rejected("ann", "buy 20").detail == "the available QQQ pays for no lot"


def test_a_token_fee_never_takes_what_a_market_order_needs(open_desk: Callable[..., Any]) -> None:
    fees = FeeSchedule(D(0), D("0.1"), FeeAsset.TOKEN, "QQQ")
    desk = open_desk(fees=fees)
    for _ in range(2):
        desk.placed("bob", "sell 5 @ 100")
    fills = desk.placed("ann", "buy 10").fills
    assert [(fill.fee_asset, fill.fee) for fill in fills] == [("AAA", D("0.5")), ("AAA", D("0.5"))]
    assert desk.funds("ann", "QQQ") == (0, 0)


REASONS = [(Close.REQUESTED, "cancelled"), (Close.OPERATOR, "cancelled"), (Close.LAPSED, "expired")]


@pytest.mark.parametrize(("reason", "state"), REASONS)
def test_a_cancel_releases_what_is_left(desk: Any, reason: Close, state: str) -> None:
    order = desk.placed("ann", "buy 2 @ 100")
    desk.placed("bob", "sell 0.5 @ 100")
    cancelled = desk.exchange.cancel("ann", order.id, 7, reason)
    assert isinstance(cancelled, Cancelled)
    assert (cancelled.order.state, cancelled.order.reason, cancelled.order.updated) == (state, reason, 7)
    assert cancelled.order.remaining == D("1.5")
    assert (desk.funds("ann", "QQQ"), desk.book()) == ((950, 0), "|")


REFUSED_CHANGES = [
    (99, "1", "unknown_order", "account ann has no order 99"),
    (3, "0.5", "unknown_order", "account ann has no order 3"),
    (4, "0.5", "order_closed", "order 4 is filled: filled"),
    (1, "2", "not_a_reduction", "amount 2 is not between 0.5 and 2"),
    (1, "0.5", "not_a_reduction", "amount 0.5 is not between 0.5 and 2"),
    (1, "1.001", "size_off_lot", "amount 1.001 is not a multiple of 0.01"),
    (1, "0", "size_too_small", "amount 0 is below 0.01 or not a number above 0"),
]


@pytest.mark.parametrize(("order_id", "amount", "reason", "text"), REFUSED_CHANGES)
def test_refused_changes(desk: Any, order_id: int, amount: str, reason: str, text: str) -> None:
    desk.placed("ann", "buy 2 @ 100")  # 1
    desk.placed("bob", "sell 0.5 @ 100")  # 2
    desk.placed("cy", "sell 0.5 @ 200")  # 3
    desk.placed("ann", "buy 0.5 @ 200", time_in_force=TimeInForce.IOC)  # 4
    rejected = desk.exchange.reduce("ann", order_id, D(amount), 5)
    assert (rejected.reason, rejected.detail) == (reason, text)


def test_a_reduction_releases_the_difference(desk: Any) -> None:
    order = desk.placed("ann", "buy 2 @ 100")
    reduced = desk.exchange.reduce("ann", order.id, D("1.25"), 5)
    assert isinstance(reduced, Reduced)
    assert (reduced.order.amount, reduced.order.held, reduced.order.updated) == (D("1.25"), D(125), 5)
    assert (desk.funds("ann", "QQQ"), desk.book()) == ((1000, 125), "1.25@100 |")


FUNDING = [
    ("deposit", "0", "account ann: deposit of 0 QQQ; give a number above 0"),
    ("deposit", "NaN", "account ann: deposit of NaN QQQ; give a number above 0"),
    ("withdraw", "-1", "account ann: withdrawal of -1 QQQ; give a number above 0"),
    ("withdraw", "901", "account ann: withdrawing 901 QQQ, but only 900 is available"),
]


@pytest.mark.parametrize(("action", "amount", "text"), FUNDING)
def test_wrong_funding(desk: Any, action: str, amount: str, text: str) -> None:
    desk.placed("ann", "buy 1 @ 100")
    with pytest.raises(ValueError, match=text):
        getattr(desk.exchange, action)("ann", "QQQ", D(amount), 5)


def test_exact_beyond_28_digits(desk: Any) -> None:
    tiny = D("0.000000000000000000000000000001")
    desk.exchange.deposit("ann", "QQQ", D("1e27"), 5)
    desk.exchange.deposit("ann", "QQQ", tiny, 5)
    assert desk.exchange.ledger()["accounts"]["ann"]["balances"]["QQQ"]["available"] == (
        "1000000000000000000000001000.000000000000000000000000000001"
    )


def test_partial_funds_leave_room_for_a_fee_rounded_up(open_desk: Callable[..., Any]) -> None:
    fees = FeeSchedule(D("0.001"), D("0.001"), FeeAsset.QUOTE, digits=0, rounding=Rounding.UP)
    desk = open_desk(Policy(market_funds=MarketFunds.PARTIAL), fees)
    desk.exchange.withdraw("ann", "QQQ", D("899.5"), 1)
    desk.placed("bob", "sell 20 @ 100")
    assert desk.placed("ann", "buy 20").filled == D("0.99")
    assert desk.funds("ann", "QQQ") == (D("0.5"), 0)
