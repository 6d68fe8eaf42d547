"""Orders that wait for a price: when they fire, what they hold meanwhile, and what comes of them then."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import (
    Aim,
    Cancelled,
    Change,
    ImmediateTriggers,
    Kind,
    NewOrder,
    OrderUpdated,
    Policy,
    Reject,
    SelfTrade,
    Side,
    TimeInForce,
    Trade,
    Trigger,
)

D = Decimal
LOSS, PROFIT = Aim.STOP_LOSS, Aim.TAKE_PROFIT


def at(aim: Aim, price: str) -> Trigger:
    return Trigger(aim, D(price))


def trade(desk: Any, price: str, amount: str = "0.01") -> None:
    """Make `price` the last price, leaving no order behind."""
    desk.placed("bob", f"sell {amount} @ {price}")
    desk.placed("cy", f"buy {amount} @ {price}")


# side and aim, the trigger's price, prices that do not fire it, the price that does
FIRING = [
    ("buy", LOSS, "105", ("104.5", "90"), "105"),
    ("buy", LOSS, "105", ("104",), "110"),
    ("sell", LOSS, "95", ("95.5", "120"), "95"),
    ("buy", PROFIT, "95", ("95.5", "120"), "94"),
    ("sell", PROFIT, "105", ("104.5", "90"), "105.5"),
]


@pytest.mark.parametrize(("side", "aim", "price", "before", "then"), FIRING)
def test_when_it_fires(desk: Any, side: str, aim: Aim, price: str, before: tuple[str, ...], then: str) -> None:
    trade(desk, "100")
    limit = "1" if side == "buy" else "300"  # a limit that never trades
    order = desk.placed("ann", f"{side} 1 @ {limit}", trigger=at(aim, price))
    assert (order.stage, order.working, order.trigger_level) == ("untriggered", None, D(price))
    for each in before:
        trade(desk, each)
        assert desk.again("ann", order).stage == "untriggered"
        assert desk.book() == "|"
    trade(desk, then)
    after = desk.again("ann", order)
    assert (after.stage, after.triggered, after.working) == ("working", desk.now, desk.now)
    assert desk.book() == (f"1@{limit} |" if side == "buy" else f"| 1@{limit}")


HOLDS = [
    ("buy 2 @ 90", at(LOSS, "105"), "QQQ", "180"),
    ("sell 2 @ 90", at(LOSS, "95"), "AAA", "2"),
    ("buy 2", at(LOSS, "105"), "QQQ", "210"),
    ("sell 2", at(LOSS, "95"), "AAA", "2"),
]


@pytest.mark.parametrize(("text", "trigger", "asset", "held"), HOLDS)
def test_what_it_holds_and_gives_back(desk: Any, text: str, trigger: Trigger, asset: str, held: str) -> None:
    trade(desk, "100")
    order = desk.placed("ann", text, trigger=trigger)
    assert desk.funds("ann", asset) == (D(1000), D(held))
    assert desk.book() == "|"
    smaller = desk.exchange.reduce("ann", order.id, D(1), desk.now).order
    assert desk.funds("ann", asset) == (D(1000), D(held) / 2)
    assert smaller.change is Change.REDUCE
    cancelled = desk.exchange.cancel("ann", order.id, desk.now)
    assert isinstance(cancelled, Cancelled)
    assert (cancelled.order.state, cancelled.order.reason) == ("cancelled", "requested")
    assert desk.funds("ann", asset) == (D(1000), D(0))
    trade(desk, "95")
    trade(desk, "105")
    assert not desk.again("ann", order).fills


def test_one_that_cannot_be_held_is_refused(desk: Any) -> None:
    rejected = desk.rejected("ann", "buy 10", trigger=at(LOSS, "105"))
    assert (rejected.reason, rejected.detail) == (
        Reject.INSUFFICIENT_BALANCE,
        "needs 1050 QQQ, and 1000 is available",
    )


def test_a_market_order_takes_the_book_when_it_fires(desk: Any) -> None:
    order = desk.placed("ann", "sell 3", trigger=at(LOSS, "95"))
    desk.placed("bob", "buy 1 @ 94")
    desk.placed("bob", "buy 5 @ 93")
    trade_events = desk.events("cy", "sell 0.5 @ 94")
    after = desk.again("ann", order)
    assert (after.state, after.filled, after.filled_quote) == ("filled", D(3), D("0.5") * 94 + D("2.5") * 93)
    assert desk.funds("ann", "AAA") == (D(997), D(0))
    told = [event.change for event in trade_events if isinstance(event, OrderUpdated) and event.order.id == order.id]
    assert told == ["trigger", "fill"]
    assert [event.taker.order_id for event in trade_events if isinstance(event, Trade)] == [4, 1, 1]


def test_firing_goes_on_until_nothing_fires(desk: Any) -> None:
    """Each stop sells into the book and so reaches the next one's price; they fire in that order, each once."""
    stops = [desk.placed("ann", f"sell 1 @ {price - 1}", trigger=at(LOSS, str(price))) for price in (98, 99, 100)]
    for price in (100, 99, 98, 97):
        desk.placed("bob", f"buy 1 @ {price}")
    desk.placed("cy", "sell 1 @ 100")
    assert [desk.again("ann", stop).filled_quote for stop in reversed(stops)] == [99, 98, 97]


