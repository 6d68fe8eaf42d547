"""Terms know the same values as the careful functions, to the digit, and never an order that those refuse."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exconn.market.quantize import PriceRounding, broken_rule, quantize_amount, quantize_price
from exconn.market.terms import Fitted, Terms
from exconn.model import OrderType, TradingRule, s_decimal_0, s_decimal_max, s_decimal_min

STEPS = st.sampled_from([Decimal(each) for each in ("0.01000000", "0.5", "0.03", "1", "25", "1E+2", "0.00000001")])
VALUES = st.decimals(min_value="-1", max_value="2000", allow_nan=False, allow_infinity=False, places=9)
LEAST = st.sampled_from([Decimal(each) for each in ("0", "0.1", "5", "100")])
MOST = st.one_of(st.just(s_decimal_max), st.sampled_from([Decimal("99.995"), Decimal("1000")]))
RULES = st.builds(
    TradingRule,
    trading_pair=st.just("BTC-USDT"),
    min_order_size=LEAST,
    max_order_size=MOST,
    min_price_increment=st.one_of(st.just(s_decimal_min), STEPS),
    min_base_amount_increment=st.one_of(st.just(s_decimal_min), STEPS),
    min_notional_size=LEAST,
    min_order_value=LEAST,
    max_price_significant_digits=st.one_of(st.just(s_decimal_max), st.just(Decimal(3))),
    min_price=LEAST,
    max_price=MOST,
    max_notional_size=MOST,
    price_steps=st.sampled_from(
        [(), ((Decimal(0), Decimal("0.05")),), ((Decimal(1), Decimal("0.1")), (Decimal(500), Decimal(7)))]
    ),
    supports_limit_orders=st.booleans(),
    supports_market_orders=st.booleans(),
    is_open=st.sampled_from([True, True, True, False]),
)
PLAIN = TradingRule(
    trading_pair="BTC-USDT",
    min_price_increment=Decimal("0.01000000"),
    min_base_amount_increment=Decimal("0.00001000"),
    min_order_size=Decimal("0.00001000"),
    min_notional_size=Decimal(5),
    max_price=Decimal(1000),
    max_order_size=Decimal(9000),
)


def _careful(
    rule: TradingRule, order_type: OrderType, rounding: PriceRounding, asked: Decimal, price: Decimal
) -> Fitted | None:
    price = quantize_price(price, rule, rounding) if order_type.is_limit_type() else s_decimal_0
    amount = quantize_amount(asked, rule)
    return None if broken_rule(rule, order_type, amount, price, asked) else (amount, price)


@given(RULES, st.sampled_from(OrderType), st.sampled_from(PriceRounding), VALUES, VALUES)
@example(PLAIN, OrderType.LIMIT, PriceRounding.FLOOR, Decimal("1e70"), Decimal("1e200"))
@example(PLAIN, OrderType.LIMIT, PriceRounding.HALF_EVEN, Decimal(1), Decimal("1000.006"))
@example(PLAIN, OrderType.LIMIT, PriceRounding.HALF_EVEN, Decimal(1), Decimal("0.005"))
def test_what_fits_is_what_the_careful_functions_make(
    rule: TradingRule, order_type: OrderType, rounding: PriceRounding, asked: Decimal, price: Decimal
) -> None:
    fitted = Terms(rule, order_type, rounding).fit(asked, price)
    if fitted is not None:
        made = _careful(rule, order_type, rounding, asked, price)
        assert made is not None
        assert list(map(str, fitted)) == list(map(str, made))


@pytest.mark.parametrize("rounding", PriceRounding)
@pytest.mark.parametrize("order_type", OrderType)
def test_an_order_like_most_fits(order_type: OrderType, rounding: PriceRounding) -> None:
    fitted = Terms(PLAIN, order_type, rounding).fit(Decimal("1.234567"), Decimal("50.1290"))
    assert fitted is not None
    assert fitted == _careful(PLAIN, order_type, rounding, Decimal("1.234567"), Decimal("50.1290"))


@pytest.mark.parametrize(
    ("amount", "price"),
    [("1", "1000.01"), ("1", "0.009"), ("1", "-1"), ("1", "0"), ("9001", "1"), ("0.000009", "900"), ("0.1", "49")],
)
def test_what_is_not_plainly_legal_is_left_to_the_careful_functions(amount: str, price: str) -> None:
    assert Terms(PLAIN, OrderType.LIMIT, PriceRounding.FLOOR).fit(Decimal(amount), Decimal(price)) is None
