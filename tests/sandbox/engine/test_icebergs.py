"""Icebergs: what the book shows of them, how they refill, and whom they stand behind then."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import (
    Aim,
    BookChanged,
    Instrument,
    OrderUpdated,
    Reject,
    SelfTrade,
    TimeInForce,
    Trade,
    Trigger,
)

D = Decimal

PAIR = Instrument("PAIR", "AAA", "QQQ", tick=D("0.5"), lot=D("0.01"), min_size=D("0.01"))


def traded(events: Any) -> list[tuple[int, str]]:
    """(maker's order, amount) of each trade."""
    return [(e.maker.order_id, f"{e.amount.normalize():f}") for e in events if isinstance(e, Trade)]


def test_it_shows_a_part_and_holds_all(desk: Any) -> None:
    order = desk.placed("ann", "sell 5 @ 100", visible_amount=D(2))
    assert (desk.book(), order.shown, order.remaining) == ("| 2@100", D(2), D(5))
    assert desk.funds("ann", "AAA") == (D(1000), D(5))
    desk.placed("bob", "buy 0.5 @ 100")
    assert (desk.book(), desk.again("ann", order).shown) == ("| 1.5@100", D("1.5"))
    assert desk.exchange.cancel("ann", order.id, 9).order.filled == D("0.5")
    assert (desk.book(), desk.funds("ann", "AAA")) == ("|", (D("999.5"), D(0)))


def test_a_refill_stands_behind_all_others(desk: Any) -> None:
    desk.placed("ann", "sell 5 @ 100", visible_amount=D(2))
    desk.placed("bob", "sell 1 @ 100")
    events = desk.events("cy", "buy 2 @ 100")
    assert traded(events) == [(1, "2")]
    told = [e for e in events if isinstance(e, OrderUpdated) and e.order.id == 1]
    assert [(e.change, e.order.shown) for e in told] == [("fill", 0), ("refill", 2)]
    assert [e.size for e in events if isinstance(e, BookChanged)] == [D(1), D(3)]
    assert traded(desk.events("cy", "buy 1.5 @ 100")) == [(2, "1"), (1, "0.5")]
    assert desk.book() == "| 1.5@100"


def test_one_order_takes_part_after_part(desk: Any) -> None:
    desk.placed("ann", "sell 5 @ 100", visible_amount=D(2))
    desk.placed("bob", "sell 1 @ 100")
    desk.placed("bob", "sell 1 @ 101")
    events = desk.events("cy", "buy 6.5 @ 101")
    assert traded(events) == [(1, "2"), (2, "1"), (1, "2"), (1, "1"), (3, "0.5")]
    assert desk.book() == "| 0.5@101"


def test_what_is_hidden_counts_for_fill_or_kill(desk: Any) -> None:
    desk.placed("ann", "sell 5 @ 100", visible_amount=D(2))
    fok = {"time_in_force": TimeInForce.FOK}
    assert desk.rejected("cy", "buy 5.5 @ 100", **fok).reason == Reject.FOK_UNFILLABLE
    assert desk.placed("cy", "buy 5 @ 100", **fok).state == "filled"
    assert desk.book() == "|"


def test_it_takes_with_all_of_itself_and_shows_a_part_of_the_rest(desk: Any) -> None:
    desk.placed("bob", "sell 3 @ 100")
    order = desk.placed("ann", "buy 5 @ 100", visible_amount=D("1.5"))
    assert (order.filled, order.shown, desk.book()) == (D(3), D("1.5"), "1.5@100 |")


def test_a_reduction_shows_less_only_when_it_must(desk: Any) -> None:
    order = desk.placed("ann", "sell 5 @ 100", visible_amount=D(2))
    assert desk.exchange.reduce("ann", order.id, D(3), 8).order.shown == D(2)
    assert desk.exchange.reduce("ann", order.id, D(1), 9).order.shown == D(1)
    assert desk.book() == "| 1@100"


@pytest.mark.parametrize(
    ("mode", "amount", "book"),
    [
        (SelfTrade.DECREMENT, "3.5", "| 0.5@100 1@101"),
        (SelfTrade.CANCEL_OLDEST, "3.5", "3.5@100 | 1@101"),
        (SelfTrade.CANCEL_BOTH, "3.5", "| 1@101"),
        (SelfTrade.CANCEL_NEWEST, "3.5", "| 2@100 1@101"),
        (SelfTrade.NONE, "3.5", "| 0.5@100 1@101"),
    ],
)
def test_meeting_ones_own(desk: Any, mode: SelfTrade, amount: str, book: str) -> None:
    desk.placed("ann", "sell 4 @ 100", visible_amount=D(2))
    desk.placed("bob", "sell 1 @ 101")
    desk.placed("ann", f"buy {amount} @ 100", self_trade=mode)
    assert desk.book() == book
    assert desk.funds("ann", "AAA")[1] == sum(o.held for o in desk.exchange.orders("ann") if o.held_asset == "AAA")


REFUSED = [
    ("sell 5 @ 100", {"visible_amount": D(6)}, Reject.INVALID_ORDER, "an iceberg shows no more than it is"),
    ("sell 5", {"visible_amount": D(1)}, Reject.INVALID_ORDER, "only a limit order that rests can be an iceberg"),
    (
        "sell 5 @ 100",
        {"visible_amount": D(1), "time_in_force": TimeInForce.IOC},
        Reject.INVALID_ORDER,
        "only a limit order that rests can be an iceberg",
    ),
    ("sell 5 @ 100", {"visible_amount": D("0.999")}, Reject.SIZE_OFF_LOT, "amount 0.999 is not a multiple of 0.01"),
    ("sell 5 @ 100", {"visible_amount": D("1.2")}, Reject.TOO_MANY_PARTS, "5 in parts of 1.2 are more than 4"),
]


@pytest.mark.parametrize(("text", "more", "reason", "detail"), REFUSED)
def test_refused(open_desk: Callable[..., Any], text: str, more: Any, reason: Reject, detail: str) -> None:
    rejected = open_desk(instrument=replace(PAIR, iceberg_parts=4)).rejected("ann", text, **more)
    assert (rejected.reason, rejected.detail) == (reason, detail)


def test_how_many_there_may_be(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(instrument=replace(PAIR, max_icebergs=1, max_waiting=1))
    desk.placed("ann", "sell 5 @ 100", visible_amount=D(1))
    assert desk.rejected("ann", "sell 5 @ 100", visible_amount=D(1)).reason == Reject.TOO_MANY_ICEBERGS
    stop = Trigger(Aim.STOP_LOSS, D(90))
    desk.placed("ann", "sell 5", trigger=stop)
    assert desk.rejected("ann", "sell 5", trigger=stop).reason == Reject.TOO_MANY_WAITING
