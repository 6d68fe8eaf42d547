"""What a pair's rule asks of orders of one type and side, worked out once, so that most orders fit in a few steps.

Rules: `fit` knows only orders that are plainly legal; what it does not know it leaves to the careful functions of
`quantize`, which alone say no and why, so both ways give the same values, to the digit. Terms are of one rule: when a
pair has a new one, it has new terms.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal

from exconn.market.quantize import PriceRounding, least_notional, price_quantum
from exconn.model import OrderType, TradingRule, s_decimal_0, s_decimal_max, s_decimal_min

_EXACT = Context(prec=160)
_multiply, _whole_steps = _EXACT.multiply, _EXACT.divide_int
_MOST = Decimal("1e60")
"""What is not larger has a whole number of even the smallest steps within the context's digits."""

Fitted = tuple[Decimal, Decimal]
"""Amount in base and price, as they are sent; the price of a market order is 0."""

Fit = Callable[[Decimal, Decimal], Fitted | None]


class Terms:
    """`fit`: (amount, price), both finite -> the same made legal, None where the careful functions have to judge."""

    __slots__ = ("fit", "is_limit", "rule")

    def __init__(self, rule: TradingRule, order_type: OrderType, rounding: PriceRounding) -> None:
        self.rule = rule
        self.is_limit = order_type.is_limit_type()
        is_taken = rule.supports_limit_orders if self.is_limit else rule.supports_market_orders
        self.fit: Fit = _never
        if rule.is_open and is_taken:
            self.fit = _limit_fit(rule, rounding) if self.is_limit else _market_fit(rule)


def _never(amount: Decimal, price: Decimal) -> None:
    return None


def _market_fit(rule: TradingRule) -> Fit:
    floored = _floored(rule)

    def fit(amount: Decimal, price: Decimal) -> Fitted | None:
        legal = floored(amount)
        return None if legal is None else (legal, s_decimal_0)

    return fit


def _limit_fit(rule: TradingRule, rounding: PriceRounding) -> Fit:
    if rounding is PriceRounding.FLOOR and _has_one_step(rule) and rule.min_base_amount_increment > s_decimal_min:
        return _plain_fit(rule)
    floored, stepped = _floored(rule), _steps_of(rounding)
    lowest, highest = rule.min_price, min(rule.max_price, _MOST)
    least_value, most_value = least_notional(rule), rule.max_notional_size

    def fit(amount: Decimal, price: Decimal) -> Fitted | None:
        if not s_decimal_0 < price <= highest:
            return None
        quantum = price_quantum(rule, price)
        if quantum > s_decimal_min:
            price = _multiply(stepped(price, quantum), quantum)
        legal = floored(amount)
        if legal is None or not price or not lowest <= price <= highest:
            return None
        return (legal, price) if least_value <= _multiply(price, legal) <= most_value else None

    return fit


def _plain_fit(rule: TradingRule) -> Fit:
    """For a rule of one price step and one size step, both floored to: what is not nothing is a step at least."""
    step, quantum = rule.min_base_amount_increment, rule.min_price_increment
    least, most = max(rule.min_order_size, step), min(rule.max_order_size, _MOST)
    lowest, highest = max(rule.min_price, quantum), min(rule.max_price, _MOST)
    least_value, most_value = least_notional(rule), rule.max_notional_size

    def fit(amount: Decimal, price: Decimal) -> Fitted | None:
        if not (lowest <= price <= highest and least <= amount <= most):
            return None
        price = _multiply(_whole_steps(price, quantum), quantum)
        amount = _multiply(_whole_steps(amount, step), step)
        if price < lowest or amount < least:
            return None
        return (amount, price) if least_value <= _multiply(price, amount) <= most_value else None

    return fit


def _floored(rule: TradingRule) -> Callable[[Decimal], Decimal | None]:
    """An amount on the rule's step; None where it is too large, or too small."""
    least, most, step = rule.min_order_size, min(rule.max_order_size, _MOST), rule.min_base_amount_increment
    is_stepped = step > s_decimal_min

    def floored(amount: Decimal) -> Decimal | None:
        if not s_decimal_0 < amount <= most:
            return None
        legal = _multiply(_whole_steps(amount, step), step) if is_stepped else amount
        return legal if legal and legal >= least else None

    return floored


def _has_one_step(rule: TradingRule) -> bool:
    is_stepped = rule.min_price_increment > s_decimal_min
    return is_stepped and not rule.price_steps and rule.max_price_significant_digits >= s_decimal_max


def _steps_of(rounding: PriceRounding) -> Callable[[Decimal, Decimal], Decimal]:
    """(positive value, step) -> how many steps the value has, a whole number."""
    if rounding is PriceRounding.FLOOR:
        return _whole_steps
    even = Context(prec=160, rounding=ROUND_HALF_EVEN)

    def nearest(value: Decimal, step: Decimal) -> Decimal:
        return even.to_integral_value(even.divide(value, step))

    return nearest
