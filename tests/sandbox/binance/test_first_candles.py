"""Candles from a moment on: the same as the first ones of all that there are, without a look at all of them."""

from dataclasses import replace
from typing import Any

import pytest

from exconn.sandbox import Dialect
from exconn.sandbox.candles import MONTH, WEEK, Period, Reach, candles, first_candles
from exconn.sandbox.desk import Desk
from exconn.sandbox.past import Past

NOW = 1_700_000_000_000_000_000
SECOND = 10**9
DAY = 86_400 * SECOND


@pytest.fixture(scope="module")
def desk(shipped: Dialect) -> Desk:
    return Desk(replace(shipped, venue=replace(shipped.venue, past_days=40)), [], NOW, 1)


SPANS: list[tuple[int, int | None, int]] = [
    (0, None, 2),
    (0, NOW - 20 * DAY, 500),
    (NOW - 30 * DAY, None, 1),
    (NOW - 21 * DAY - 1, NOW - 20 * DAY, 30),
    (NOW - 3 * DAY, NOW - DAY, 500),
    (NOW - 61 * SECOND, None, 5),
    (NOW - DAY, NOW - 2 * DAY, 5),
    (NOW, NOW + DAY, 5),
    (NOW + DAY, None, 5),
]


@pytest.mark.parametrize(
    ("period", "offset"),
    [
        (1, 0),
        (60, 0),
        (900, 19_800),
        (3600, 28_800),
        (86_400, 19_800),
        (86_400, 0),
        (3 * 86_400, 0),
        (WEEK, 0),
        (MONTH, 0),
    ],
)
def test_they_are_the_first_of_all(desk: Desk, period: Period, offset: int) -> None:
    every = candles(desk, "BTC-USDT", "", period, NOW, offset)
    for since, until, limit in SPANS:
        wanted = [each for each in every if since <= each.start <= (NOW if until is None else until)][:limit]
        assert first_candles(desk, "BTC-USDT", "", period, NOW, offset, Reach(since, until), limit) == wanted


@pytest.mark.parametrize("asked", [Reach(0), Reach(NOW - 20 * DAY), Reach(None, NOW - 20 * DAY, 500)])
def test_only_as_many_are_looked_at_as_it_takes(desk: Desk, monkeypatch: pytest.MonkeyPatch, asked: Reach) -> None:
    looked, parts = [], Past.parts

    def counted(*args: Any) -> Any:
        for each in parts(*args):
            looked.append(each)
            yield each

    monkeypatch.setattr(Past, "parts", counted)
    if asked.since is None:
        found = candles(desk, "BTC-USDT", "1m", 60, NOW, 0, asked)
    else:
        found = first_candles(desk, "BTC-USDT", "1m", 60, NOW, 0, asked, 500)
    assert len(found) == 500
    assert len(looked) <= 3 * 1440
