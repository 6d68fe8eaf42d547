"""Self-trade prevention: what each mode does to the incoming order, the resting one and the rest of the book."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import Change, OrderClosed, OrderUpdated, Reject, SelfTrade, TimeInForce

D = Decimal

# bob offers 1 @ 100, ann herself 1 @ 101, cy 1 @ 102; then ann buys
MODES = [
    # mode, order, state and reason of the new order, filled, state of ann's own, book after
    (SelfTrade.CANCEL_NEWEST, "buy 3 @ 102", "expired", "self_trade", "1", "open", "| 1@101 1@102"),
    (SelfTrade.CANCEL_OLDEST, "buy 3 @ 102", "partially_filled", None, "2", "expired", "1@102 |"),
    (SelfTrade.CANCEL_BOTH, "buy 3 @ 102", "expired", "self_trade", "1", "expired", "| 1@102"),
    (SelfTrade.DECREMENT, "buy 3 @ 102", "filled", "filled", "2", "expired", "|"),
    (SelfTrade.DECREMENT, "buy 1.4 @ 102", "expired", "self_trade", "1", "open", "| 0.6@101 1@102"),
    (SelfTrade.DECREMENT, "buy 2.5", "filled", "filled", "1.5", "expired", "| 0.5@102"),
    (SelfTrade.DECREMENT, "buy 252 quote", "filled", "filled", "1.5", "expired", "| 0.5@102"),
    (SelfTrade.NONE, "buy 3 @ 102", "filled", "filled", "3", "filled", "|"),
    (SelfTrade.CANCEL_NEWEST, "buy 1 @ 102", "filled", "filled", "1", "open", "| 1@101 1@102"),
    (SelfTrade.CANCEL_OLDEST, "buy 5", "expired", "no_liquidity", "2", "expired", "|"),
]


@pytest.mark.parametrize(("mode", "order", "state", "reason", "filled", "own_state", "book"), MODES)
def test_mode(
    desk: Any, mode: SelfTrade, order: str, state: str, reason: str | None, filled: str, own_state: str, book: str
) -> None:
    desk.placed("bob", "sell 1 @ 100")
    own = desk.placed("ann", "sell 1 @ 101")
    desk.placed("cy", "sell 1 @ 102")
    placed = desk.placed("ann", order, self_trade=mode)
    assert (placed.state, placed.reason, placed.filled) == (state, reason, D(filled))
    own = desk.again("ann", own)
    assert own.state == own_state
    assert own.reason == {"open": None, "expired": "self_trade", "filled": "filled"}[own_state]
    assert desk.book() == book
    held = sum((o.held for o in desk.exchange.orders("ann", open_only=True) if o.side == "buy"), D(0))
    assert desk.funds("ann", "QQQ")[1] == held
    assert desk.funds("ann", "AAA")[1] == own.held == own.remaining * own.is_open


def test_reject_refuses_what_would_meet_an_own_order(desk: Any) -> None:
    desk.placed("bob", "sell 1 @ 100")
    desk.placed("ann", "sell 1 @ 101")
    rejected = desk.rejected("ann", "buy 2 @ 101", self_trade=SelfTrade.REJECT)
    assert (rejected.reason, rejected.detail) == (
        Reject.SELF_TRADE,
        "it would meet another order of the same account",
    )
    assert desk.placed("ann", "buy 1 @ 101", self_trade=SelfTrade.REJECT).state == "filled"


@pytest.mark.parametrize(
    ("mode", "fills"),
    [
        (SelfTrade.CANCEL_NEWEST, False),
        (SelfTrade.CANCEL_BOTH, False),
        (SelfTrade.DECREMENT, False),
        (SelfTrade.CANCEL_OLDEST, True),
        (SelfTrade.NONE, True),
    ],
)
def test_fill_or_kill_counts_only_what_may_trade(desk: Any, mode: SelfTrade, fills: bool) -> None:
    desk.placed("ann", "sell 1 @ 100")
    desk.placed("bob", "sell 2 @ 100")
    outcome = desk.place("ann", "buy 2 @ 100", time_in_force=TimeInForce.FOK, self_trade=mode)
    assert hasattr(outcome, "order") is fills
    if not fills:
        assert outcome.reason == Reject.FOK_UNFILLABLE
        assert desk.book() == "| 3@100"


def test_a_decrement_is_told_of_both_orders(desk: Any) -> None:
    own = desk.placed("ann", "sell 2 @ 100")
    events = desk.events("ann", "buy 0.5 @ 100", self_trade=SelfTrade.DECREMENT)
    told = [e.order.id for e in events if isinstance(e, OrderUpdated) and e.change is Change.SELF_TRADE]
    assert told == [own.id]
    assert [(e.order.id, e.order.reason) for e in events if isinstance(e, OrderClosed)] == [(own.id + 1, "self_trade")]
    assert desk.again("ann", own).amount == D("1.5")
    events = desk.events("ann", "buy 2 @ 101", self_trade=SelfTrade.DECREMENT)
    assert [e.order.id for e in events if isinstance(e, OrderUpdated) and e.order.prevented] == [own.id + 2]


LOST = [
    # mode, order against 2 @ 100 of one's own, what would have traded, what the incoming and the resting one lost
    (SelfTrade.CANCEL_NEWEST, "buy 3 @ 101", "2", "3", None),
    (SelfTrade.CANCEL_OLDEST, "buy 0.5 @ 101", "0.5", None, "2"),
    (SelfTrade.CANCEL_BOTH, "buy 0.5 @ 101", "0.5", "0.5", "2"),
    (SelfTrade.CANCEL_BOTH, "buy 150 quote", "1.5", "1.5", "2"),
    (SelfTrade.DECREMENT, "buy 0.5 @ 101", "0.5", "0.5", "0.5"),
    (SelfTrade.DECREMENT, "buy 3 @ 101", "2", "2", "2"),
]


@pytest.mark.parametrize(("mode", "order", "amount", "taker_lost", "maker_lost"), LOST)
def test_what_orders_know_of_a_prevented_match(
    desk: Any, mode: SelfTrade, order: str, amount: str, taker_lost: str | None, maker_lost: str | None
) -> None:
    own = desk.placed("ann", "sell 2 @ 100")
    taker = desk.placed("ann", order, self_trade=mode)
    (kept,) = taker.preventions
    assert (kept.number, kept.taker_id, kept.maker_id, kept.price) == (0, taker.id, own.id, D(100))
    assert (kept.amount, kept.quote, kept.self_trade) == (D(amount), 100 * D(amount), mode)
    assert (kept.taker_lost, kept.maker_lost) == (taker_lost and D(taker_lost), maker_lost and D(maker_lost))
    assert desk.again("ann", own).preventions == ((kept,) if maker_lost else ())


def test_prevented_matches_are_counted_by_instrument(desk: Any) -> None:
    for price in (100, 101, 102):
        desk.placed("ann", f"sell 1 @ {price}")
    taker = desk.placed("ann", "buy 2 @ 102", self_trade=SelfTrade.CANCEL_OLDEST)
    assert [(kept.number, kept.price, kept.maker_lost) for kept in taker.preventions] == [
        (0, D(100), D(1)),
        (1, D(101), D(1)),
        (2, D(102), D(1)),
    ]
    assert taker.state == "open"


def test_what_pays_for_no_lot_meets_nobody(desk: Any) -> None:
    desk.placed("ann", "sell 1 @ 100")
    rejected = desk.rejected("ann", "buy 0.0000001 quote", self_trade=SelfTrade.CANCEL_OLDEST)
    assert rejected.reason == Reject.NOTIONAL_TOO_SMALL
    assert desk.book() == "| 1@100"
