"""Full jitter: longer and longer pauses, never longer than the greatest, short again after health; and a budget."""

import random

import pytest

from exconn.market.backoff import Backoff, Budget


@pytest.mark.parametrize(
    ("lives", "highest"),
    [([], 0.0), ([0], 0.25), ([0, 0], 0.5), ([0] * 5, 4.0), ([0] * 50, 30.0), ([0, 29.9], 0.5), ([0, 0, 30], 0.25)],
)
def test_the_highest_pause(lives: list[float], highest: float) -> None:
    backoff = Backoff(random.Random(1), 0.25, 30.0, 30.0)
    for lived in lives:
        backoff.ended(lived)
    pauses = [backoff.delay() for _ in range(500)]
    assert max(pauses) <= highest
    assert not highest or (max(pauses) > highest * 0.95 and min(pauses) < highest * 0.05)


def test_a_budget_lets_a_few_go_and_then_one_at_a_time() -> None:
    budget = Budget(at_once=3, every=10.0)
    assert [budget.delay(100.0) for _ in range(5)] == [0.0, 0.0, 0.0, 10.0, 20.0]
    assert budget.delay(150.0) == 0.0  # two have been saved up by then
    assert [budget.delay(1000.0) for _ in range(4)] == [0.0, 0.0, 0.0, 10.0]
