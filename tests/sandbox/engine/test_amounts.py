"""Exact arithmetic: under whatever context the caller has, and the caller's own afterwards."""

from decimal import Context, Decimal, Inexact, getcontext, localcontext

import pytest

from exconn.sandbox.engine.amounts import exact


@exact
def plus(times: int, value: Decimal) -> Decimal:
    """The value `times` + 1 times, each by a call within the last."""
    return value + plus(times - 1, value) if times else value + 0


@exact
def third() -> Decimal:
    return Decimal(1) / 3


def test_a_sum_is_exact_however_deep_and_the_caller_keeps_his_context() -> None:
    value = Decimal("1." + "0" * 99 + "1")
    with localcontext(Context(prec=3, traps=[])) as mine:
        assert str(plus(2, value)) == "3." + "0" * 99 + "3"
        with pytest.raises(Inexact):
            third()
        assert getcontext() is mine
