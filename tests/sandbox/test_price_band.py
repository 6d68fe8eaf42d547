"""The average price of some minutes: exact up to its one division, whatever context its caller has."""

from decimal import Decimal, localcontext

import pytest

from exconn.sandbox.engine import Minute
from exconn.sandbox.price_band import mean_price

D = Decimal


def _minute(start: int, volume: str, quote: str) -> Minute:
    return Minute(start, D(1), D(1), D(1), D(1), D(volume), D(quote), 1)


@pytest.mark.parametrize("digits", [5, 28, 100])
def test_sums_are_exact(digits: int) -> None:
    minutes = [_minute(3, "1", "100000000000000000000"), _minute(2, "1", "0.000000000002"), _minute(1, "9", "9")]
    with localcontext(prec=digits):
        assert mean_price(minutes, 1) == D("50000000000000000000.000000000001")


def test_only_what_began_after_the_moment_counts() -> None:
    minutes = [_minute(3, "1", "10"), _minute(2, "1", "20"), _minute(1, "1", "60")]
    assert [mean_price(minutes, since) for since in (0, 1, 2, 3)] == [D(30), D(15), D(10), None]
