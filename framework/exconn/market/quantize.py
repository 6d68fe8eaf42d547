"""Making an order fit its pair's trading rule, and saying which rule it breaks.

Rules: all in Decimal with room for any step; amounts are floored to the step; prices are floored, or rounded half to
even where the market is set so; a step at the rule's default means that none is known, and nothing is rounded then. An
amount that no rounding can make legal becomes 0, which the checks then refuse.
"""

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from enum import Enum

from exconn.errors import UsageError
from exconn.model import OrderType, TradingRule, s_decimal_0, s_decimal_max, s_decimal_min

_WIDE = Context(prec=160)
_LONGEST = 60
NO_CUSHION = Decimal(1)
MARKET_CUSHION = Decimal("1.01")
"""How far above the least notional an amount must be when its price is only the market's, which may move."""


class PriceRounding(Enum):
    """FLOOR: the later era of the contract. HALF_EVEN: the earlier."""

    FLOOR = ROUND_FLOOR
    HALF_EVEN = ROUND_HALF_EVEN


def price_quantum(rule: TradingRule, price: Decimal) -> Decimal:
    """The step of prices around `price`: the increment, that of the price's band, or the last significant digit,
    whichever is coarsest."""
    bands = () if price.is_nan() else rule.price_steps
    quantum = max([rule.min_price_increment, *(step for start, step in bands if start <= price)][-1:])
    digits = rule.max_price_significant_digits
    if digits < s_decimal_max and price.is_finite() and price:
        quantum = max(quantum, Decimal(1).scaleb(price.adjusted() - int(digits) + 1))
    return quantum


def quantize_price(price: Decimal, rule: TradingRule, rounding: PriceRounding = PriceRounding.FLOOR) -> Decimal:
    """The nearest legal price in the direction of `rounding`; NaN passes through."""
    return price if price.is_nan() else _stepped(price, price_quantum(rule, price), rounding.value)


def quantize_amount(
    amount: Decimal, rule: TradingRule, price: Decimal = s_decimal_0, cushion: Decimal = NO_CUSHION
) -> Decimal:
    """`amount` (base) floored to the step and to the greatest size; 0 where that is under the least size, or under the
    least notional times `cushion` at `price` (0: not checked). UsageError for NaN."""
    if amount.is_nan():
        raise UsageError("amount must be a number, not NaN")
    legal = _stepped(min(amount, rule.max_order_size), rule.min_base_amount_increment, ROUND_FLOOR)
    if legal < rule.min_order_size:
        return s_decimal_0
    if price and not price.is_nan() and _WIDE.multiply(price, legal) < _WIDE.multiply(least_notional(rule), cushion):
        return s_decimal_0
    return legal


def broken_rule(
    rule: TradingRule,
    order_type: OrderType,
    amount: Decimal,
    price: Decimal = s_decimal_0,
    asked: Decimal | None = None,
) -> str | None:
    """Which rule an order breaks, in words, or None. `amount` and `price` are the final wire values, `price` 0 or NaN
    where there is none; `asked` is the amount before quantization, to say what was wrong with one that became 0.
    """
    if not rule.is_open:
        return f"{rule.trading_pair} is halted: the exchange takes no orders on it at present"
    if not (rule.supports_limit_orders if order_type.is_limit_type() else rule.supports_market_orders):
        return f"{rule.trading_pair} takes no {order_type.name} orders at present"
    if order_type.is_limit_type() and (price.is_nan() or price <= 0):
        return f"price {_text(price)} of a {order_type.name} order must be above 0"
    checked = amount if amount or asked is None else _stepped(asked, rule.min_base_amount_increment, ROUND_FLOOR)
    return _broken_size(rule, checked, asked) or _broken_price(rule, order_type, checked, amount, price)


def _broken_size(rule: TradingRule, amount: Decimal, asked: Decimal | None) -> str | None:
    shown = amount if asked is None else asked
    if amount <= 0:
        return f"amount {_text(shown)} is under min_base_amount_increment {rule.min_base_amount_increment:f}" + _of(
            rule
        )
    if amount < rule.min_order_size:
        return f"amount {_text(shown)} is under min_order_size {rule.min_order_size:f}" + _of(rule)
    if amount > rule.max_order_size:
        return f"amount {_text(shown)} is over max_order_size {rule.max_order_size:f}" + _of(rule)
    return None


def _broken_price(
    rule: TradingRule, order_type: OrderType, amount: Decimal, wire_amount: Decimal, price: Decimal
) -> str | None:
    if price.is_nan() or not price:
        return None
    if order_type.is_limit_type() and not rule.min_price <= price <= rule.max_price:
        return f"price {_text(price)} is outside {rule.min_price:f} to {rule.max_price:f}" + _of(rule)
    notional = _WIDE.multiply(price, amount)
    least = least_notional(rule)
    if notional < least:
        return f"price x amount {notional:f} is under min_notional_size {least:f}" + _of(rule)
    if not wire_amount:
        return f"price x amount {notional:f} is too near min_notional_size {least:f}{_of(rule)}: its price may move"
    if notional > rule.max_notional_size:
        return f"price x amount {notional:f} is over max_notional_size {rule.max_notional_size:f}" + _of(rule)
    return None


def _text(value: Decimal) -> str:
    """All digits, but of a number of thousands of digits its exponent."""
    return f"{value:f}" if abs(value.adjusted()) < _LONGEST else f"{value:.6}"


def _of(rule: TradingRule) -> str:
    return f" of {rule.trading_pair}"


def least_notional(rule: TradingRule) -> Decimal:
    """The least price x amount of an order, in quote."""
    return max(rule.min_notional_size, rule.min_order_value)


def _stepped(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    if step <= s_decimal_min:
        return value
    if abs(value) > s_decimal_max:
        raise UsageError(f"{_text(value)} is larger than any price or amount")
    steps = _WIDE.divide(value, step).to_integral_value(rounding, context=_WIDE)
    return _WIDE.multiply(steps, step)