def test_of_those_that_one_trade_fires_the_oldest_is_first(desk: Any) -> None:
    desk.placed("bob", "buy 1 @ 97")
    desk.placed("bob", "buy 1 @ 96")
    late = desk.placed("ann", "sell 1", trigger=at(LOSS, "97.5"))
    later = desk.placed("ann", "sell 0.5", trigger=at(LOSS, "98"))
    desk.placed("cy", "sell 0.5 @ 97")
    assert desk.again("ann", late).filled_quote == D("0.5") * 97 + D("0.5") * 96
    assert desk.again("ann", later).filled_quote == D("0.5") * 96


LATE = [
    ("sell 1", {}, (), "expired", "no_liquidity"),
    ("sell 1 @ 90", {"time_in_force": TimeInForce.FOK}, (), "expired", "fok_unfillable"),
    ("sell 1 @ 90", {"time_in_force": TimeInForce.IOC}, (), "expired", "ioc_remainder"),
    ("sell 1 @ 90", {"post_only": True}, ("bob", "buy 1 @ 90"), "expired", "would_cross"),
    ("sell 1 @ 90", {"self_trade": SelfTrade.REJECT}, ("ann", "buy 1 @ 90"), "expired", "self_trade"),
]


@pytest.mark.parametrize(("text", "more", "resting", "state", "reason"), LATE)
def test_what_is_refused_once_it_fired_closes(
    desk: Any, text: str, more: dict[str, Any], resting: tuple[str, str], state: str, reason: str
) -> None:
    order = desk.placed("ann", text, trigger=at(PROFIT, "95"), **more)
    if resting:
        desk.placed(*resting)
    trade(desk, "95")
    after = desk.again("ann", order)
    assert (after.state, after.reason, after.held) == (state, reason, D(0))
    assert desk.funds("ann", "AAA")[1] == 0


def test_a_market_buy_fills_as_far_as_the_funds_reach(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(funds="300")
    desk.placed("bob", "sell 3 @ 150")
    order = desk.placed("ann", "buy 2.5", trigger=at(LOSS, "110"))
    trade(desk, "110")
    after = desk.again("ann", order)
    assert (after.filled, after.state, after.reason) == (D(2), "expired", "funds_exhausted")
    assert desk.funds("ann", "QQQ") == (D(0), D(0))


@pytest.mark.parametrize(("policy", "side"), [(ImmediateTriggers.FIRE, "buy"), (ImmediateTriggers.REFUSE, "sell")])
def test_a_trigger_that_is_reached_already(open_desk: Any, policy: ImmediateTriggers, side: str) -> None:
    desk = open_desk(Policy(immediate_triggers=policy))
    trade(desk, "100")
    trigger = at(LOSS if side == "buy" else PROFIT, "99.5")
    if policy is ImmediateTriggers.REFUSE:
        rejected = desk.rejected("ann", f"{side} 1 @ 100", trigger=trigger)
        assert rejected.reason == Reject.WOULD_TRIGGER
        assert rejected.detail == "the last price is 100, and the trigger 99.5 is reached"
        return
    order = desk.placed("ann", f"{side} 1 @ 98", trigger=trigger)
    assert (order.stage, order.change, order.triggered) == ("working", "trigger", desk.now)
    assert desk.book() == "1@98 |"


SHAPES = [
    ({"trigger": Trigger(LOSS)}, "a trigger needs a price or a trail"),
    ({"trigger": at(LOSS, "95"), "amount": None, "quote_amount": D(5)}, "an order with a trigger is sized in base"),
    ({"time_in_force": TimeInForce.GTD}, "a GTD order needs the time when it expires"),
    ({"expires": 1}, "it would expire before it begins"),
    ({"expires": 9, "starts": 9}, "it would expire before it begins"),
]


@pytest.mark.parametrize(("more", "detail"), SHAPES)
def test_shapes(desk: Any, more: dict[str, Any], detail: str) -> None:
    fields = {"amount": D(1), **more}
    rejected = desk.exchange.place("ann", NewOrder("PAIR", Side.SELL, Kind.MARKET, **fields), 1)
    assert (rejected.reason, rejected.detail) == (Reject.INVALID_ORDER, detail)


@pytest.mark.parametrize(("price", "reason"), [("95.1", "price_off_tick"), ("0", "price_out_of_range")])
def test_the_rules_of_prices_are_the_triggers_too(desk: Any, price: str, reason: str) -> None:
    assert desk.rejected("ann", "sell 1 @ 90", trigger=at(LOSS, price)).reason == reason


def test_delisting_closes_what_waits(desk: Any) -> None:
    order = desk.placed("ann", "sell 1", trigger=at(LOSS, "95"))
    desk.exchange.delist("PAIR", 9)
    assert desk.again("ann", order).reason == "delisted"
    assert desk.funds("ann", "AAA") == (D(1000), D(0))
