"""Amending in place, editing into another order, and the timer that cancels all."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import (
    Aim,
    Amended,
    Amendment,
    ClientIds,
    Distance,
    Edited,
    ImmediateTriggers,
    OrderRested,
    OrderUpdated,
    Policy,
    Reject,
    Status,
    TimeInForce,
    Trigger,
)

D = Decimal


def amend(desk: Any, order: Any, **changes: Any) -> Any:
    desk.now += 1
    fields = {
        name: D(value) if isinstance(value, str) and name != "client_id" else value for name, value in changes.items()
    }
    return desk.exchange.amend(order.account, order.id, Amendment(**fields), desk.now)


def amended(desk: Any, order: Any, **changes: Any) -> Any:
    outcome = amend(desk, order, **changes)
    assert isinstance(outcome, Amended), outcome
    return outcome.order


# what is amended, the book after it, whether bob's order of the same price is still behind
PRIORITY = [
    ({"amount": "1.5"}, "2.5@100", True),
    ({"amount": "2.5"}, "3.5@100", False),
    ({"amount": "1.5", "price": "100"}, "2.5@100", True),
    ({"price": "99.5"}, "1@100 2@99.5", False),
]


@pytest.mark.parametrize(("changes", "book", "first"), PRIORITY)
def test_priority(desk: Any, changes: Any, book: str, first: bool) -> None:
    mine = desk.placed("ann", "buy 2 @ 100")
    desk.placed("bob", "buy 1 @ 100")
    after = amended(desk, mine, **changes)
    assert (after.id, after.change, after.created, after.updated) == (mine.id, "amend", mine.created, desk.now)
    assert desk.book() == f"{book} |"
    assert desk.funds("ann", "QQQ") == (D(1000), after.limit * after.amount)
    desk.placed("cy", "sell 1 @ 100")
    assert bool(desk.again("ann", mine).fills) is first


def test_what_is_filled_stays(desk: Any) -> None:
    mine = desk.placed("ann", "buy 2 @ 100")
    desk.placed("bob", "sell 0.5 @ 100")
    after = amended(desk, mine, amount="3", price="90")
    assert (after.filled, after.remaining, after.state, desk.book()) == (
        D("0.5"),
        D("2.5"),
        "partially_filled",
        "2.5@90 |",
    )
    assert desk.funds("ann", "QQQ") == (D(950), D(225))
    ended = amended(desk, mine, amount="0.4")
    assert (ended.state, ended.reason, ended.filled) == ("cancelled", "amended", D("0.5"))
    assert (desk.funds("ann", "QQQ"), desk.book()) == ((D(950), D(0)), "|")


def test_a_price_that_crosses_trades(desk: Any) -> None:
    desk.placed("bob", "sell 1 @ 105")
    mine = desk.placed("ann", "buy 2 @ 100")
    outcome = amend(desk, mine, price="106")
    assert (outcome.order.filled_quote, desk.book()) == (D(105), "1@106 |")
    told = [event for event in outcome.events if isinstance(event, OrderUpdated | OrderRested)]
    assert [type(event).__name__ for event in told] == ["OrderUpdated", "OrderUpdated", "OrderRested"]
    assert desk.again("ann", mine) == outcome.order


REFUSED = [
    ("buy 2 @ 100", {}, {"price": "105", "post_only": True}, Reject.WOULD_CROSS, "price 105 would trade with the best"),
    ("buy 2 @ 100", {}, {"price": "0.3"}, Reject.PRICE_OFF_TICK, "price 0.3 is not a multiple of 0.5"),
    ("buy 2 @ 100", {}, {"amount": "11"}, Reject.INSUFFICIENT_BALANCE, "needs 1100 QQQ, and 1000 is available"),
    ("buy 2 @ 100", {}, {"amount": "0.001"}, Reject.SIZE_TOO_SMALL, "amount 0.001 is below 0.01"),
    ("buy 2 @ 100", {}, {"trigger_price": "9"}, Reject.INVALID_ORDER, "only an order that waits has a trigger"),
    ("buy 2 @ 100", {}, {"visible_amount": "1"}, Reject.INVALID_ORDER, "only an iceberg has a visible part to amend"),
    (
        "sell 2",
        {"trigger": Trigger(Aim.STOP_LOSS, D(90))},
        {"price": "9"},
        Reject.INVALID_ORDER,
        "only a limit order has",
    ),
    (
        "sell 2 @ None",
        {"trigger": Trigger(Aim.STOP_LOSS, trail=Distance(D(5)), limit=Distance(D(1)))},
        {"price": "9"},
        Reject.INVALID_ORDER,
        "the price of this order follows its trigger",
    ),
    ("buy 9 quote", {"starts": 99}, {"amount": "1"}, Reject.INVALID_ORDER, "an order sized in quote cannot be amended"),
    ("buy 2 @ 100", {}, {"client_id": "taken"}, Reject.DUPLICATE_CLIENT_ID, "client id taken belongs to order 1"),
]


@pytest.mark.parametrize(("text", "more", "changes", "reason", "detail"), REFUSED)
def test_what_cannot_be_leaves_all_as_it_was(
    desk: Any, text: str, more: Any, changes: Any, reason: Reject, detail: str
) -> None:
    desk.placed("ann", "sell 1 @ 105", client_id="taken")
    desk.placed("bob", "sell 1 @ 104.5")
    desk.placed("cy", "buy 1 @ 104.5")
    mine = desk.placed("ann", text, **more)
    before = desk.exchange.ledger()
    rejected = amend(desk, mine, **changes)
    assert rejected.reason == reason
    assert rejected.detail.startswith(detail)
    assert desk.exchange.ledger() == before


def test_a_trigger_that_is_amended(open_desk: Callable[..., Any]) -> None:
    desk = open_desk()
    desk.placed("bob", "sell 1 @ 100")
    desk.placed("cy", "buy 1 @ 100")
    stop = desk.placed("ann", "sell 2 @ 80", trigger=Trigger(Aim.STOP_LOSS, D(90)))
    after = amended(desk, stop, trigger_price="95", price="85", amount="3")
    assert (after.stage, after.trigger_price, after.price, after.held) == ("untriggered", D(95), D(85), D(3))
    fired = amended(desk, stop, trigger_price="100")
    assert (fired.stage, fired.change, desk.book()) == ("working", "trigger", "| 3@85")


def test_an_iceberg_shows_more_or_less(desk: Any) -> None:
    mine = desk.placed("ann", "sell 5 @ 100", visible_amount=D(2))
    desk.placed("bob", "sell 1 @ 100")
    assert (amended(desk, mine, visible_amount="1").shown, desk.book()) == (D(1), "| 2@100")
    desk.placed("cy", "buy 1 @ 100")
    assert desk.again("ann", mine).filled == 1
    amended(desk, mine, visible_amount="3")
    assert desk.book() == "| 4@100"
    desk.placed("cy", "buy 1 @ 100")
    assert desk.again("ann", mine).filled == 1


def test_another_client_id(desk: Any) -> None:
    mine = desk.placed("ann", "buy 2 @ 100", client_id="a")
    amended(desk, mine, amount="1", client_id="b")
    assert desk.exchange.order_by_client_id("ann", "a") is None
    assert desk.exchange.order_by_client_id("ann", "b").id == mine.id
    assert desk.placed("ann", "buy 1 @ 90", client_id="a").id == 2


def test_an_edited_order_is_another_one(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(funds="200")
    mine = desk.placed("ann", "buy 2 @ 100", client_id="a", time_in_force=TimeInForce.GTD, expires=99)
    desk.placed("bob", "sell 0.5 @ 100")
    edited = desk.exchange.edit("ann", mine.id, Amendment(amount=D(1), price=D(98)), 9)
    assert isinstance(edited, Edited)
    assert (edited.before.state, edited.before.reason) == ("cancelled", "replaced")
    new = edited.order
    assert (new.amount, new.price, new.expires, new.client_id, new.fills) == (D("0.5"), D(98), 99, None, ())
    assert (desk.book(), desk.funds("ann", "QQQ")) == ("0.5@98 |", (D(150), D(49)))
    assert desk.exchange.edit("ann", mine.id, Amendment(), 9).reason == Reject.ORDER_CLOSED


def test_an_edit_that_cannot_be_leaves_the_old_one(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(Policy(immediate_triggers=ImmediateTriggers.REFUSE), funds="200")
    mine = desk.placed("ann", "buy 2 @ 100")
    assert desk.exchange.edit("ann", mine.id, Amendment(amount=D(3)), 9).reason == Reject.INSUFFICIENT_BALANCE
    assert desk.exchange.edit("ann", 77, Amendment(), 9).reason == Reject.UNKNOWN_ORDER
    assert desk.exchange.edit("ann", mine.id, Amendment(visible_amount=D(1)), 9).reason == Reject.INVALID_ORDER
    assert desk.book() == "2@100 |"


def test_all_are_cancelled_when_nobody_sets_the_timer_again(desk: Any) -> None:
    mine = desk.placed("ann", "buy 1 @ 90")
    stop = desk.placed("ann", "sell 1", trigger=Trigger(Aim.STOP_LOSS, D(90)))
    other = desk.placed("bob", "buy 1 @ 89")
    desk.exchange.cancel_all_after("ann", 20, 5)
    desk.exchange.cancel_all_after("ann", 30, 19)
    assert desk.exchange.due == 30
    desk.exchange.pass_time(29)
    assert desk.again("ann", mine).is_open
    desk.exchange.pass_time(30)
    assert [desk.again("ann", order).reason for order in (mine, stop)] == ["lapsed", "lapsed"]
    assert (desk.again("bob", other).is_open, desk.exchange.due) == (True, None)
    desk.exchange.cancel_all_after("bob", 50, 40)
    desk.exchange.cancel_all_after("bob", None, 45)
    desk.exchange.pass_time(60)
    assert desk.again("bob", other).is_open


def test_timers_that_are_due_together_are_each_done_once(desk: Any) -> None:
    orders = [(name, desk.placed(name, "buy 1 @ 90")) for name in ("ann", "bob", "cy")]
    for name, at in (("ann", 30), ("bob", 20), ("cy", 30)):
        desk.exchange.cancel_all_after(name, at, 10)
    desk.exchange.pass_time(40)
    assert [desk.again(name, order).reason for name, order in orders] == ["lapsed"] * 3


def test_an_edit_takes_the_room_of_the_old_one(desk: Any) -> None:
    desk.exchange.list_instrument(replace(desk.exchange.instrument("PAIR"), max_open=1, max_icebergs=1), 0)
    mine = desk.placed("ann", "buy 2 @ 100", visible_amount=D(1))
    edited = desk.exchange.edit("ann", mine.id, Amendment(price=D(101)), 9)
    assert isinstance(edited, Edited), edited
    assert desk.rejected("ann", "buy 1 @ 99").reason is Reject.TOO_MANY_OPEN


def test_nothing_trades_by_an_amendment_where_nothing_trades(desk: Any) -> None:
    desk.placed("bob", "sell 1 @ 100")
    mine = desk.placed("ann", "buy 2 @ 90")
    desk.exchange.list_instrument(replace(desk.exchange.instrument("PAIR"), status=Status.CANCEL_ONLY), 5)
    rejected = amend(desk, mine, price="100")
    assert (rejected.reason, desk.again("ann", mine)) == (Reject.HALTED, mine)
    assert amended(desk, mine, amount="1").amount == 1
    desk.exchange.list_instrument(replace(desk.exchange.instrument("PAIR"), status=Status.POST_ONLY), 6)
    assert amend(desk, mine, price="91").reason is Reject.HALTED
    assert amended(desk, mine, price="91", post_only=True).price == 91


def test_a_reduced_order_takes_no_name_of_another(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(Policy(client_ids=ClientIds.WHILE_OPEN))
    first, mine = (desk.placed("ann", "buy 2 @ 90", client_id=name) for name in "xy")
    assert desk.exchange.reduce("ann", mine.id, D(1), 9, "x").reason is Reject.DUPLICATE_CLIENT_ID
    assert desk.exchange.order_by_client_id("ann", "x") == first
    assert desk.exchange.reduce("ann", mine.id, D(1), 9, "y").order.amount == 1
