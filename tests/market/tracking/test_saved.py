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
    Submitted(99),
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
    assert order_from_json(foreign(exchange_order_id="")).last_state == "unresolved"


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        (
            foreign(executed_amount_base="0.1"),
            "saved order c has executed amounts but no trade ids; settle it where it was saved",
        ),
        (foreign(price="much"), r"saved order c cannot be read: InvalidOperation: .*"),
        (foreign(order_type="HOPE"), "saved order c cannot be read: KeyError: 'HOPE'"),
        ({"client_order_id": "c"}, "saved order c cannot be read: KeyError: 'executed_amount_base'"),
        (
            order_to_json(INTENT) | {"tracking": {"phase": "open"}},
            r"saved order c cannot be read: ValidationError: Expected `int`, got `str` - at `\$.phase`",
        ),
    ],
)
def test_what_cannot_be_taken_up_says_why(saved: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}$"):
        order_from_json(saved)
