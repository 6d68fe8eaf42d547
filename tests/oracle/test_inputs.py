"""What an opinion was made from, said as our arguments; what an example of signing carries."""

from decimal import Decimal

import pytest

from .bench import Bench
from .requests import arguments_of
from .signatures import content_of


def test_a_market_buy_in_quote_is_worth_its_amount(bench: Bench) -> None:
    inputs = {"base": "BTC", "quote": "USDT", "type": "market", "side": "buy", "amount": "0.02", "price": "65000.5"}
    asked = arguments_of(bench, {"action": "create_market_buy", "inputs": {**inputs, "market_buy_unit": "quote"}})
    assert (asked.amount, asked.quote_amount, asked.client_id) == (Decimal("0.02"), Decimal("1300.010"), "demo-0001")


@pytest.mark.parametrize(
    ("headers", "body", "content"),
    [
        ({}, None, {}),
        ({}, '{"a": 1}', {"a": 1}),
        ({}, "a=1&b=x%20y", {"a": "1", "b": "x y"}),
        ({"X-Payload": "eyJhIjogMn0="}, None, {"a": 2}),
    ],
)
def test_the_parameters_of_an_example_are_found(
    bench: Bench, headers: dict[str, str], body: str | None, content: dict[str, object]
) -> None:
    bench.source.profiles.INCIDENTAL["myexchange"] = {"volatile": [], "auth": [], "payload_header": "X-PAYLOAD"}
    assert content_of(bench, {"headers": headers, "body": body}) == content
