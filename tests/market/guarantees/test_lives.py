"""Rows 14 to 30, 56 and 57: acks, fills, cancels and balances that come late, twice, in another order, or never."""

import asyncio
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace
from tests.market.guarantees.meddling import (
    BALANCES,
    CANCEL,
    FILLS,
    LOOK,
    PLACE,
    Meddler,
    changed,
    instead,
    lost,
    rest_first,
    slow,
    take,
)

from exconn.codec import Codec
from exconn.market import MarketSettings
from exconn.model import OrderType
from exconn.sandbox.engine import Amendment, Close, Kind, NewOrder, Side
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
LIMIT, MARKET = OrderType.LIMIT, OrderType.MARKET
CREATED, FILLED, COMPLETED, CANCELLED = "BuyOrderCreated", "OrderFilled", "BuyOrderCompleted", "OrderCancelled"
DEAF = frozenset({"orders", "fills", "balances"})


@pytest.mark.parametrize("delay", [0.5, 6.0, 11.0])
async def test_a_fill_before_the_ack_tells_created_first_and_the_ack_revives_nothing(
    virtual_world: World, open_floor: Any, delay: float
) -> None:
    """The ack says NEW or comes never (after the time-out), when the order is long over."""
    async with open_floor(interference=Meddler().on(PLACE, slow(delay))) as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), MARKET)
        await asyncio.sleep(0.3)
        assert floor.names(order_id) == [CREATED, FILLED, COMPLETED]
        await asyncio.sleep(40)
        assert floor.names(order_id) == [CREATED, FILLED, COMPLETED] and floor.differences() == []


async def test_an_order_that_was_made_larger_there_is_not_over_at_its_first_amount(
    virtual_world: World, open_floor: Any
) -> None:
    """Its owner amends it on the exchange's own pages; what is more than was sent is cancelled with it."""
    async with open_floor(interference=Meddler()) as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(3)
        [ours] = floor.sandbox.exchange.orders("alice")
        floor.sandbox.exchange.amend("alice", ours.id, Amendment(amount=D("0.03")), floor.sandbox.now_ns())
        await asyncio.sleep(20)
        take(floor, order_id, "0.01")
        take(floor, order_id, "0.005")
        await asyncio.sleep(20)
        assert floor.names(order_id) == [CREATED, FILLED, FILLED]
        assert floor.market.get_available_balance("USDT") <= D(floor.ledger()["balances"]["USDT"]["available"])
        assert await floor.market.execute_cancel(PAIR, order_id) == order_id
        await asyncio.sleep(5)
        assert floor.names(order_id) == [CREATED, FILLED, FILLED, CANCELLED]
        assert floor.differences() == []


async def test_cancels_that_hang_keep_no_fill_from_being_read(virtual_world: World, open_floor: Any) -> None:
    async def never(request: Any, answer: Any) -> Any:
        await asyncio.sleep(20)  # longer than the client waits
        return await lost(request, answer)

    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        order_ids = [floor.market.buy(PAIR, D("0.001"), LIMIT, D(50_000 + each)) for each in range(8)]
        filled_id = rest_first(floor)
        await asyncio.sleep(5)
        meddler.on(CANCEL, *[never] * 500)
        meddler.muted = DEAF
        for order_id in order_ids:
            floor.market.cancel(PAIR, order_id)
        await asyncio.sleep(30)
        take(floor, filled_id, "0.004")
        await asyncio.sleep(16)
        assert floor.names(filled_id) == [CREATED, FILLED]
        meddler.calm()
        await asyncio.sleep(60)
        assert [floor.names(order_id) for order_id in order_ids] == [[CREATED, CANCELLED]] * 8


async def test_a_balance_that_cannot_be_read_is_not_gone(virtual_world: World, open_floor: Any) -> None:
    def garbled(body: bytes) -> bytes:
        answer = json.loads(body)
        rows = [row for row in answer["data"] if "USDT" in row.values()]
        rows[0] |= dict.fromkeys((key for key, value in rows[0].items() if value != "USDT"), "n/a")
        return json.dumps(answer).encode()

    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        await asyncio.sleep(1)
        before = floor.market.get_balance("USDT"), floor.market.get_available_balance("USDT")
        meddler.on(BALANCES, changed(garbled))
        await floor.market._update_balances()
        assert meddler.met[BALANCES] and floor.market.get_balance("BTC") == 5
        assert (floor.market.get_balance("USDT"), floor.market.get_available_balance("USDT")) == before


