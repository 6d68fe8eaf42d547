"""A read row of trading rules to a TradingRule: defaults, steps, refusals."""

from decimal import Decimal

import pytest

from exconn.codec.numbers import BadValue
from exconn.codec.rules import trading_rule
from exconn.model import TradingRule, s_decimal_max, s_decimal_min

D = Decimal

PAIR = {"base": "BTC", "quote": "USDT", "symbols": {"rest": "BTCUSDT"}}


def test_what_is_not_told_keeps_the_default():
    assert trading_rule(**PAIR) == TradingRule(trading_pair="BTC-USDT", symbols={"rest": "BTCUSDT"})


@pytest.mark.parametrize(
    ("told", "field", "value"),
    [
        ({"price_step": D("0.01")}, "min_price_increment", D("0.01")),
        ({"price_decimals": 3}, "min_price_increment", D("0.001")),
        ({"price_step": D("0.05"), "price_decimals": 2}, "min_price_increment", D("0.05")),
        ({"price_digits": 5}, "max_price_significant_digits", D(5)),
        ({"price_digits": 5}, "min_price_increment", s_decimal_min),
        ({"price_step": D("0.01")}, "max_price_significant_digits", s_decimal_max),
        ({"size_step": D("0.001")}, "min_base_amount_increment", D("0.001")),
        ({"size_decimals": 4}, "min_base_amount_increment", D("0.0001")),
        ({"min_size": D(1)}, "min_order_size", D(1)),
        ({"max_size": D(9)}, "max_order_size", D(9)),
        ({"min_price": D(2)}, "min_price", D(2)),
        ({"max_price": D(3)}, "max_price", D(3)),
        ({"min_notional": D(5)}, "min_notional_size", D(5)),
        ({"min_notional": D(5)}, "min_order_value", D(5)),
        ({"quote_step": D("0.01")}, "min_quote_amount_increment", D("0.01")),
        ({"quote_decimals": 8}, "min_quote_amount_increment", D("0.00000001")),
        ({"is_open": False}, "is_open", False),
        ({"price_steps": {"USDT": ((D(0), D(1)),)}}, "price_steps", ((D(0), D(1)),)),
        ({"price_steps": {"KRW": ((D(0), D(1)),)}, "price_digits": 5}, "price_steps", ()),
        ({"max_notional": D(6)}, "max_notional_size", D(6)),
        ({"max_size": D(0)}, "max_order_size", s_decimal_max),
        ({"max_price": D("0.00000000")}, "max_price", s_decimal_max),
        ({"max_notional": D("0.0")}, "max_notional_size", s_decimal_max),
    ],
)
def test_what_is_told(told, field, value):
    assert getattr(trading_rule(**PAIR, **told), field) == value


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"price_step": D(0)}, "price_step must be above zero"),
        ({"size_step": D("-1")}, "size_step must be above zero"),
        ({"price_digits": 0}, "price_digits must be at least 1"),
        ({"price_steps": {"KRW": ()}}, "price_steps has no USDT, and the row tells no step of prices"),
        ({"quote_step": D(0)}, "quote_step must be above zero"),
        ({"price_decimals": 99}, "99 is no number of decimals"),
        ({"base": "USDT"}, "base and quote are both USDT"),
    ],
)
def test_what_is_refused(told, why):
    with pytest.raises(BadValue) as fault:
        trading_rule(**{**PAIR, **told})
    assert fault.value.why == why
