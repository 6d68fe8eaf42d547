"""A row of trading rules, once read, to a TradingRule.

Rules: what the exchange does not tell keeps the model's careful default; a step must be above zero and is the coarsest
of those told (`price_decimals` 2 means steps of 0.01); a notional minimum stands in both of the contract's fields; a
maximum of 0 is none, for so exchanges write one that is not in force, and nobody trades what may not be above 0.
"""

from collections.abc import Mapping
from decimal import Decimal

from exconn.codec.casts import pow10_neg
from exconn.codec.numbers import BadValue
from exconn.model import PriceBands, TradingRule, s_decimal_0, s_decimal_max, s_decimal_min


def trading_rule(
    *,
    base: str,
    quote: str,
    symbols: dict[str, str],
    price_step: Decimal | None = None,
    price_digits: int | None = None,
    price_decimals: int | None = None,
    size_step: Decimal | None = None,
    size_decimals: int | None = None,
    quote_step: Decimal | None = None,
    quote_decimals: int | None = None,
    min_size: Decimal | None = None,
    max_size: Decimal | None = None,
    min_price: Decimal | None = None,
    max_price: Decimal | None = None,
    min_notional: Decimal | None = None,
    max_notional: Decimal | None = None,
    price_steps: Mapping[str, PriceBands] | None = None,
    is_open: bool = True,
) -> TradingRule:
    """The rule of one pair. `price_steps`: quote asset -> its bands, where the exchange has a table of them.

    BadValue where a step is not above zero, where none is known, or where base and quote are the same asset.
    """
    if base == quote:
        raise BadValue(f"base and quote are both {base}")
    bands = () if price_steps is None else price_steps.get(quote, ())
    if price_steps is not None and not bands and (price_step, price_digits, price_decimals) == (None, None, None):
        raise BadValue(f"price_steps has no {quote}, and the row tells no step of prices")
    least = s_decimal_0 if min_notional is None else min_notional
    return TradingRule(  # by place, in the model's order: over so many names CPython takes seven times as long
        f"{base}-{quote}",
        symbols,
        s_decimal_0 if min_size is None else min_size,
        max_size or s_decimal_max,
        _step("price_step", price_step, price_decimals),
        _step("size_step", size_step, size_decimals),
        _step("quote_step", quote_step, quote_decimals),
        least,
        least,
        s_decimal_max if price_digits is None else _digits(price_digits),
        s_decimal_0 if min_price is None else min_price,
        max_price or s_decimal_max,
        max_notional or s_decimal_max,
        bands,
        price_decimals,
        size_decimals,
        is_open=is_open,
    )


def _step(name: str, step: Decimal | None, decimals: int | None) -> Decimal:
    if step is None and decimals is None:
        return s_decimal_min
    if step is not None and step <= s_decimal_0:
        raise BadValue(f"{name} must be above zero")
    if decimals is None:
        return s_decimal_min if step is None else step
    power = pow10_neg(decimals)
    return power if step is None else max(step, power)


def _digits(count: int) -> Decimal:
    if count < 1:
        raise BadValue("price_digits must be at least 1")
    return Decimal(count)
