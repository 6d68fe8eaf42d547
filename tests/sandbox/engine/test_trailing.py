"""Trailing triggers: when they begin to follow, what moves them, and at which price they fire.

The five scenarios are those that one exchange publishes with its figures:
https://github.com/binance/binance-spot-api-docs/blob/master/faqs/trailing-stop-faq.md
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import Aim, Distance, Instrument, Reject, Trigger

D = Decimal
LOSS, PROFIT = Aim.STOP_LOSS, Aim.TAKE_PROFIT
PAIR = Instrument("PAIR", "AAA", "QQQ", tick=D("0.5"), lot=D("0.01"), min_size=D("0.01"))

# side @ limit, aim, price from which it follows, trail in bips, last prices that do not fire it, the one that does
SCENARIOS = {
    "A": ("buy 1 @ 45000", LOSS, "44000", 500, (37000, 44000, 45000, 46000, 42000, 44099.5), 44100),
    "B": ("sell 1 @ 38000", LOSS, "39000", 1000, (41500, 39000, 37000, 41000, 36900.5), 36900),
    "C": ("buy 1 @ 38500", PROFIT, "38000", 850, (42000, 38000, 37000, 39000, 38000, 40144.5), 40145),
    "D": ("sell 1 @ 41000", PROFIT, "42000", 750, (41500, 39000, 42000, 45000, 44000, 46500, 43013), 43012.5),
    "E": ("sell 1 @ 39000", LOSS, None, 700, (42000, 39500, 45500, 42315.5), 42315),
}


def trade(desk: Any, price: object) -> None:
    desk.placed("bob", f"sell 0.01 @ {price}")
    desk.placed("cy", f"buy 0.01 @ {price}")


@pytest.mark.parametrize("name", SCENARIOS)
def test_published_scenarios(open_desk: Callable[..., Any], name: str) -> None:
    text, aim, starts, bips, before, then = SCENARIOS[name]
    desk = open_desk(funds="1000000")
    trade(desk, 40000)
    trail = Distance(D(bips) / 10000, relative=True)
    order = desk.placed("ann", text, trigger=Trigger(aim, None if starts is None else D(starts), trail))
    for price in before:
        trade(desk, price)
        assert desk.again("ann", order).stage == "untriggered", price
    trade(desk, then)
    assert desk.again("ann", order).stage == "working"


def test_an_offset_and_what_it_shows(open_desk: Callable[..., Any]) -> None:
    desk = open_desk()
    trade(desk, 100)
    order = desk.placed("ann", "sell 2", trigger=Trigger(LOSS, trail=Distance(D(5))))
    assert (order.trigger_level, order.peak, order.tracking) == (D(95), D(100), desk.now)
    trade(desk, 110)
    after = desk.again("ann", order)
    assert (after.trigger_level, after.peak, after.tracking) == (D(105), D(110), order.tracking)
    trade(desk, 106)
    assert desk.again("ann", order).trigger_level == D(105)
    desk.placed("bob", "buy 3 @ 105")
    desk.placed("cy", "sell 0.5 @ 105")
    assert desk.again("ann", order).filled_quote == 210


def test_it_begins_with_the_first_trade(desk: Any) -> None:
    order = desk.placed("ann", "buy 2", trigger=Trigger(LOSS, trail=Distance(D(5))))
    assert (order.trigger_level, order.held) == (None, D(0))
    trade(desk, 100)
    assert desk.again("ann", order).trigger_level == D(105)


@pytest.mark.parametrize(
    ("side", "limit", "at_first", "fired", "price"),
    [("sell", "-2", "93", 105, "103"), ("sell", "0.3", "95.5", 105, "105.5"), ("buy", "3", "108", 95, "98")],
)
def test_a_limit_that_follows(desk: Any, side: str, limit: str, at_first: str, fired: int, price: str) -> None:
    trade(desk, 100)
    trigger = Trigger(LOSS, None, Distance(D(5)), Distance(D(limit)))
    text = f"{side} 1 @ 100"
    rejected = desk.rejected("ann", text, trigger=trigger)
    assert rejected.detail == "a limit order needs a price"
    order = desk.placed("ann", f"{side} 1 @ None", trigger=trigger)
    assert order.price == D(at_first)
    assert order.held == (D(1) if side == "sell" else D(at_first))
    trade(desk, 110 if side == "sell" else 90)
    trade(desk, fired)
    after = desk.again("ann", order)
    assert (after.stage, after.price, after.held_asset) == ("working", D(price), order.held_asset)
    assert desk.book() == (f"| 1@{price}" if side == "sell" else f"1@{price} |")


def test_bounds(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(instrument=replace(PAIR, min_trail=D("0.001"), max_trail=D("0.2")))
    for fraction in ("0.0009", "0.2001"):
        trigger = Trigger(LOSS, None, Distance(D(fraction), relative=True))
        rejected = desk.rejected("ann", "sell 1", trigger=trigger)
        assert rejected.reason == Reject.TRAIL_OUT_OF_RANGE
        assert rejected.detail == f"the trail {fraction} is not between 0.001 and 0.2"
    nothing = Trigger(LOSS, None, Distance(D(0)))
    assert desk.rejected("ann", "sell 1", trigger=nothing).detail == "a trail is a distance above 0"
