"""The contract's face of a tracked order."""

import asyncio
import copy
from decimal import Decimal

import pytest
from msgspec.structs import replace

from exconn.market.in_flight_order import InFlightOrder
from exconn.market.tracking import Fill, Fills, Phase, TrackedOrder
from exconn.model import FeePaid, LimitOrder, OrderType, TradeType

ORDER = TrackedOrder(
    client_id="c",
    pair="BTC-USDT",
    order_type=OrderType.LIMIT,
    side=TradeType.BUY,
    price=Decimal("100"),
    amount=Decimal("2"),
    fills=Fills((Fill("t", Decimal("100"), Decimal("0.5"), Decimal("50"), None, None),)),
    executed_base=Decimal("0.5"),
    executed_quote=Decimal("50"),
    fees=(FeePaid("BNB", Decimal("0.1")), FeePaid("USDT", Decimal("9"))),
    phase=Phase.OPEN,
)


def test_it_shows_the_fields_of_the_contract() -> None:
    face = InFlightOrder(ORDER)
    shown = (
        face.client_order_id,
        face.exchange_order_id,
        face.trading_pair,
        face.base_asset,
        face.quote_asset,
        face.order_type,
        face.trade_type,
        face.price,
        face.amount,
        face.executed_amount_base,
        face.executed_amount_quote,
        face.fee_asset,
        face.fee_paid,
        face.last_state,
    )
    money = (Decimal("100"), Decimal("2"), Decimal("0.5"), Decimal("50"), "BNB", Decimal("0.1"))
    assert shown == ("c", None, "BTC-USDT", "BTC", "USDT", OrderType.LIMIT, TradeType.BUY, *money, "open")
    assert face.to_limit_order() == LimitOrder("c", "BTC-USDT", True, "BTC", "USDT", Decimal("100"), Decimal("2"))
    assert repr(face) == "<InFlightOrder c BUY 0.5/2 BTC-USDT @ 100 open>"


def test_an_order_without_fees_has_paid_nothing() -> None:
    face = InFlightOrder(replace(ORDER, fees=()))
    assert face.fee_asset is None and face.fee_paid == 0


@pytest.mark.parametrize(
    ("phase", "done", "failure", "cancelled"),
    [
        (Phase.INTENT, False, False, False),
        (Phase.UNRESOLVED, False, False, False),
        (Phase.OPEN, False, False, False),
        (Phase.ENDING, False, False, False),
        (Phase.FILLED, True, False, False),
        (Phase.CANCELED, True, True, True),
        (Phase.EXPIRED, True, True, False),
        (Phase.FAILED, True, True, False),
    ],
)
def test_how_it_is_over(phase: Phase, done: bool, failure: bool, cancelled: bool) -> None:
    face = InFlightOrder(replace(ORDER, phase=phase))
    assert (face.is_done, face.is_failure, face.is_cancelled) == (done, failure, cancelled)


def test_a_copy_stays_at_the_state_it_was_copied_in() -> None:
    face = InFlightOrder(ORDER)
    before = copy.copy(face)
    face.show(replace(ORDER, executed_base=Decimal("2")))
    assert (before.executed_amount_base, face.executed_amount_base) == (Decimal("0.5"), Decimal("2"))


def test_it_survives_json() -> None:
    assert InFlightOrder.from_json(InFlightOrder(ORDER).to_json()).order == ORDER


@pytest.mark.virtual
async def test_the_exchange_id_is_awaited_for_ten_seconds() -> None:
    face, loop = InFlightOrder(ORDER), asyncio.get_running_loop()
    with pytest.raises(asyncio.TimeoutError):
        await face.get_exchange_order_id()
    assert loop.time() == pytest.approx(10.0)
    loop.call_later(3.0, face.show, replace(ORDER, exchange_order_id="x"))
    assert await face.get_exchange_order_id() == "x"
    assert await face.get_exchange_order_id() == "x"
    assert loop.time() == pytest.approx(13.0)
