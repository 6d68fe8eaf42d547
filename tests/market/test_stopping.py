"""Stopping a market, in every state: what is cancelled, what is waited for, what is named, and what may begin again."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from tests.market.guarantees.meddling import (
    BALANCES,
    CANCEL,
    LOOK,
    PLACE,
    Meddler,
    hang,
    instead,
    rest_first,
    slow,
    take,
)

from exconn.errors import UsageError
from exconn.market import Clock, MarketSettings
from exconn.model import NetworkStatus, OrderType
from exconn.testing.virtual import World

D = Decimal
PAIR, LIMIT = "BTC-USDT", OrderType.LIMIT
CANCELS = MarketSettings(cancel_on_stop=True)
DOWN = instead(503, "<html>", is_done=False)


def states(floor: Any) -> dict[str, str]:
    return {order["client_id"]: order["state"] for order in floor.ledger()["orders"]}


async def test_cancels_what_is_open_where_that_is_set(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(settings=CANCELS) as floor:
        resting = [floor.market.buy(PAIR, D("0.001"), LIMIT, D(50_000) + step) for step in range(3)]
        await asyncio.sleep(1)
        under_way = floor.market.buy(PAIR, D("0.001"), LIMIT, D(49_000))
        await asyncio.sleep(0.01)
        assert await floor.market.stop() == []
        assert states(floor) == dict.fromkeys([*resting, under_way], "cancelled")
        for order_id in (*resting, under_way):
            assert floor.names(order_id) == ["BuyOrderCreated", "OrderCancelled"]
        assert await floor.market.stop() == []


async def test_cancels_nothing_where_that_is_not_set(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(50_000))
        await asyncio.sleep(1)
        assert await floor.market.stop() == [order_id]
        assert states(floor) == {order_id: "open"}


@pytest.mark.parametrize("fault", [hang, DOWN, slow(15)], ids=["done, no answer", "not done", "answered too late"])
async def test_names_what_is_not_proven_cancelled(virtual_world: World, open_floor: Any, fault: Any) -> None:
    """Nothing tells the end: neither the cancel, nor a lookup, nor the stream."""
    meddler = Meddler()
    async with open_floor(interference=meddler, settings=CANCELS) as floor:
        canceled, other = (floor.market.buy(PAIR, D("0.001"), LIMIT, D(50_000) + step) for step in range(2))
        await asyncio.sleep(1)
        await floor.market.execute_cancel(PAIR, other)
        meddler.muted = frozenset({"orders", "fills", "balances"})
        meddler.on(CANCEL, *[fault] * 50).on(LOOK, *[DOWN] * 50)
        began = virtual_world.time()
        assert await floor.market.stop() == [canceled]
        assert virtual_world.time() - began < 12
        assert floor.names(canceled) == ["BuyOrderCreated"]


async def test_an_order_that_is_still_being_sent_is_cancelled_too(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler().on(PLACE, slow(4))
    async with open_floor(interference=meddler, settings=CANCELS) as floor:
        waiting = asyncio.create_task(floor.market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(50_000)))
        await asyncio.sleep(0.1)
        assert await floor.market.stop() == []
        assert waiting.done() and states(floor) == {"mine": "cancelled"}
        assert floor.names("mine") == ["BuyOrderCreated", "OrderCancelled"]


async def test_an_order_whose_fills_alone_are_missing_is_not_open(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler, settings=CANCELS) as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(3)
        meddler.muted = frozenset({"fills"})
        take(floor, order_id, "0.004")
        assert await floor.market.stop() == []
        assert list(floor.market.in_flight_orders) == [order_id]  # its fills are still to be read, in a later life
        assert states(floor) == {order_id: "cancelled"}


async def test_two_who_stop_wait_for_one_another(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler, settings=CANCELS) as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(50_000))
        await asyncio.sleep(1)
        meddler.muted = frozenset({"orders"})
        meddler.on(CANCEL, slow(3))
        assert await asyncio.gather(floor.market.stop(), floor.market.stop()) == [[], []]
        assert states(floor) == {order_id: "cancelled"}


@pytest.mark.parametrize("delay", [0.5, 5.0])
async def test_a_placing_that_somebody_waits_for_is_waited_for(
    virtual_world: World, open_floor: Any, delay: float
) -> None:
    meddler = Meddler().on(PLACE, slow(delay))
    async with open_floor(interference=meddler) as floor:
        place = floor.market.place_order
        placing = asyncio.create_task(place("mine", PAIR, D("0.001"), True, LIMIT, D(50_000)))
        await asyncio.sleep(0.1)
        assert await floor.market.stop() == ["mine"]
        assert (await placing)["data"]["client_id"] == "mine"
        assert floor.market.in_flight_orders["mine"].last_state == "open"


async def test_what_runs_beside_the_network_begins_again_with_it(virtual_world: World, open_floor: Any) -> None:
    """Without ticks, an end that waits for its fills would be held for ever."""
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        market = floor.market
        before = set(market._parts.network._running)
        await market.stop_network()
        await asyncio.sleep(60)
        assert market.network_status is NetworkStatus.STOPPED
        await market.start_network()
        await market.wait_ready(30)
        assert set(market._parts.network._running) == before
        order_id = rest_first(floor)
        await asyncio.sleep(3)
        meddler.on(("GET", "/v1/fills"), *[DOWN] * 100)
        meddler.muted = frozenset({"fills"})
        take(floor, order_id, "0.004")
        market.cancel(PAIR, order_id)
        await asyncio.sleep(40)
        assert floor.names(order_id) == ["BuyOrderCreated", "OrderCancelled"]


@pytest.mark.parametrize("timeout", [None, "5", float("nan")])
async def test_cancel_all_wants_seconds(virtual_world: World, open_floor: Any, timeout: Any) -> None:
    async with open_floor() as floor:
        with pytest.raises(UsageError, match=f"timeout_seconds is a number of seconds, not {timeout!r}"):
            await floor.market.cancel_all(timeout)


async def test_a_stopped_market_starts_no_more(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        await market.stop()
        for start in (market.start, market.start_network):
            with pytest.raises(UsageError, match="this market is stopped for good; make a new one"):
                await start()
        with pytest.raises(UsageError, match="this market is stopped for good; make a new one"):
            market.c_start(Clock(), 1.0)
        assert market.network_status is NetworkStatus.STOPPED


async def test_stops_before_it_ever_reached_the_exchange(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler().on(("GET", "/v1/time"), *[DOWN] * 50).on(BALANCES, *[DOWN] * 50)
    async with open_floor(interference=meddler, settings=CANCELS, is_ready=False) as floor:
        await asyncio.sleep(3)
        assert await floor.market.stop() == []
        assert floor.market.network_status is NetworkStatus.STOPPED
