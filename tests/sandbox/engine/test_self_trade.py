"""Self-trade prevention: what each mode does to the incoming order, the resting one and the rest of the book."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import Change, OrderUpdated, Reject, SelfTrade, TimeInForce

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
    assert told == [own.id, own.id + 1]
    assert desk.again("ann", own).amount == D("1.5")
