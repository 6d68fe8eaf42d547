"""Readings again and again leave the exchange's limits room for orders, cancels and lookups."""

from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Pool
from exconn.market.pace import Pace
from exconn.market.polling import StatusPolling

POOLS = [
    Pool(name="calls", burst=15, refill=1, per=3),
    Pool(name="weight", allow=6000, per=60),
    Pool(name="engine", burst=60, refill=1, per=1, each="symbol"),
]
COSTS = {
    "open_orders": (("calls", 1),),
    "fills_since": (("calls", 4),),
    "balances": (("calls", 1),),
}
GENEROUS = dict.fromkeys(COSTS, (("weight", 20),))


def rest_of(costs: dict[str, tuple[tuple[str, int], ...]]) -> Any:
    return SimpleNamespace(
        offers=lambda operation: operation in costs,
        endpoint=lambda operation: SimpleNamespace(costs=costs[operation]),
        codec=SimpleNamespace(facts=SimpleNamespace(pools=POOLS)),
        settings=SimpleNamespace(poll_short=5.0, poll_open=12.0, poll_idle=60.0, repeat_cancel_after=5.0),
        time=SimpleNamespace(now=lambda: 100.0),
    )


def pace_of(costs: dict[str, tuple[tuple[str, int], ...]], by_pair: str = "none") -> Pace:
    needs: Any = SimpleNamespace(pair=lambda operation: operation == by_pair)
    return Pace(rest_of(costs), needs, ["BTC-USD", "ETH-USD", "ETH-BTC"])


@pytest.mark.parametrize(
    ("costs", "by_pair", "seconds"),
    [
        (COSTS, "none", 18.0),
        (COSTS, "fills_since", 42.0),
        (GENEROUS, "none", 0.6),
        (GENEROUS | {"balances": (("weight", 20), ("calls", 1))}, "none", 3.0),
        ({"balances": (("calls", 1),)}, "none", 3.0),
        ({}, "none", 0.0),
    ],
)
def test_a_round_takes_as_long_as_the_slowest_pool_needs_for_it(costs: Any, by_pair: str, seconds: float) -> None:
    pace = pace_of(costs, by_pair)
    assert (pace.urgent, pace.routine) == (pytest.approx(seconds), pytest.approx(2 * seconds))


@pytest.mark.parametrize(
    ("costs", "is_fresh", "is_open", "due"),
    [
        (COSTS, True, True, 36.0),
        (COSTS, False, True, 36.0),
        (COSTS, True, False, 60.0),
        (GENEROUS, True, True, 12.0),
        (GENEROUS, False, True, 5.0),
    ],
)
def test_polling_keeps_to_the_pace(costs: Any, is_fresh: bool, is_open: bool, due: float) -> None:
    waiting = SimpleNamespace(cancel_wanted=False, is_closed=False, phase=None)
    tracker: Any = SimpleNamespace(open={"a": waiting} if is_open else {})
    polling = StatusPolling(SimpleNamespace(), tracker, rest_of(costs), pace_of(costs), lambda: is_fresh)  # type: ignore[arg-type]
    assert polling._interval() == pytest.approx(due)
