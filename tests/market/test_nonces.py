"""Nonces rise, whatever the clock does."""

import pytest

from exconn.market.nonces import Nonces


@pytest.mark.parametrize(("unit", "expected"), [("s", 5), ("ms", 5_000), ("us", 5_000_000)])
def test_a_nonce_is_the_wall_time_in_its_unit(unit: str, expected: int) -> None:
    assert Nonces(lambda: 5_000_000_999).draw(unit) == expected


def test_nonces_rise_in_one_tick_and_over_a_clock_set_back() -> None:
    clock = [5_000_000_000, 5_000_000_000, 4_000_000_000, 5_002_000_000]
    nonces = Nonces(lambda: clock.pop(0))
    assert [nonces.draw("ms") for _ in range(3)] == [5_000, 5_001, 5_002]
    assert nonces.draw("ms") == 5_003
    assert dict(nonces.marks) == {"ms": 5_003}


def test_units_are_separate_stocks() -> None:
    nonces = Nonces(lambda: 5_000_000_000)
    assert [nonces.draw(unit) for unit in ("ms", "us", "ms", "us")] == [5_000, 5_000_000, 5_001, 5_000_001]


def test_an_earlier_life_is_never_repeated() -> None:
    nonces = Nonces(lambda: 1_000_000_000, marks={"ms": 9_000})
    assert nonces.draw("ms") == 9_001
    nonces.raise_to("ms", 9_500)
    nonces.raise_to("ms", 2)
    assert nonces.draw("ms") == 9_501
