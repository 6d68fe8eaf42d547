"""Starting, stopping, starting again: nothing is left behind or forgotten, and what may be open is named."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace
from tests.market.guarantees.meddling import take

from exconn.codec import Codec
from exconn.errors import UsageError
from exconn.market import MarketSettings
from exconn.market.tracking import MemoryStore, TrackedOrder
from exconn.market.user_events import UserEvents
from exconn.model import FeeRate, OrderType, TradeType
from exconn.sandbox.engine import Kind, NewOrder, Side
from exconn.sandbox.interference import Delivery, Frame, Undisturbed
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
LIMIT = OrderType.LIMIT


class Slow(Undisturbed):
    """Does what it is asked to, and answers a placing when it is too late."""

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        response = await answer()
        if request.method == "POST":
            await asyncio.sleep(60)
        return response


def tasks_of(name: str) -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(name)]


@pytest.mark.parametrize("is_awaited", [False, True])
async def test_stopping_during_a_submit_names_it_and_leaves_no_task(
    virtual_world: World, open_floor: Any, caplog: pytest.LogCaptureFixture, is_awaited: bool
) -> None:
    settings = MarketSettings(settle_timeout=2)
    async with open_floor(interference=Slow(), settings=settings) as floor:
        market, mine = floor.market, []
        if is_awaited:  # by a task of the user's own, which the market does not know
            mine = [asyncio.create_task(market.execute_buy("mine", PAIR, D("0.001"), LIMIT, D(60000)))]
            order_id = "mine"
        else:
            order_id = market.buy(PAIR, D("0.001"), LIMIT, D(60000))
        await asyncio.sleep(0.001)
        assert await market.stop() == [order_id]
        await asyncio.gather(*mine)
        await asyncio.sleep(30)
        assert tasks_of("myexchange") == []
        assert f"myexchange is stopped; these orders may still be open: {order_id}" in caplog.text
        assert caplog.text.count("could not be looked up") == 0
        late = market.buy(PAIR, D("0.001"), LIMIT, D(60000))
        await asyncio.sleep(1)
        assert "this market is stopped" in floor.events(late)[0][1].error_message
        assert await market.stop() == [order_id]


async def test_it_may_be_halted_and_started_in_one_breath(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        for _ in range(3):
            market._stop_network()
            await market.start_network()
        await asyncio.sleep(10)
        assert market.ready and market.user_stream_tracker.is_live
        assert len(tasks_of("myexchange socket")) == 2
        order_id = market.buy(PAIR, D("0.001"), LIMIT, D(60000))
        await asyncio.sleep(1)
        assert floor.names(order_id) == ["BuyOrderCreated"]


async def test_an_order_begun_a_moment_ago_is_cancelled_too(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        first = market.buy(PAIR, D("0.001"), LIMIT, D(60000))
        assert await market.execute_cancel(PAIR, first) == first
        second = market.buy(PAIR, D("0.001"), LIMIT, D(60000))
        assert [(each.order_id, each.success) for each in await market.cancel_all(10)] == [(second, True)]
        await asyncio.sleep(5)
        assert [order["state"] for order in floor.ledger()["orders"]] == ["cancelled", "cancelled"]


class Full(MemoryStore):
    """A store whose disk is full."""

    def record_intent(self, order: TrackedOrder) -> None:
        raise OSError(28, "No space left on device")


async def test_an_intent_that_cannot_be_kept_is_a_failure(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(store=Full()) as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60000))
        await asyncio.sleep(1)
        (name, event), *more = floor.events(order_id)
        assert (name, event.error_type, more) == ("OrderFailure", "OSError", [])
        assert floor.ledger()["orders"] == []


async def test_nothing_is_told_of_anothers_id(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        await floor.market.execute_buy("one", PAIR, D("0.001"), LIMIT, D(60000))
        with pytest.raises(UsageError, match="client id one is taken"):
            await floor.market.execute_buy("one", PAIR, D("1e-9"), LIMIT, D(60000))
        assert floor.names("one") == ["BuyOrderCreated"]


def test_a_number_that_is_none_is_refused_at_once(open_floor: Any, virtual_world: World) -> None:
    async def ask() -> None:
        async with open_floor(is_ready=False) as floor:
            with pytest.raises(UsageError, match="'1,5' is no number"):
                floor.market.buy(PAIR, "1,5", LIMIT, D(60000))

    virtual_world.run(ask())


async def test_an_order_of_a_pair_whose_fees_are_not_known_is_sent(
    virtual_world: World, open_floor: Any, codec: Codec
) -> None:
    """An exchange that tells its rates pair by pair has told those of another."""
    endpoints = {name: each for name, each in codec.endpoints.items() if name != "fee_rates"}
    silent = replace(codec, endpoints=endpoints, facts=replace(codec.facts, fees=None))
    async with open_floor.func(silent, *open_floor.args[1:]) as floor:
        floor.market._parts.fees.load([FeeRate(D("0.001"), D("0.001"), "ETH-USDT")])
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        await asyncio.sleep(5)
        assert floor.names(order_id) == ["BuyOrderCreated"]


async def test_orders_restored_while_it_runs_are_found_out_about(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        order_id = market.buy(PAIR, D("0.001"), OrderType.MARKET)
        await asyncio.sleep(0)
        saved = market.tracking_states  # the request is not yet written
        await asyncio.sleep(200)  # and is read about no more
        market.c_stop_tracking_order(order_id)
        floor.told.clear()
        market.restore_tracking_states(saved)
        await asyncio.sleep(30)
        assert floor.names(order_id) == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]


async def test_an_order_that_somebody_else_sends_is_looked_for(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        market.c_start_tracking_order("theirs", PAIR, LIMIT, TradeType.BUY, D(60000), D("0.001"))
        with pytest.raises(UsageError, match="client id theirs is taken"):
            market.start_tracking_order("theirs", PAIR, LIMIT, TradeType.BUY, D(60000), D("0.001"))
        await asyncio.sleep(30)
        assert floor.names("theirs") == [] and "theirs" in market.in_flight_orders
        new = NewOrder(PAIR, Side.BUY, Kind.LIMIT, D("0.001"), D(60000), client_id="theirs")
        floor.sandbox.exchange.place("alice", new, floor.sandbox.now_ns())
        await asyncio.sleep(1)
        assert floor.names("theirs") == ["BuyOrderCreated"]
        assert await market.execute_cancel(PAIR, "theirs") == "theirs"


@pytest.mark.parametrize("lacks", ["fills_of_order", "fills_since"])
@pytest.mark.parametrize("tells_age", [False, True])
async def test_the_older_fills_of_an_order_found_elsewhere_count(
    virtual_world: World, open_floor: Any, codec: Codec, lacks: str, tells_age: bool
) -> None:
    """It was made and partly filled long before it is tracked here."""
    poor = replace(codec, endpoints={name: each for name, each in codec.endpoints.items() if name != lacks})
    async with open_floor.func(poor, *open_floor.args[1:]) as floor:
        market, sandbox = floor.market, floor.sandbox
        theirs = f"hb{round(market._parts.ground.time.now() * 1e6)}" if tells_age else "theirs"
        price = D(str(market.get_order_book(PAIR).best_bid[0])) + D("0.01")
        new = NewOrder(PAIR, Side.BUY, Kind.LIMIT, D("0.010"), price, client_id=theirs)
        sandbox.exchange.place("alice", new, sandbox.now_ns())
        for _ in range(2):
            take(floor, theirs, "0.002")
        await asyncio.sleep(3600)
        market.start_tracking_order(theirs, PAIR, LIMIT, TradeType.BUY, price, D("0.010"))
        await asyncio.sleep(20)
        assert market.in_flight_orders[theirs].executed_amount_base == D("0.004")
        take(floor, theirs, "0.006")
        await asyncio.sleep(20)
        assert floor.names(theirs) == ["BuyOrderCreated", *["OrderFilled"] * 3, "BuyOrderCompleted"]
        assert floor.differences() == []


class Deaf(Undisturbed):
    """Frames of these channels are lost, and fills cannot be read."""

    channels: Sequence[str] = ()
    is_blind = False

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        is_lost = self.is_blind and request.path == "/v1/fills"
        return web.Response(status=502, text="bad gateway") if is_lost else await answer()

    def frames(self, frame: Frame) -> Sequence[Delivery]:
        return () if frame.channel in self.channels else super().frames(frame)


async def test_a_fill_from_before_the_exchanges_clock_was_set_back_is_found(
    virtual_world: World, open_floor: Any
) -> None:
    deaf = Deaf()
    async with open_floor(interference=deaf) as floor:
        await asyncio.sleep(60)
        deaf.channels, deaf.is_blind = ("fills",), True
        order_id = floor.market.buy(PAIR, D("0.001"), OrderType.MARKET)
        floor.market._parts.reconciler.confirmed_ns += 3600 * 10**9  # what a clock set back by an hour leaves behind
        await asyncio.sleep(10)
        assert floor.names(order_id) == ["BuyOrderCreated"]
        deaf.is_blind = False
        await asyncio.sleep(10)
        assert floor.names(order_id) == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]


async def test_a_defect_in_one_frame_costs_nothing(
    virtual_world: World, open_floor: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_floor() as floor:
        take, broken = UserEvents.take, [True]

        def fail_once(events: UserEvents, reports: Any) -> None:
            if broken:
                broken.clear()
                raise KeyError("a defect")
            take(events, reports)

        monkeypatch.setattr(UserEvents, "take", fail_once)
        order_id = floor.market.buy(PAIR, D("0.001"), OrderType.MARKET)
        await asyncio.sleep(20)
        assert floor.names(order_id) == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]
        assert "user events failed and begins again" in caplog.text and floor.differences() == []


async def test_frames_that_cannot_be_read_do_not_make_it_read_without_pause(
    virtual_world: World, open_floor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    async with open_floor() as floor:
        await asyncio.sleep(10)
        before = len(floor.sandbox.log.since(0))
        for _ in range(100):
            floor.market.user_stream_tracker.doubted("a frame is unreadable")
            await asyncio.sleep(0.1)
        assert len(floor.sandbox.log.since(0)) - before < 40
