"""Quantization and the words for what an order breaks."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from exconn.errors import UsageError
from exconn.market.quantize import (
    MARKET_CUSHION,
    NO_CUSHION,
    PriceRounding,
    broken_rule,
    price_quantum,
    quantize_amount,
    quantize_price,
)
from exconn.model import OrderType, TradingRule


def rule(**fields: Any) -> TradingRule:
    made: dict[str, Any] = {key: Decimal(word) if isinstance(word, str) else word for key, word in fields.items()}
    return TradingRule(trading_pair="BTC-USDT", **made)


@pytest.mark.parametrize(
    ("price", "step", "floor", "half_even"),
    [
        ("1.015", "0.01", "1.01", "1.02"),
        ("1.025", "0.01", "1.02", "1.02"),
        ("1.02", "0.01", "1.02", "1.02"),
        ("7", "5", "5", "5"),
        ("0.30000000000000000001", "0.1", "0.3", "0.3"),
        ("123456789.123456789123456789", "0.000000000000000001", "123456789.123456789123456789", None),
        ("65000.5", None, "65000.5", None),
    ],
)
def test_prices(price: str, step: str | None, floor: str, half_even: str | None) -> None:
    made = rule() if step is None else rule(min_price_increment=step)
    assert quantize_price(Decimal(price), made) == Decimal(floor)
    assert quantize_price(Decimal(price), made, PriceRounding.HALF_EVEN) == Decimal(half_even or floor)


def test_a_price_that_is_no_number_passes() -> None:
    assert quantize_price(Decimal("nan"), rule(min_price_increment="0.01")).is_nan()


@pytest.mark.parametrize(
    ("price", "step", "digits", "quantum"),
    [
        ("12345.67", "0.01", "5", "1"),
        ("1.234567", "0.01", "5", "0.01"),
        ("0.001234567", "0.00000001", "5", "0.0000001"),
    ],
)
def test_the_price_step_may_follow_from_significant_digits(price: str, step: str, digits: str, quantum: str) -> None:
    made = rule(min_price_increment=step, max_price_significant_digits=digits)
    assert price_quantum(made, Decimal(price)) == Decimal(quantum)


@pytest.mark.parametrize(
    ("price", "quantum", "floor", "half_even"),
    [
        ("0.123456", "0.0001", "0.1234", "0.1235"),
        ("9.99", "0.01", "9.99", "9.99"),
        ("9.999", "0.01", "9.99", "10.00"),
        ("10", "0.1", "10", "10"),
        ("1004.9", "5", "1000", "1005"),
    ],
)
def test_the_price_step_may_follow_from_a_table(price: str, quantum: str, floor: str, half_even: str) -> None:
    bands = [("0", "0.0001"), ("1", "0.01"), ("10", "0.1"), ("1000", "5")]
    made = rule(price_steps=tuple((Decimal(start), Decimal(step)) for start, step in bands))
    assert price_quantum(made, Decimal(price)) == Decimal(quantum)
    assert quantize_price(Decimal(price), made) == Decimal(floor)
    assert quantize_price(Decimal(price), made, PriceRounding.HALF_EVEN) == Decimal(half_even)


RULE = rule(
    min_order_size="0.001",
    max_order_size="9.9995",
    min_base_amount_increment="0.001",
    min_notional_size="10",
    max_notional_size="100000",
    min_price="0.01",
    max_price="50000",
)


@pytest.mark.parametrize(
    ("amount", "price", "cushion", "legal"),
    [
        ("0.12349", "1000", NO_CUSHION, "0.123"),
        ("0.0009", "0", NO_CUSHION, "0"),
        ("50", "0", NO_CUSHION, "9.999"),
        ("0.01", "1000", NO_CUSHION, "0.01"),
        ("0.01", "1000", MARKET_CUSHION, "0"),
        ("0.01", "999", NO_CUSHION, "0"),
        ("0.01", "nan", NO_CUSHION, "0.01"),
    ],
)
def test_amounts(amount: str, price: str, cushion: Decimal, legal: str) -> None:
    assert quantize_amount(Decimal(amount), RULE, Decimal(price), cushion) == Decimal(legal)


@pytest.mark.parametrize(
    ("order_type", "amount", "price", "asked", "why"),
    [
        (OrderType.LIMIT, "1", "1000", "1", None),
        (OrderType.MARKET, "1", "nan", "1", None),
        (OrderType.MARKET, "1", "0", "1", None),
        (OrderType.LIMIT, "0", "1000", "0.0001", "amount 0.0001 is under min_base_amount_increment 0.001 of BTC-USDT"),
        (OrderType.LIMIT, "-1", "1000", None, "amount -1 is under min_base_amount_increment 0.001 of BTC-USDT"),
        (OrderType.LIMIT, "10", "1000", None, "amount 10 is over max_order_size 9.9995 of BTC-USDT"),
        (OrderType.LIMIT, "1", "0", None, "price 0 of a LIMIT order must be above 0"),
        (OrderType.LIMIT_MAKER, "1", "nan", None, "price NaN of a LIMIT_MAKER order must be above 0"),
        (OrderType.LIMIT, "1", "50001", None, "price 50001 is outside 0.01 to 50000 of BTC-USDT"),
        (OrderType.LIMIT, "0", "999", "0.01", "price x amount 9.99 is under min_notional_size 10 of BTC-USDT"),
        (
            OrderType.MARKET,
            "0",
            "1000",
            "0.01",
            "price x amount 10.00 is too near min_notional_size 10 of BTC-USDT: its price may move",
        ),
        (OrderType.LIMIT, "9", "20000", None, "price x amount 180000 is over max_notional_size 100000 of BTC-USDT"),
    ],
)
def test_a_broken_rule_is_named(
    order_type: OrderType, amount: str, price: str, asked: str | None, why: str | None
) -> None:
    before = None if asked is None else Decimal(asked)
    assert broken_rule(RULE, order_type, Decimal(amount), Decimal(price), before) == why


def test_the_least_size_and_the_order_type_are_rules_too() -> None:
    coarse = rule(min_order_size="0.5", supports_market_orders=False)
    assert broken_rule(coarse, OrderType.LIMIT, Decimal("0.4"), Decimal(1)) == (
        "amount 0.4 is under min_order_size 0.5 of BTC-USDT"
    )
    assert broken_rule(coarse, OrderType.MARKET, Decimal(1)) == "BTC-USDT takes no MARKET orders at present"


@given(
    amount=st.decimals(min_value=0, max_value=10**12, allow_nan=False, places=12),
    step=st.sampled_from(["1E-18", "0.00001", "0.3", "7", "1E+3"]),
)
def test_a_floored_amount_is_the_greatest_multiple_that_fits(amount: Decimal, step: str) -> None:
    legal = quantize_amount(amount, rule(min_base_amount_increment=step))
    assert 0 <= amount - legal < Decimal(step)
    assert f"{legal:f}".replace(".", "").isdigit()


@pytest.mark.parametrize("value", ["1E+999999", "-1E+999999", "Infinity", "9" * 200])
def test_what_is_larger_than_any_price_is_said_and_not_rounded(value: str) -> None:
    with pytest.raises(UsageError, match="is larger than any price or amount"):
        quantize_price(Decimal(value), rule(min_price_increment="0.01"))


@pytest.mark.parametrize("value", ["nan", "sNaN"])
def test_an_amount_is_a_number(value: str) -> None:
    with pytest.raises(UsageError, match="amount must be a number, not NaN"):
        quantize_amount(Decimal(value), rule(min_base_amount_increment="0.01"))


def test_the_step_around_no_price_is_the_least() -> None:
    bands = replace(rule(min_price_increment="0.01"), price_steps=((Decimal(1), Decimal("0.5")),))
    assert price_quantum(bands, Decimal("nan")) == Decimal("0.01")


def test_a_number_of_a_million_digits_is_shown_by_its_exponent() -> None:
    told = broken_rule(rule(min_base_amount_increment="0.01"), OrderType.MARKET, Decimal(0), asked=Decimal("1E-999999"))
    assert told == "amount 1E-999999 is under min_base_amount_increment 0.01 of BTC-USDT"
