"""Each order type against each state of the book: what fills, at which price, what is left and why."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import TimeInForce

D = Decimal

IOC, FOK, GTC = TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTC
ASKS = (("bob", "sell 1 @ 100"), ("cy", "sell 1 @ 100"), ("bob", "sell 2 @ 101"))
BIDS = (("bob", "buy 1 @ 99"), ("cy", "buy 1 @ 99"), ("bob", "buy 2 @ 98"))

OUTCOMES = [
    # resting, order, options, state, reason, filled, filled_quote, book after
    ((), "buy 1 @ 100", {}, "open", None, "0", "0", "1@100 |"),
    ((), "sell 1 @ 100", {}, "open", None, "0", "0", "| 1@100"),
    (ASKS, "buy 1 @ 99.5", {}, "open", None, "0", "0", "1@99.5 | 2@100 2@101"),
    (ASKS, "buy 1 @ 100", {}, "filled", "filled", "1", "100", "| 1@100 2@101"),
    (ASKS, "buy 1.5 @ 105", {}, "filled", "filled", "1.5", "150", "| 0.5@100 2@101"),
    (ASKS, "buy 3 @ 100", {}, "partially_filled", None, "2", "200", "1@100 | 2@101"),
    (ASKS, "buy 5 @ 101", {}, "partially_filled", None, "4", "402", "1@101 |"),
    (BIDS, "sell 3 @ 98", {}, "filled", "filled", "3", "296", "1@98 |"),
    (BIDS, "sell 3 @ 99", {}, "partially_filled", None, "2", "198", "2@98 | 1@99"),
    (ASKS, "buy 3 @ 100", {"time_in_force": IOC}, "expired", "ioc_remainder", "2", "200", "| 2@101"),
    (ASKS, "buy 3 @ 99", {"time_in_force": IOC}, "expired", "ioc_remainder", "0", "0", "| 2@100 2@101"),
    (ASKS, "buy 2 @ 100", {"time_in_force": IOC}, "filled", "filled", "2", "200", "| 2@101"),
    (ASKS, "buy 3 @ 101", {"time_in_force": FOK}, "filled", "filled", "3", "301", "| 1@101"),
    (ASKS, "buy 1 @ 99.5", {"post_only": True}, "open", None, "0", "0", "1@99.5 | 2@100 2@101"),
    (BIDS, "sell 1 @ 99.5", {"post_only": True}, "open", None, "0", "0", "2@99 2@98 | 1@99.5"),
    (ASKS, "buy 3", {}, "filled", "filled", "3", "301", "| 1@101"),
    (ASKS, "buy 3", {"time_in_force": IOC}, "filled", "filled", "3", "301", "| 1@101"),
    (ASKS, "buy 4", {"time_in_force": FOK}, "filled", "filled", "4", "402", "|"),
    (ASKS, "buy 5", {}, "expired", "no_liquidity", "4", "402", "|"),
    (BIDS, "sell 3", {}, "filled", "filled", "3", "296", "1@98 |"),
    (BIDS, "sell 9", {}, "expired", "no_liquidity", "4", "394", "|"),
    (ASKS, "buy 250 quote", {}, "filled", "filled", "2.49", "249.49", "| 1.51@101"),
    (ASKS, "buy 200.9 quote", {}, "filled", "filled", "2", "200", "| 2@101"),
    (ASKS, "buy 500 quote", {}, "expired", "no_liquidity", "4", "402", "|"),
    (BIDS, "sell 150 quote", {}, "filled", "filled", "1.51", "149.49", "0.49@99 2@98 |"),
    (BIDS, "sell 198 quote", {"time_in_force": FOK}, "filled", "filled", "2", "198", "2@98 |"),
]


@pytest.mark.parametrize(("resting", "order", "options", "state", "reason", "filled", "quote", "book"), OUTCOMES)
def test_outcome(
    desk: Any,
    resting: tuple[tuple[str, str], ...],
    order: str,
    options: dict[str, Any],
    state: str,
    reason: str | None,
    filled: str,
    quote: str,
    book: str,
) -> None:
    for account, text in resting:
        desk.placed(account, text)
    placed = desk.placed("ann", order, **options)
    assert (placed.state, placed.reason) == (state, reason)
    assert (placed.filled, placed.filled_quote) == (D(filled), D(quote))
    assert sum(fill.amount for fill in placed.fills) == D(filled)
    assert (placed.average_price is None) is (not placed.filled)
    assert abs((placed.average_price or D(0)) * D(filled) - D(quote)) < D("1e-20")
    assert desk.book() == book
    assert desk.again("ann", placed) == placed


def test_first_come_first_served_within_a_price(desk: Any) -> None:
    first = desk.placed("bob", "sell 1 @ 100")
    second = desk.placed("cy", "sell 1 @ 100")
    better = desk.placed("cy", "sell 1 @ 99.5")
    taker = desk.placed("ann", "buy 2.5 @ 100")
    traded = [(trade.maker.order_id, trade.price, trade.amount) for trade in desk.exchange.trades("PAIR")]
    assert traded == [(better.id, D("99.5"), D(1)), (first.id, D(100), D(1)), (second.id, D(100), D("0.5"))]
    assert [fill.liquidity for fill in taker.fills] == ["taker"] * 3
    assert desk.again("cy", second).remaining == D("0.5")


def test_a_reduction_keeps_priority_and_a_new_order_has_none(desk: Any) -> None:
    first = desk.placed("bob", "sell 2 @ 100")
    desk.placed("cy", "sell 1 @ 100")
    desk.exchange.reduce("bob", first.id, D(1), 9)
    assert desk.book() == "| 2@100"
    desk.placed("ann", "buy 1 @ 100")
    assert desk.again("bob", first).state == "filled"


def test_an_order_by_quote_ends_as_large_as_what_filled(desk: Any) -> None:
    desk.placed("bob", "sell 1 @ 100")
    placed = desk.placed("ann", "buy 30 quote")
    assert (placed.amount, placed.quote_amount, placed.remaining) == (D("0.3"), D(30), 0)


def test_a_market_order_has_no_limit_price(desk: Any) -> None:
    desk.placed("bob", "sell 1 @ 100")
    with pytest.raises(ValueError, match="order 2 is a market order and has no limit price; ask for average_price"):
        _ = desk.placed("ann", "buy 1").limit
