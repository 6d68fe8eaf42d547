"""Order lists: what begins when, what ends with what, and which funds a list holds."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import (
    Aim,
    Amended,
    Amendment,
    ImmediateTriggers,
    Kind,
    ListChanged,
    ListKind,
    NewList,
    NewOrder,
    OrderList,
    PlacedList,
    Policy,
    Reject,
    Rejected,
    Side,
    Trigger,
)

D = Decimal
OCO, OTO, OTOCO = ListKind


def limit(side: str, price: str, amount: str = "2", **more: Any) -> NewOrder:
    return NewOrder("PAIR", Side(side), Kind.LIMIT, D(amount), D(price), **more)


def stop(side: str, at: str, price: str | None = None, amount: str = "2", aim: Aim = Aim.STOP_LOSS) -> NewOrder:
    kind, limit_price = (Kind.MARKET, None) if price is None else (Kind.LIMIT, D(price))
    return NewOrder("PAIR", Side(side), kind, D(amount), limit_price, trigger=Trigger(aim, D(at)))


def place(desk: Any, kind: ListKind, *orders: NewOrder, client_id: str | None = None) -> PlacedList:
    desk.now += 1
    placed = desk.exchange.place_list("ann", NewList(kind, orders, client_id), desk.now)
    assert isinstance(placed, PlacedList), placed
    return placed


def standing(desk: Any, placed: PlacedList) -> list[str]:
    """Each order: its stage while it is open, then its reason; and whether the list is done."""
    orders = [desk.again("ann", order) for order in placed.orders]
    (listed,) = desk.exchange.lists("ann")
    return [*(str(order.stage if order.is_open else order.reason) for order in orders), *(["done"] * listed.is_done)]


def trade(desk: Any, price: str, amount: str = "0.01") -> None:
    desk.placed("bob", f"sell {amount} @ {price}")
    desk.placed("cy", f"buy {amount} @ {price}")


PAIRS = {
    "sell": ((limit("sell", "105", post_only=True), stop("sell", "95", "94")), "AAA", "2"),
    "sell at market": ((limit("sell", "105"), stop("sell", "95")), "AAA", "2"),
    "sell two that wait": ((stop("sell", "105", "104", aim=Aim.TAKE_PROFIT), stop("sell", "95", "94")), "AAA", "2"),
    "buy": ((stop("buy", "105", "106"), limit("buy", "95")), "QQQ", "212"),
    "buy at market": ((stop("buy", "105"), limit("buy", "95")), "QQQ", "210"),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_holds_once_and_gives_back(desk: Any, name: str) -> None:
    orders, asset, held = PAIRS[name]
    trade(desk, "100")
    placed = place(desk, OCO, *orders)
    assert desk.funds("ann", asset) == (D(1000), D(held))
    assert [order.id for order in placed.orders] == list(placed.list.orders)
    assert {order.list_id for order in placed.orders} == {placed.list.id}
    cancelled = desk.exchange.cancel("ann", placed.orders[1].id, 99)
    assert cancelled.order.reason == "requested"
    assert standing(desk, placed) == ["requested", "requested", "done"]
    assert desk.funds("ann", asset) == (D(1000), D(0))


def test_a_fill_of_one_ends_the_other(desk: Any) -> None:
    trade(desk, "100")
    placed = place(desk, OCO, limit("sell", "105"), stop("sell", "95"))
    desk.placed("bob", "buy 0.5 @ 105")
    assert standing(desk, placed) == ["working", "contingent"]
    assert desk.funds("ann", "AAA") == (D("999.5"), D("1.5"))
    desk.placed("bob", "buy 1.5 @ 105")
    assert standing(desk, placed) == ["filled", "contingent", "done"]


@pytest.mark.parametrize("name", PAIRS)
def test_one_that_fires_ends_the_other(open_desk: Callable[..., Any], name: str) -> None:
    orders, _, held = PAIRS[name]
    desk = open_desk(funds=held)
    desk.exchange.deposit("bob", "AAA", D(9), 0)
    desk.exchange.deposit("bob", "QQQ", D(900), 0)
    trade(desk, "100")
    placed = place(desk, OCO, *orders)
    fires = next(order.id for order in placed.orders if order.trigger and order.trigger.aim is Aim.STOP_LOSS)
    price = "105" if name.startswith("buy") else "95"
    desk.placed("bob", f"{'sell' if name.startswith('buy') else 'buy'} 2 @ {price}")
    desk.placed("cy", f"{'buy' if name.startswith('buy') else 'sell'} 0.01 @ {price}")
    after = {order.id: desk.again("ann", order) for order in placed.orders}
    assert after.pop(fires).filled > 0
    assert [order.reason for order in after.values()] == ["contingent"]


def test_a_fill_goes_before_a_trigger_of_the_same_trade(desk: Any) -> None:
    """A trade that fills one of a pair and reaches the other's trigger ends the other."""
    trade(desk, "100")
    profit = limit("sell", "105")
    placed = place(desk, OCO, profit, stop("sell", "99.5"))
    desk.placed("bob", "buy 0.5 @ 105")
    trade(desk, "99")
    assert standing(desk, placed) == ["working", "contingent"]


