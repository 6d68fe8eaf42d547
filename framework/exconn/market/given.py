"""What callers give, looked at once, at the door: pairs, amounts, prices, order types, ids and seconds.

Rules: what cannot be such a thing at all is a UsageError that names it, raised to the caller at once and told to nobody
else; whether a pair is traded, an amount legal, an id known is judged further in. A number is a Decimal, an int, a
float or a text, and becomes Decimal here; a float is what its shortest text says. Of prices None is 0, as the
contract's defaults have it, and NaN stands for "no price".
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from exconn.errors import UsageError
from exconn.model import OrderType, TradeType, s_decimal_0

Number: TypeAlias = Decimal | float | str | None
_LONGEST = 80


def decimal_of(value: Number) -> Decimal:
    """UsageError for what is no number."""
    if isinstance(value, Decimal):
        return value
    try:
        return Decimal(value if isinstance(value, int) and not isinstance(value, bool) else str(value))
    except (InvalidOperation, ValueError):
        raise UsageError(f"{shown(value)} is no number; give prices and amounts as Decimal") from None


def price_of(value: Number) -> Decimal:
    """As `decimal_of`, 0 for None."""
    return s_decimal_0 if value is None else decimal_of(value)


def pair_of(value: Any) -> str:
    """UsageError for what is no text."""
    if isinstance(value, str):
        return value
    raise UsageError(f"a pair is a text, BASE-QUOTE, not {shown(value)}")


def pairs_of(values: Any) -> tuple[str, ...]:
    """Pairs, each once. UsageError for what is no list of texts; one text is none."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise UsageError(f"trading pairs are a list of texts, each BASE-QUOTE, not {shown(values)}")
    return tuple(dict.fromkeys([pair_of(each) for each in values]))


def id_of(value: Any) -> str:
    """A client id. UsageError for what is no text, or an empty one."""
    if isinstance(value, str) and value:
        return value
    raise UsageError(f"a client id is a text, not {shown(value)}")


def asset_of(value: Any) -> str:
    """UsageError for what is no text."""
    if isinstance(value, str):
        return value
    raise UsageError(f"an asset is a text, not {shown(value)}")


def order_type_of(value: Any) -> OrderType:
    if isinstance(value, OrderType):
        return value
    raise UsageError(f"order_type is a member of OrderType, not {shown(value)}")


def side_of(value: Any) -> TradeType:
    if isinstance(value, TradeType):
        return value
    raise UsageError(f"a side is a member of TradeType, not {shown(value)}")


def is_buy_of(value: Any) -> bool:
    """True or False alone: whatever else is true would buy, TradeType.SELL and "sell" too."""
    if isinstance(value, bool):
        return value
    raise UsageError(f"is_buy is True or False, not {shown(value)}")


def seconds_of(value: Any, name: str) -> float:
    """UsageError for what is no number, NaN, or larger than any float."""
    try:
        seconds = float(value) if isinstance(value, int | float) else float("nan")
    except OverflowError:
        seconds = float("nan")
    if seconds != seconds:
        raise UsageError(f"{name} is a number of seconds, not {shown(value)}")
    return seconds


def shown(value: Any) -> str:
    """What was given, for an error's text: whatever it is, and not all of it where it is long."""
    try:
        text = repr(value)
    except Exception:  # an int of thousands of digits has no text, nor has an object with a fault of its own
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
