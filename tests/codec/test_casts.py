"""One row a cast: what the wire says, what it means; and what is refused, with its words."""

from decimal import Decimal

import pytest

from exconn.codec import casts
from exconn.codec.numbers import BadValue
from exconn.model import TradeType


@pytest.mark.parametrize(
    ("cast", "arguments", "value", "meaning"),
    [
        ("pow10_neg", (), 8, Decimal("0.00000001")),
        ("pow10_neg", (), "2", Decimal("0.01")),
        ("pow10_neg", (), 0, Decimal("1")),
        ("pow10_neg", (), -3, Decimal("1000")),
        ("absolute", (), "-0.50", Decimal("0.50")),
        ("absolute", (), 3, Decimal("3")),
        ("negated", (), "0.1", Decimal("-0.1")),
        ("negated", (), "-0.1", Decimal("0.1")),
        ("negated", (), "0.00", Decimal("0.00")),
        ("percentage", (), "0.1", Decimal("0.001")),
        ("percentage", (), 12, Decimal("0.12")),
        ("percentage", (), "-0.0250", Decimal("-0.000250")),
        ("side_of_sign", (), "-1.5", TradeType.SELL),
        ("side_of_sign", (), Decimal("0.1"), TradeType.BUY),
        ("split_pair", ("/", 0), "XBT/USD", "XBT"),
        ("split_pair", ("/", 1), "XBT/USD", "USD"),
        ("split_pair", ("_", 1), "a__b_c", None),
        ("prefixed", ("t-",), "t-abc", "abc"),
        ("decimal_part", (" ", 0), "1.50 BTC", Decimal("1.50")),
        ("given_integer", (), "0020", "20"),
        ("given_decimal", (), "1e3", "1000"),
        ("given_duration_s", (), 20, "20"),
        ("given_duration_ms", (), "18000", "18"),
        ("given_duration_ms", (), 1500, "1.5"),
    ],
)
def test_a_cast(cast, arguments, value, meaning):
    if meaning is None:
        with pytest.raises(BadValue, match="has no part 1 between '_'"):
            getattr(casts, cast)(value, *arguments)
        return
    made = getattr(casts, cast)(value, *arguments)
    assert (made, str(made)) == (meaning, str(meaning))


@pytest.mark.parametrize(
    ("cast", "arguments", "value", "why"),
    [
        ("pow10_neg", (), "1.5", "'1.5' is not an integer"),
        ("pow10_neg", (), 900, "900 is no number of decimals"),
        ("side_of_sign", (), "0.00", "zero has no sign to tell a side by"),
        ("absolute", (), "NaN", "'NaN' is not a number"),
        ("negated", (), "1_000", "'1_000' is not a number"),
        ("percentage", (), "٣", "'\\u0663' is not a number"),
        ("percentage", (), True, "true is not a number"),
        ("split_pair", ("/", 1), "BTC", "'BTC' has no part 1 between '/'"),
        ("split_pair", ("/", 0), ["BTC"], "an array is not a text"),
        ("prefixed", ("t-",), "abc", "'abc' is not a text behind 't-'"),
        ("prefixed", ("t-",), "t-", "'t-' is not a text behind 't-'"),
        ("decimal_part", (" ", 1), "1.5 BTC", "'BTC' is not a number"),
        ("given_integer", (), "x", "'x' is not an integer"),
    ],
)
def test_what_a_cast_refuses(cast, arguments, value, why):
    with pytest.raises(BadValue) as told:
        getattr(casts, cast)(value, *arguments)
    assert told.value.why == why
