"""Orders as JSON: the contract's fields, and all that exactly-once needs."""

import json
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import UsageError
from exconn.market.tracking import CancelRequested, Fact, Submitted, TrackedOrder, apply
from exconn.market.tracking.saved import order_from_json, order_to_json
from exconn.model import FeePaid, FillReport, OrderReport, OrderState, OrderType, TradeType

INTENT = TrackedOrder(
    client_id="c",
    pair="BTC-USDT",
    order_type=OrderType.LIMIT_MAKER,
    side=TradeType.SELL,
    price=Decimal("100.50"),
    amount=Decimal(1),
    created_ns=5,
    sees_ns=2,
)
FACTS: list[Fact] = [
    Submitted(99, 2.0, 90),
    OrderReport(client_id="c", exchange_order_id="x", state=OrderState.OPEN),
    FillReport(
        trade_id="t1",
        price=Decimal("100.5"),
        amount=Decimal("0.4"),
        client_id="c",
        fees=(FeePaid("BNB", Decimal("0.01")),),
    ),
    FillReport(trade_id="t2", price=Decimal("100.6"), amount=Decimal("0.1"), client_id="c"),
    CancelRequested(),
    OrderReport(client_id="c", state=OrderState.CANCELED, filled=Decimal("0.7")),
]


def stages() -> list[TrackedOrder]:
    orders = [INTENT]
    for fact in FACTS:
        orders.append(apply(orders[-1], fact, 3.0)[0])
    return orders


@pytest.mark.parametrize("order", stages(), ids=lambda order: order.last_state)
def test_what_is_saved_comes_back_whole(order: TrackedOrder) -> None:
    saved = order_to_json(order)
    assert json.loads(json.dumps(saved)) == saved  # plain JSON, as it is
    assert order_from_json(saved) == order


def test_a_fill_seen_before_the_restart_does_not_count_again() -> None:
    back = order_from_json(order_to_json(stages()[-1]))
    assert apply(back, FACTS[2], 9.0) == (back, ())


def test_the_contract_fields_are_there_by_name_and_as_text() -> None:
    saved = order_to_json(stages()[-1])
    del saved["tracking"]
    assert saved == {
        "client_order_id": "c",
        "exchange_order_id": "x",
        "trading_pair": "BTC-USDT",
        "order_type": "LIMIT_MAKER",
        "trade_type": "SELL",
        "price": "100.50",
        "amount": "1",
        "executed_amount_base": "0.5",
        "executed_amount_quote": "50.26",
        "fee_asset": "BNB",
        "fee_paid": "0.01",
        "last_state": "ending",
    }


def foreign(**changes: Any) -> dict[str, Any]:
    saved = order_to_json(INTENT) | changes
    del saved["tracking"]
    return saved


def test_an_order_saved_by_another_program_is_unresolved() -> None:
    order = order_from_json(foreign(exchange_order_id=""))
    assert (order.last_state, order.created_told, order.created_ns) == ("unresolved", False, 0)


def test_an_order_that_another_program_saw_accepted_is_open_and_was_told() -> None:
    order = order_from_json(foreign(exchange_order_id="x"))
    assert (order.last_state, order.created_told) == ("open", True)
    after, events = apply(order, OrderReport(client_id="c", exchange_order_id="x", state=OrderState.OPEN), 3.0)
    assert events == ()
    [(tag, _)] = apply(after, OrderReport(client_id="c", state=OrderState.CANCELED, filled=Decimal(0)), 4.0)[1]
    assert tag.name == "OrderCancelled"


@pytest.mark.parametrize(
    ("changes", "made_ns"),
    [
        ({"client_order_id": "buy-BTC-USDT-1577836800123456"}, 1_577_836_800_123_456_000),
        ({"client_order_id": "1577836800123456", "creation_timestamp": 1577836800.5}, 1_577_836_800_500_000_000),
        ({"client_order_id": "buy-0000000000000007"}, 0),
        ({"client_order_id": "buy-157783680012345x"}, 0),
    ],
)
def test_when_an_order_of_another_program_was_made(changes: dict[str, Any], made_ns: int) -> None:
    assert order_from_json(foreign(**changes)).created_ns == made_ns


def test_a_market_order_of_another_program_has_no_price() -> None:
    assert order_from_json(foreign(order_type="MARKET", price="NaN")).price == 0


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        (
            foreign(executed_amount_base="0.1"),
            "saved order c has executed amounts but no trade ids; settle it where it was saved",
        ),
        (foreign(price="much"), r"saved order c cannot be read: InvalidOperation: .*"),
        (foreign(order_type="HOPE"), "saved order c cannot be read: KeyError: 'HOPE'"),
        (foreign(price="NaN"), "saved order c cannot be taken up: price NaN of a LIMIT_MAKER order must be above 0"),
        (foreign(price="0"), "saved order c cannot be taken up: price 0 of a LIMIT_MAKER order must be above 0"),
        (foreign(price=100.5), "saved order c cannot be read: TypeError: price must be a text, not 100.5"),
        (foreign(amount="-1"), "saved order c cannot be taken up: amount -1 must be above 0"),
        (foreign(amount="Infinity"), "saved order c cannot be taken up: amount Infinity must be above 0"),
        (
            order_to_json(INTENT) | {"executed_amount_quote": "-1"},
            "saved order c cannot be taken up: executed amounts 0 and -1 must be numbers from 0 on",
        ),
        (foreign(trading_pair="BTCUSDT"), "saved order c cannot be taken up: 'BTCUSDT' is no pair; .*"),
        (foreign(trading_pair=5), "saved order c cannot be taken up: 5 is no pair; pairs are written BASE-QUOTE"),
        (foreign(client_order_id=7), "saved order 7 cannot be taken up: a client id is a text, not 7"),
        (foreign(client_order_id=None), "saved order None cannot be taken up: a client id is a text, not None"),
        (foreign(exchange_order_id=7), "saved order c cannot be taken up: an exchange's id is a text, not 7"),
        (None, "a saved order is a JSON object, not NoneType"),
        ("order", "a saved order is a JSON object, not str"),
        ({"client_order_id": "c"}, "saved order c cannot be read: KeyError: 'executed_amount_base'"),
        (
            order_to_json(INTENT) | {"tracking": {"phase": "open"}},
            r"saved order c cannot be read: ValidationError: Expected `int`, got `str` - at `\$.phase`",
        ),
        (
            order_to_json(INTENT) | {"tracking": {"phase": 2, "told_filled": "NaN"}},
            "saved order c cannot be taken up: the amounts that the exchange counts must be numbers from 0 on",
        ),
        (
            order_to_json(INTENT) | {"tracking": {"phase": 2, "fills": [["t", "1", "NaN", "1", None, None]]}},
            "saved order c cannot be taken up: fill t has amounts that are no numbers",
        ),
        (
            order_to_json(INTENT) | {"executed_amount_base": "0.5", "executed_amount_quote": "50"},
            "saved order c cannot be taken up: its fills make up 0, not the 0.5 that it says is executed",
        ),
    ],
)
def test_what_cannot_be_taken_up_says_why(saved: Any, message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}$"):
        order_from_json(saved)