def test_one_triggers_the_other(desk: Any) -> None:
    placed = place(desk, OTO, limit("buy", "100"), limit("sell", "110"))
    assert standing(desk, placed) == ["working", "pending"]
    assert (desk.funds("ann", "QQQ")[1], desk.funds("ann", "AAA")[1], desk.book()) == (D(200), D(0), "2@100 |")
    desk.placed("bob", "sell 1.5 @ 100")
    assert standing(desk, placed) == ["working", "pending"]
    desk.placed("bob", "sell 0.5 @ 100")
    assert standing(desk, placed) == ["filled", "working"]
    assert desk.book() == "| 2@110"
    desk.placed("bob", "buy 2 @ 110")
    assert standing(desk, placed) == ["filled", "filled", "done"]


def test_it_goes_on_at_once_when_the_first_fills_at_once(desk: Any) -> None:
    desk.placed("bob", "sell 2 @ 100")
    desk.placed("cy", "buy 5 @ 90")
    pending = NewOrder("PAIR", Side.SELL, Kind.MARKET, D(1))
    placed = place(desk, OTO, limit("buy", "100"), pending)
    assert [order.state for order in placed.orders] == ["filled", "filled"]
    assert placed.list.is_done is True
    assert standing(desk, placed) == ["filled", "filled", "done"]
    assert [event.list.is_done for event in placed.events if isinstance(event, ListChanged)] == [False, True]


def test_a_working_order_of_any_kind(desk: Any) -> None:
    trade(desk, "100")
    desk.placed("bob", "buy 1 @ 94")
    placed = place(desk, OTO, stop("sell", "95", amount="1"), limit("buy", "90", "1"))
    assert standing(desk, placed) == ["untriggered", "pending"]
    trade(desk, "94.5", "0.5")
    assert standing(desk, placed) == ["filled", "working"]
    placed = desk.exchange.place_list("ann", NewList(OTO, (stop("sell", "80"), limit("buy", "90", "1"))), 99)
    desk.exchange.cancel("ann", placed.orders[0].id, 100)
    assert [desk.again("ann", order).reason for order in placed.orders] == ["requested", "requested"]


def test_what_has_no_funds_when_it_begins_closes(desk: Any) -> None:
    placed = place(desk, OTO, limit("buy", "100"), limit("sell", "110", amount="2000"))
    desk.placed("bob", "sell 2 @ 100")
    assert standing(desk, placed) == ["filled", "funds_exhausted", "done"]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_cancel_takes_the_whole_list(desk: Any, which: int) -> None:
    placed = place(desk, OTOCO, limit("buy", "100"), limit("sell", "110"), stop("sell", "95", "94"))
    assert standing(desk, placed) == ["working", "pending", "pending"]
    desk.exchange.cancel("ann", placed.orders[which].id, 99)
    assert standing(desk, placed) == ["requested", "requested", "requested", "done"]
    assert desk.funds("ann", "QQQ") == (D(1000), D(0))


