"""Cancels that cost by the age of the order: counted from what proves it, and never for too little."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from exconn.codec import Answer, Arguments, Codec, Context, Endpoint, Fresh, Reply, Request
from exconn.compile import compile_spec
from exconn.market.ages import Ages, at_age
from exconn.market.tracking import TrackedOrder
from exconn.model import OrderType, TradeType, s_decimal_0
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.testing.virtual import World

PAIR, PRICE = "BTC-USDT", Decimal(50_000)
ROWS = ((0, 8), (5, 6), (300, 0))
# the age in seconds, what it costs
COSTS = [(None, 8), (0.0, 8), (4.999, 8), (5.0, 6), (299.9, 6), (300.0, 0), (90_000.0, 0)]


def build(arguments: Arguments, fresh: Fresh, context: Context) -> Request:
    raise AssertionError("nothing is sent here")


def read(answer: Answer, arguments: Arguments, context: Context) -> Reply:
    raise AssertionError("nothing is read here")


CANCEL = Endpoint(
    operation="cancel_order",
    method="POST",
    path="/",
    build=build,
    read=read,
    costs=(("calls", 1), ("engine", 8)),
    costs_by_age={"engine": ROWS},
)


@pytest.mark.parametrize(("age", "cost"), COSTS)
def test_a_cancel_costs_by_age(age: float | None, cost: int) -> None:
    assert at_age(CANCEL, age).costs == (("calls", 1), ("engine", cost))


def order(fence_ns: int | None = None, fence_at: float | None = None) -> TrackedOrder:
    return TrackedOrder(
        client_id="c",
        pair=PAIR,
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=PRICE,
        amount=s_decimal_0,
        fence_ns=fence_ns,
        fence_at=fence_at,
    )


def test_an_age_begins_with_the_answer() -> None:
    ages = Ages()
    ages.answered("c", 1000.0)
    assert ages.of(order(fence_ns=1, fence_at=1.0), 1003.5, 99) == 3.5
    assert ages.of(order(), 999.0, 99) == 0.0
    ages.keep({})
    assert ages.of(order(), 1003.5, 99) is None


def test_without_an_answer_it_begins_with_the_fence_by_the_slower_clock() -> None:
    second = 1_000_000_000
    assert Ages().of(order(fence_ns=10 * second, fence_at=1000.0), 1009.0, 17 * second) == 7.0
    assert Ages().of(order(fence_ns=10 * second, fence_at=1000.0), 1004.0, 17 * second) == 4.0
    assert Ages().of(order(fence_ns=10 * second, fence_at=1000.0), 999.0, 17 * second) == 0.0


@pytest.fixture
def codec() -> Codec:
    """An exchange where cancels of the young are dear, and those of the old cost nothing."""
    text = find("myexchange", ".yaml").read_text(encoding="utf-8")
    pool = "  resting: {burst: 8, refill: 1, per: 10, each: symbol}\n"
    ages = "    costs_by_age: {resting: [{from: 0, cost: 8}, {from: 60, cost: 0}]}\n"
    text = text.replace("  reads: {allow: 100", f"{pool}  reads: {{allow: 100").replace(
        "    http: DELETE /v1/orders\n", f"    http: DELETE /v1/orders\n{ages}"
    )
    return compile_spec(load_spec(text.encode(), "myexchange.yaml"))


@pytest.mark.parametrize(("rests", "ended"), [(1, 1), (61, 3)])
async def test_what_has_rested_is_cancelled_at_once(
    virtual_world: World, open_floor: Any, rests: int, ended: int
) -> None:
    async with open_floor() as floor:
        for step in range(3):
            floor.market.buy(PAIR, Decimal("0.001"), OrderType.LIMIT, PRICE + step)
        await asyncio.sleep(rests)
        cancelling = asyncio.ensure_future(floor.market.cancel_all(200))
        await asyncio.sleep(2)
        assert [tag.name for tag, _ in floor.told].count("OrderCancelled") == ended
        assert all(result.success for result in await cancelling)
        assert floor.differences() == []
