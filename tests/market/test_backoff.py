"""Full jitter: longer and longer pauses, never longer than the greatest, short again after health."""

import random

import pytest

from exconn.market.backoff import Backoff


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
