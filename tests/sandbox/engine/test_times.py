"""Orders that begin and end at a time: when, in which order, and with which funds."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import Aim, Amendment, Change, OrderClosed, OrderUpdated, Status, TimeInForce, Trigger

D = Decimal
GTD = TimeInForce.GTD


def test_a_good_till_date_order_ends_at_its_time(desk: Any) -> None:
    order = desk.placed("ann", "buy 1 @ 90", time_in_force=GTD, expires=50)
    assert (desk.exchange.due, desk.book()) == (50, "1@90 |")
    heard: list[Any] = []
    desk.exchange.subscribe(heard.extend)
    desk.exchange.pass_time(49)
    assert not heard
    desk.exchange.pass_time(50)
    after = desk.again("ann", order)
    assert (after.state, after.reason, after.updated) == ("expired", "time_over", 50)
    assert (desk.book(), desk.funds("ann", "QQQ"), desk.exchange.due) == ("|", (D(1000), D(0)), None)
    assert sum(isinstance(event, OrderClosed) for event in heard) == 1


def test_a_request_comes_after_what_was_due_before_it(desk: Any) -> None:
    desk.placed("bob", "sell 1 @ 100", expires=5)
    desk.now = 5
    rejected = desk.rejected("ann", "buy 1")
    assert rejected.reason == "no_liquidity"


def test_one_that_is_gone_is_not_ended_again(desk: Any) -> None:
    order = desk.placed("ann", "buy 1 @ 90", expires=50)
    desk.exchange.cancel("ann", order.id, 9)
    desk.exchange.pass_time(60)
    assert desk.again("ann", order).reason == "requested"


@pytest.mark.parametrize(("text", "asset", "held"), [("buy 1 @ 90", "QQQ", 90), ("sell 2", "AAA", 2)])
def test_one_that_starts_later_holds_and_waits(desk: Any, text: str, asset: str, held: int) -> None:
    desk.placed("bob", "buy 3 @ 80")
    order = desk.placed("ann", text, starts=20)
    assert (order.stage, desk.funds("ann", asset), desk.book()) == ("pending", (D(1000), D(held)), "3@80 |")
    desk.exchange.pass_time(20)
    after = desk.again("ann", order)
    assert (after.stage, after.working) == ("working", 20)
    assert after.state == ("filled" if text == "sell 2" else "open")


def test_a_quote_sized_order_that_starts_later(desk: Any) -> None:
    desk.placed("bob", "sell 3 @ 100")
    order = desk.placed("ann", "buy 150 quote", starts=20)
    assert desk.funds("ann", "QQQ") == (D(1000), D(150))
    sell = desk.placed("cy", "sell 150 quote", starts=19)
    assert desk.funds("cy", "AAA") == (D(1000), D(0))
    desk.exchange.pass_time(20)
    assert desk.again("ann", order).filled_quote == D(150)
    assert desk.again("cy", sell).reason == "no_liquidity"
    assert desk.funds("ann", "QQQ") == (D(850), D(0))


def test_it_starts_to_wait_for_its_trigger(desk: Any) -> None:
    order = desk.placed("ann", "sell 1 @ 90", starts=20, trigger=Trigger(Aim.STOP_LOSS, D(95)), expires=30)
    desk.placed("bob", "buy 1 @ 95")
    desk.placed("cy", "sell 1 @ 95")
    assert desk.again("ann", order).stage == "pending"
    heard: list[Any] = []
    desk.exchange.subscribe(heard.extend)
    desk.exchange.pass_time(20)
    assert [e.change for e in heard if isinstance(e, OrderUpdated)] == [Change.START, Change.TRIGGER]
    assert (desk.again("ann", order).stage, desk.book()) == ("working", "| 1@90")
    desk.exchange.pass_time(30)
    assert desk.book() == "|"


def set_status(desk: Any, status: Status, now: int) -> None:
    desk.exchange.list_instrument(replace(desk.exchange.instrument("PAIR"), status=status), now)


@pytest.mark.parametrize("status", [Status.HALTED, Status.CANCEL_ONLY, Status.POST_ONLY])
def test_nothing_begins_while_nothing_is_taken(desk: Any, status: Status) -> None:
    desk.placed("bob", "sell 3 @ 100")
    first, second = (desk.placed("ann", "buy 1 @ 100", starts=20) for _ in range(2))
    ends = desk.placed("ann", "buy 1 @ 100", starts=20, expires=25, time_in_force=GTD)
    set_status(desk, status, 15)
    desk.exchange.pass_time(20)
    assert [desk.again("ann", order).stage for order in (first, second)] == ["pending", "pending"]
    assert desk.book() == "| 3@100"
    desk.exchange.pass_time(26)
    assert desk.again("ann", ends).reason == "time_over"
    set_status(desk, Status.TRADING, 30)
    assert [desk.again("ann", order).state for order in (first, second)] == ["filled", "filled"]
    assert desk.again("ann", first).working == 30
    assert desk.funds("ann", "QQQ") == (D(800), D(0))


def test_nothing_fires_while_nothing_is_taken(desk: Any) -> None:
    desk.placed("bob", "sell 3 @ 100")
    desk.placed("cy", "buy 1 @ 100")
    stop = desk.placed("ann", "buy 1", trigger=Trigger(Aim.STOP_LOSS, D(110)))
    set_status(desk, Status.CANCEL_ONLY, 15)
    desk.exchange.amend("ann", stop.id, Amendment(trigger_price=D(99)), 16)
    assert desk.again("ann", stop).stage == "untriggered"
    set_status(desk, Status.TRADING, 17)
    assert desk.again("ann", stop).state == "filled"