def test_one_triggers_a_pair(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(funds="200")
    placed = place(desk, OTOCO, limit("sell", "100"), stop("buy", "105", "106", "1.5"), limit("buy", "95", "1.5"))
    desk.placed("bob", "buy 2 @ 100")
    assert standing(desk, placed) == ["filled", "untriggered", "working"]
    assert desk.funds("ann", "QQQ") == (D(400), D(159))
    desk.placed("bob", "sell 0.1 @ 95")
    assert standing(desk, placed) == ["filled", "contingent", "working"]


def test_all_are_cancelled_at_once(desk: Any) -> None:
    placed = place(desk, OTOCO, limit("buy", "100"), limit("sell", "110"), stop("sell", "95"))
    outcomes = desk.exchange.cancel_all("ann", 9)
    assert [outcome.order.id for outcome in outcomes] == list(placed.list.orders)
    listed = place(desk, OTO, limit("buy", "100"), limit("sell", "110")).list
    cancelled = desk.exchange.cancel_list("ann", listed.id, 10)
    assert isinstance(cancelled, OrderList)
    assert cancelled.is_done
    for list_id, reason in ((listed.id, Reject.ORDER_CLOSED), (99, Reject.UNKNOWN_ORDER)):
        rejected = desk.exchange.cancel_list("ann", list_id, 11)
        assert isinstance(rejected, Rejected)
        assert rejected.reason is reason


def test_delisting_ends_lists(desk: Any) -> None:
    placed = place(desk, OTO, limit("buy", "100"), limit("sell", "110"))
    desk.exchange.delist("PAIR", 9)
    assert standing(desk, placed) == ["delisted", "delisted", "done"]


REFUSED = [
    (OCO, (limit("sell", "105"),), Reject.INVALID_ORDER, "a list of kind oco has 2 orders"),
    (
        OCO,
        (limit("sell", "105"), stop("buy", "95")),
        Reject.INVALID_ORDER,
        "the orders of a pair have one side and one",
    ),
    (OCO, (limit("sell", "105"), limit("sell", "106")), Reject.INVALID_ORDER, "of a pair, at most one order does not"),
    (OCO, (limit("sell", "99"), stop("sell", "95")), Reject.LIST_PRICES, "the prices of the pair do not lie on both"),
    (OCO, (limit("sell", "105"), stop("sell", "101")), Reject.LIST_PRICES, "the prices of the pair do not lie on both"),
    (OCO, (limit("sell", "105"), stop("sell", "0.3")), Reject.PRICE_OFF_TICK, "price 0.3 is not a multiple of 0.5"),
    (OTO, (limit("buy", "99"), limit("sell", "0.3")), Reject.PRICE_OFF_TICK, "price 0.3 is not a multiple of 0.5"),
    (
        OCO,
        (limit("sell", "105", amount="1001"), stop("sell", "95", amount="1001")),
        Reject.INSUFFICIENT_BALANCE,
        "needs 1001 AAA, and 1000 is available",
    ),
]


@pytest.mark.parametrize(("kind", "orders", "reason", "detail"), REFUSED)
def test_a_list_that_cannot_be_places_nothing(
    open_desk: Callable[..., Any], kind: ListKind, orders: tuple[NewOrder, ...], reason: Reject, detail: str
) -> None:
    desk = open_desk(Policy(immediate_triggers=ImmediateTriggers.REFUSE))
    trade(desk, "100")
    before = desk.exchange.ledger()
    rejected = desk.exchange.place_list("ann", NewList(kind, orders), 9)
    assert rejected.reason == reason
    assert rejected.detail.startswith(detail)
    assert desk.exchange.ledger() == before
    assert not desk.exchange.lists("ann")


def test_an_id_of_ones_own_is_taken_while_the_list_is_open(desk: Any) -> None:
    first = place(desk, OTO, limit("buy", "100"), limit("sell", "110"), client_id="x")
    new = NewList(OTO, (limit("buy", "100"), limit("sell", "110")), "x")
    assert desk.exchange.place_list("ann", new, 9).reason == Reject.DUPLICATE_CLIENT_ID
    desk.exchange.cancel_list("ann", first.list.id, 10)
    assert isinstance(desk.exchange.place_list("ann", replace(new), 11), PlacedList)


def test_a_pair_holds_no_more_than_there_is(open_desk: Callable[..., Any]) -> None:
    """One leg's funds and what the other needs beyond them are there together, or nothing is placed."""
    pair = (stop("buy", "105", "110", "10"), limit("buy", "90", "10"))
    desk = open_desk(funds="1099")
    desk.exchange.deposit("cy", "QQQ", D(1), 0)
    trade(desk, "100")
    rejected = desk.exchange.place_list("ann", NewList(OCO, pair), 9)
    assert rejected == Rejected(Reject.INSUFFICIENT_BALANCE, "needs 200 QQQ, and 199 is available")
    assert desk.funds("ann", "QQQ") == (D(1099), D(0))
    desk.exchange.deposit("ann", "QQQ", D(1), 10)
    place(desk, OCO, *pair)
    assert desk.funds("ann", "QQQ") == (D(1100), D(1100))


def test_the_orders_of_a_list_count_each_other(desk: Any) -> None:
    desk.exchange.list_instrument(replace(desk.exchange.instrument("PAIR"), max_open=1), 0)
    trade(desk, "100")
    pair = (limit("sell", "105"), stop("sell", "95", "94"))
    assert desk.exchange.place_list("ann", NewList(OCO, pair), 9).reason is Reject.TOO_MANY_OPEN
    assert not desk.exchange.orders("ann")


@pytest.mark.parametrize("kind", [OCO, OTO])
def test_two_orders_of_a_list_have_two_ids(desk: Any, kind: ListKind) -> None:
    trade(desk, "100")
    twice = (limit("sell", "105", client_id="x"), replace(stop("sell", "95", "94"), client_id="x"))
    assert desk.exchange.place_list("ann", NewList(kind, twice), 9).reason is Reject.DUPLICATE_CLIENT_ID


def test_a_list_of_an_unknown_symbol(desk: Any) -> None:
    unknown = tuple(replace(each, symbol="ODD") for each in (stop("sell", "95", "94"), limit("sell", "105")))
    assert desk.exchange.place_list("ann", NewList(OTO, unknown), 9).reason is Reject.UNKNOWN_SYMBOL


def test_an_amended_order_of_a_pair_needs_no_second_hold(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(funds="2")
    desk.exchange.deposit("cy", "QQQ", D(9), 0)
    trade(desk, "100")
    placed = place(desk, OCO, limit("sell", "105"), stop("sell", "95", "94"))
    amended = desk.exchange.amend("ann", placed.orders[1].id, Amendment(trigger_price=D(96)), 9)
    assert isinstance(amended, Amended), amended
    assert desk.funds("ann", "AAA") == (D(2), D(2))


def test_what_ends_has_ended_before_anything_begins(desk: Any) -> None:
    """One of a pair fills the order that another list waited for: what begins then fires the pair no more."""
    trade(desk, "96")
    desk.placed("cy", "buy 5 @ 94")
    place(desk, OTO, limit("buy", "97", "1"), limit("sell", "94", "1"))
    pair = desk.exchange.place_list("bob", NewList(OCO, (limit("sell", "97", "1"), stop("sell", "95", amount="1"))), 99)
    assert [order.state for order in desk.exchange.orders("ann")] == ["filled", "filled"]
    assert [order.reason for order in pair.orders] == ["filled", "contingent"]