async def test_an_old_status_changes_nothing_after_the_end(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        await asyncio.sleep(3)
        stale = await floor.market.get_order(order_id)
        meddler.on(LOOK, *[instead(200, stale)] * 20)
        assert await floor.market.execute_cancel(PAIR, order_id) == order_id
        await floor.market._update_order_status()
        await asyncio.sleep(40)
        assert floor.names(order_id) == [CREATED, CANCELLED]


async def test_events_that_come_twice_count_once(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    meddler.repeats = 3
    async with open_floor(interference=meddler) as floor:
        taken = floor.market.buy(PAIR, D("0.001"), MARKET)
        resting = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        await asyncio.sleep(3)
        await floor.market.cancel_all(5)
        await asyncio.sleep(30)
        assert floor.names(taken) == [CREATED, FILLED, COMPLETED]
        assert floor.names(resting) == [CREATED, CANCELLED]
        assert floor.differences() == []


async def reopened(floor: Any) -> None:
    """Cut the user stream, and wait until it is open again."""
    [stream] = floor.market.user_stream_tracker.streams
    opened = asyncio.Event()
    calls = ("opening", "closed", "received", "doubted", "lost", "refused")
    receiver = SimpleNamespace(**dict.fromkeys(calls, lambda *_: None))
    receiver.opened = opened.set
    stream.tell(receiver)
    assert floor.sandbox.close_sockets("private") == 1
    await opened.wait()


# what the stream does not tell, whether it is cut, and within how many seconds a fill is known
KNOWN = [(frozenset({"fills"}), False, 15.0), (DEAF, False, 15.0), (DEAF, True, 3.0)]


@pytest.mark.parametrize("taken_after", [3.0, 9.0, 14.5])
@pytest.mark.parametrize(("muted", "is_cut", "within"), KNOWN)
async def test_a_fill_that_the_stream_lost_is_known_in_time(
    virtual_world: World, open_floor: Any, muted: frozenset[str], is_cut: bool, within: float, taken_after: float
) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(taken_after)
        meddler.muted = muted
        take(floor, order_id, "0.004")
        if is_cut:
            await reopened(floor)
        meddler.muted = frozenset()
        await asyncio.sleep(within)
        assert floor.names(order_id) == [CREATED, FILLED]


async def test_fills_of_a_cancelled_order_are_told_before_its_end(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(3)
        meddler.muted = frozenset({"fills"})
        take(floor, order_id, "0.004")
        floor.market.cancel(PAIR, order_id)
        await asyncio.sleep(20)
        assert floor.names(order_id) == [CREATED, FILLED, CANCELLED]
        assert floor.events(order_id)[1][1].amount == D("0.004")
        order = await floor.market.get_order(order_id)
        assert D(order["data"]["filled"]) == D("0.004")
        assert floor.differences() == []


@pytest.mark.parametrize("without", [(), ("fills_since",), ("fills_of_order",)])
async def test_a_fill_that_nobody_can_read_yet_is_late_and_counts(
    virtual_world: World, open_floor: Any, codec: Codec, without: tuple[str, ...]
) -> None:
    """However fills can be read: all that came since, or those of an order."""
    endpoints = {name: each for name, each in codec.endpoints.items() if name not in without}
    meddler = Meddler().on(FILLS, *[instead(503, "", is_done=False)] * 100)
    reading = replace(codec, endpoints=endpoints)
    async with open_floor.func(reading, *open_floor.args[1:], interference=meddler) as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(3)
        meddler.muted = frozenset({"fills"})
        take(floor, order_id, "0.004")
        floor.market.cancel(PAIR, order_id)
        await asyncio.sleep(40)
        assert floor.names(order_id) == [CREATED, CANCELLED]
        assert floor.events(order_id)[1][1].incomplete
        meddler.calm()
        await asyncio.sleep(70)
        assert floor.names(order_id) == [CREATED, CANCELLED, FILLED]
        assert floor.events(order_id)[2][1].late and floor.differences() == []


async def test_a_cancel_of_what_is_over_or_under_way_or_never_was(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        filled = rest_first(floor)
        await asyncio.sleep(3)
        meddler.muted = DEAF
        take(floor, filled, "0.01")
        await floor.market.execute_cancel(PAIR, filled)
        assert CANCELLED not in floor.names(filled)
        meddler.muted = frozenset()
        at_once = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        assert await floor.market.execute_cancel(PAIR, at_once) == at_once
        meddler.on(PLACE, lost)
        never = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_001))
        await asyncio.sleep(0.1)
        assert await floor.market.execute_cancel(PAIR, never) in (None, never)
        assert CANCELLED not in floor.names(never)
        await asyncio.sleep(30)
        assert floor.names(filled) == [CREATED, FILLED, COMPLETED]
        assert floor.names(at_once) == [CREATED, CANCELLED]
        assert floor.names(never) == ["OrderFailure"]
        assert floor.differences() == []


async def test_polls_that_fail_for_minutes_end_no_order(virtual_world: World, open_floor: Any) -> None:
    down = instead(503, "<html>", is_done=False)
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        meddler.on(LOOK, *[down] * 500).on(FILLS, *[down] * 500).on(BALANCES, *[down] * 500)
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        assert floor.sandbox.close_sockets("private") == 1
        await asyncio.sleep(300)
        assert floor.names(order_id) == [CREATED] and order_id in floor.market.in_flight_orders
        meddler.calm()
        await asyncio.sleep(90)
        assert floor.differences() == []


@pytest.mark.parametrize(
    "fault", [instead(503, "", is_done=False), instead(200, {"code": 1500, "msg": "", "data": None})]
)
async def test_a_list_that_is_never_answered_does_not_hide_an_end(
    virtual_world: World, open_floor: Any, fault: Any
) -> None:
    """Orders are looked up one by one then."""
    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        ids = [floor.market.buy(PAIR, D("0.001"), LIMIT, D(50_000) + step) for step in range(3)]
        await asyncio.sleep(3)
        meddler.on(("GET", "/v1/orders/open"), *[fault] * 100)
        meddler.muted = DEAF
        order = floor.sandbox.exchange.order_by_client_id("alice", ids[1])
        floor.sandbox.exchange.cancel("alice", order.id, floor.sandbox.now_ns(), Close.REQUESTED)
        await asyncio.sleep(20)
        assert [floor.names(each) for each in ids] == [[CREATED], [CREATED, CANCELLED], [CREATED]]


async def test_orders_of_others_on_the_account_are_left_alone(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        exchange, now = floor.sandbox.exchange, floor.sandbox.now_ns()
        symbol = floor.sandbox.symbol(PAIR)
        theirs = exchange.place(
            "alice", NewOrder(symbol, Side.BUY, Kind.LIMIT, amount=D("0.001"), price=D(50_000)), now
        ).order
        ours = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        await asyncio.sleep(20)
        results = await floor.market.cancel_all(5)
        assert [(each.order_id, each.success) for each in results] == [(ours, True)]
        assert list(floor.market.in_flight_orders) == []
        assert [order.id for order in exchange.orders("alice", open_only=True)] == [theirs.id]


async def test_a_slow_answer_of_balances_overwrites_nothing_newer(virtual_world: World, open_floor: Any) -> None:
    meddler = Meddler()
    async with open_floor(interference=meddler, settings=MarketSettings(request_timeout=20.0)) as floor:
        meddler.on(BALANCES, slow(10))
        reading = asyncio.create_task(floor.market._update_balances())
        await asyncio.sleep(1)
        floor.market.buy(PAIR, D("0.01"), MARKET)
        await asyncio.sleep(3)
        told = floor.market.get_balance("BTC")
        assert told == D(floor.ledger()["balances"]["BTC"]["total"])
        await reading
        assert floor.market.get_balance("BTC") == told
        assert floor.differences() == []


# what befalls an order while the market is stopped, and whether its id is among those that may still be open
STOPS = [(PLACE, slow(3), True), (PLACE, lost, True), (CANCEL, lost, True), (CANCEL, slow(3), False)]


@pytest.mark.parametrize(("where", "fault", "is_left"), STOPS)
async def test_stopping_during_a_fault_names_what_may_be_open(
    virtual_world: World, open_floor: Any, where: tuple[str, str], fault: Any, is_left: bool
) -> None:
    meddler = Meddler().on(where, fault)
    async with open_floor(interference=meddler) as floor:
        order_id = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        if where is CANCEL:
            await asyncio.sleep(3)
            results = await floor.market.cancel_all(4 if not is_left else 0.5)
            assert [result.success for result in results] == [not is_left]
        await asyncio.sleep(0.2)
        began = virtual_world.time()
        assert await floor.market.stop() == ([order_id] if is_left else [])
        assert virtual_world.time() - began < 25
        assert await floor.market.stop() == ([order_id] if is_left else [])
        placed = len(floor.ledger()["orders"])
        late = floor.market.buy(PAIR, D("0.001"), LIMIT, D(60_000))
        await asyncio.sleep(1)
        assert floor.names(late) == ["OrderFailure"] and len(floor.ledger()["orders"]) == placed
