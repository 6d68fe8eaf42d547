"""Rows 32 to 50: streams, clocks, nonces, limits, bytes, numbers and rules, each under the fault of its row."""

import asyncio
import gzip
import json
import re
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.market.guarantees.meddling import BALANCES, PLACE, RULES, Answer, Meddler, instead, rest_first, slow, take

from exconn.codec import Answer as Reply
from exconn.codec import Arguments, Codec, Context, Fresh, Keyring, Symbols
from exconn.errors import ExconnError, Unanswered
from exconn.market import MarketSettings
from exconn.model import NetworkStatus, OrderReport, OrderType, TradingRule
from exconn.sandbox.engine import FeeAsset, FeeSchedule, Status
from exconn.testing.virtual import Latency, Link, Route, World

D = Decimal
PAIR = "BTC-USDT"
LIMIT = OrderType.LIMIT
CREATED, CANCELLED, FAILED = "BuyOrderCreated", "OrderCancelled", "OrderFailure"


def streams(floor: Any) -> list[Any]:
    return [*floor.market.order_book_tracker.streams, *floor.market.user_stream_tracker.streams]


def buy(floor: Any, price: int = 60_000, pair: str = PAIR) -> str:
    order_id: str = floor.market.buy(pair, D("0.001"), LIMIT, D(price))
    return order_id


async def test_half_an_hour_of_quiet_costs_no_connection(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        await asyncio.sleep(1800)
        assert [stream.connects for stream in streams(floor)] == [1, 1]
        assert floor.market.ready


async def test_an_exchange_that_hangs_up_again_and_again_meets_no_storm(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        before = sum(stream.connects for stream in streams(floor))
        for _ in range(600):
            floor.sandbox.close_sockets()
            await asyncio.sleep(1)
        assert sum(stream.connects for stream in streams(floor)) - before <= 40
        order_id = buy(floor)
        await asyncio.sleep(100)
        assert floor.names(order_id) == [CREATED] and floor.market.ready and floor.differences() == []


async def test_a_listener_that_falls_behind_costs_a_connection_and_loses_nothing(
    virtual_world: World, open_floor: Any
) -> None:
    async with open_floor() as floor:
        user = floor.market.user_stream_tracker
        floor.market._parts.network._running["user events"].cancel()
        while not user.user_stream.full():
            user.received([])
        order_id = buy(floor)
        await asyncio.sleep(5)
        assert user.streams[0].connects > 1 and user.user_stream.full()
        assert floor.market._parts.network.keep("user events", floor.market._parts.user_events.listen)
        await asyncio.sleep(60)
        assert floor.names(order_id) == [CREATED] and floor.differences() == []


@pytest.mark.parametrize("seconds", [10.0, -10.0])
async def test_a_step_of_the_exchanges_clock_is_followed(
    virtual_world: World, open_floor: Any, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    true, shift = World.wall_ns, [0]
    monkeypatch.setattr(World, "wall_ns", lambda world: true(world) + shift[0])
    async with open_floor(clock=virtual_world.clock()) as floor:
        shift[0] = round(seconds * 1e9)
        order_ids = [buy(floor, 60_000 + step) for step in range(5)]
        await asyncio.sleep(60)
        assert {tuple(floor.names(each)) for each in order_ids} <= {(CREATED,), (FAILED,)}
        assert floor.differences() == []
        last = buy(floor)
        await asyncio.sleep(5)
        assert floor.names(last) == [CREATED] and abs(floor.market._parts.ground.rest.clock.offset - seconds) < 0.1


async def test_a_clock_that_runs_fast_is_kept_in_time(virtual_world: World, open_floor: Any) -> None:
    clock = virtual_world.clock()
    clock.drift(200)
    async with open_floor(clock=clock) as floor:
        for _ in range(4):
            await asyncio.sleep(600)
            order_id = buy(floor)
            await asyncio.sleep(3)
            assert floor.names(order_id) == [CREATED]


@pytest.mark.parametrize("spread", [0.05, 0.5])
async def test_nonces_that_overtake_each_other_lose_no_order(
    virtual_world: World, open_floor: Any, spread: float
) -> None:
    async with open_floor() as floor:
        way = Link(Latency(0.005, spread))
        virtual_world.network.set_route(Route(up=way, down=way))
        order_ids = [buy(floor, 50_000 + step) for step in range(50)]
        await asyncio.sleep(60)
        assert {tuple(floor.names(each)) for each in order_ids} == {(CREATED,)}
        assert len(floor.ledger()["orders"]) == 50 and floor.differences() == []


async def test_a_repeat_that_hangs_holds_the_others_for_two_seconds(virtual_world: World, open_floor: Any) -> None:
    nonce = instead(200, {"code": 1022, "msg": "nonce", "data": None}, is_done=False)
    async with open_floor(interference=Meddler().on(PLACE, nonce, slow(9))) as floor:
        first = buy(floor)
        await asyncio.sleep(0.5)
        second = buy(floor, 60_001)
        await asyncio.sleep(2.5)
        assert floor.names(second) == [CREATED]
        await asyncio.sleep(20)
        assert floor.names(first) == [CREATED] and floor.differences() == []


class Counter(Meddler):
    """Notes when anything at all came, handshakes too."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[float] = []

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        self.came.append(asyncio.get_running_loop().time())
        return await super().reply(request, answer)


async def test_nothing_at_all_is_sent_during_a_ban(virtual_world: World, open_floor: Any) -> None:
    counter = Counter()

    async def banned(request: web.Request, answer: Answer) -> web.StreamResponse:
        return web.Response(status=418, headers={"Retry-After": "60"}, text="<html>banned</html>")

    async with open_floor(interference=counter) as floor:
        resting = buy(floor)
        await asyncio.sleep(5)
        counter.on(PLACE, banned)
        buy(floor, 60_001)
        await asyncio.sleep(0.3)
        counter.came.clear()
        floor.sandbox.close_sockets()
        cancelling = asyncio.create_task(floor.market.cancel_all(5))
        await asyncio.sleep(59)
        assert counter.came == []
        assert {result.success for result in await cancelling} == {False}
        await asyncio.sleep(60)
        assert floor.names(resting) == [CREATED, CANCELLED] and floor.market.ready


def told_by(codec: Codec, body: bytes) -> list[Any] | None:
    """What the answer to a placing tells; None for an error that is one of ours."""
    context = Context(Keyring((), {}), {}, Symbols(("rest",)), {})
    context.symbols.learn([TradingRule(trading_pair=PAIR, symbols={"rest": "USDT_BTC"})])
    try:
        return codec.endpoints["place_order"].read(Reply(200, {}, body), Arguments(pair=PAIR), context).reports
    except ExconnError:
        return None


ORDER = {
    "order_id": "77",
    "client_id": "mine",
    "symbol": "USDT_BTC",
    "side": "bid",
    "type": "limit",
    "price": "60000",
    "size": "0.001",
    "filled": "0",
    "filled_quote": "0",
    "state": "new",
    "reason": None,
    "updated": 1_700_000_000_000,
}
BODY = json.dumps({"code": 0, "msg": "ok", "data": ORDER}).encode()


def test_an_answer_cut_or_bent_anywhere_is_an_error_of_ours_or_right(codec: Codec) -> None:
    whole = told_by(codec, BODY)
    assert whole is not None and isinstance(whole[0], OrderReport) and whole[0].client_id == "mine"
    for end in range(len(BODY)):
        assert told_by(codec, BODY[:end]) is None
    for at in range(len(BODY)):
        for bent in (BODY[at] ^ 0x80, 0, 0x22, 0x7D):
            told_by(codec, BODY[:at] + bytes([bent]) + BODY[at + 1 :])
    for bomb in (b"[" * 100_000, b'{"code":' + b"9" * 100_000 + b"}", b'{"a":' * 5_000 + b"1" + b"}" * 5_000):
        assert told_by(codec, bomb) is None


MONEY = st.decimals(min_value=D("1e-18"), max_value=D("1e17"), allow_nan=False, allow_infinity=False, places=18)


@settings(max_examples=300, deadline=None)
@given(amount=MONEY, price=MONEY, exponent=st.booleans())
def test_money_is_written_plainly_and_exactly(codec: Codec, amount: Decimal, price: Decimal, exponent: bool) -> None:
    if exponent:
        amount, price = amount.normalize(), price.normalize()
    keys = Keyring(codec.facts.credentials, {"api_key": "k", "secret_key": "s"})
    context = Context(keys, codec.facts.hosts["main"], Symbols(("rest",)), {})
    context.symbols.learn([TradingRule(trading_pair=PAIR, symbols={"rest": "USDT_BTC"})])
    asked = Arguments(pair=PAIR, order_type=LIMIT, amount=amount, price=price, client_id="mine")
    body = json.loads(codec.endpoints["place_order"].build(asked, Fresh(0, 1, "0" * 32, 1), context).body)
    for sent, meant in ((body["size"], amount), (body["price"], price)):
        assert re.fullmatch(r"\d{1,18}(\.\d{1,18})?", sent) and D(sent) == meant


async def test_a_pair_that_is_halted_with_an_open_order(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        halted, other = buy(floor), floor.market.buy("ETH-USDT", D("0.01"), LIMIT, D(1_000))
        await asyncio.sleep(5)
        floor.sandbox.desk.set_status(PAIR, Status.HALTED, floor.sandbox.now_ns())
        await asyncio.sleep(30)
        assert floor.names(halted) == floor.names(other) == [CREATED]
        refused = buy(floor)
        await asyncio.sleep(5)
        assert floor.names(refused) == [FAILED]
        assert await floor.market.execute_cancel(PAIR, halted) == halted
        assert floor.names(halted) == [CREATED, CANCELLED] and floor.differences() == []


async def test_a_pair_that_is_delisted_ends_its_orders_and_no_others(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        gone, other = buy(floor), floor.market.buy("ETH-USDT", D("0.01"), LIMIT, D(1_000))
        await asyncio.sleep(5)
        floor.sandbox.exchange.delist(PAIR, floor.sandbox.now_ns())
        await asyncio.sleep(30)
        assert floor.names(gone) == [CREATED, "OrderExpired"] and floor.names(other) == [CREATED]
        assert floor.differences() == []


async def test_an_empty_answer_costs_no_rule_and_maintenance_no_order(virtual_world: World, open_floor: Any) -> None:
    empty = instead(200, {"code": 0, "msg": "ok", "data": []})
    meddler = Meddler()
    async with open_floor(interference=meddler, settings=MarketSettings(rules_every=20)) as floor:
        order_id = buy(floor)
        meddler.on(RULES, empty, empty)
        await asyncio.sleep(60)
        assert len(meddler.met[RULES]) >= 2 and set(floor.market.trading_rules) >= {PAIR, "ETH-USDT"}
        floor.sandbox.set_maintenance(True)
        await asyncio.sleep(900)
        assert floor.market.network_status is NetworkStatus.NOT_CONNECTED
        assert len(meddler.met[RULES]) < 300 and floor.names(order_id) == [CREATED]
        floor.sandbox.set_maintenance(False)
        await asyncio.sleep(100)
        assert floor.market.ready and floor.differences() == []


BOMB = gzip.compress(bytes(64 * 1024 * 1024), 1)


async def test_a_bomb_of_zeros_is_not_unpacked(virtual_world: World, open_floor: Any) -> None:
    async def bomb(request: web.Request, answer: Answer) -> web.StreamResponse:
        return web.Response(body=BOMB, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})

    meddler = Meddler()
    async with open_floor(interference=meddler) as floor:
        meddler.on(BALANCES, bomb)
        tracemalloc.start()
        with pytest.raises(Unanswered, match="the answer is longer than 8388608 bytes"):
            await floor.market._update_balances()
        assert tracemalloc.get_traced_memory()[1] < 24 * 1024 * 1024
        tracemalloc.stop()


# maker and taker rate, and the asset that fees are taken in
FEES = [
    ("0.001", FeeAsset.QUOTE),
    ("-0.0002", FeeAsset.QUOTE),
    ("0", FeeAsset.QUOTE),
    ("0.001", FeeAsset.RECEIVED),
    ("0.001", FeeAsset.TOKEN),
]


@pytest.mark.parametrize(("rate", "asset"), FEES)
async def test_fees_are_those_of_the_ledger(virtual_world: World, open_floor: Any, rate: str, asset: FeeAsset) -> None:
    async with open_floor() as floor:
        floor.sandbox.exchange.set_fees(FeeSchedule(maker=D(rate), taker=D(rate), asset=asset, token="MXT"), "alice")
        order_id = floor.market.buy(PAIR, D("0.001"), OrderType.MARKET)
        await asyncio.sleep(10)
        [fill] = floor.sandbox.exchange.fills("alice")
        [event] = [event for name, event in floor.events(order_id) if name == "OrderFilled"]
        assert event.trade_fee.flat_fees == ((fill.fee_asset, fill.fee),)
        assert floor.differences() == []


async def test_without_trades_fills_follow_from_what_is_executed(
    virtual_world: World, open_floor: Any, codec: Codec
) -> None:
    """Two fills of the same price and size, known by nothing but the order's executed amount; no spec that validates is
    without fills, so the codec is made to promise none."""
    endpoints = {name: end for name, end in codec.endpoints.items() if "fill" not in end.kinds}
    user = replace(codec.sockets["user"], kinds=("order", "balance"))
    deaf = replace(codec, endpoints=endpoints, sockets=codec.sockets | {"user": user})
    meddler = Meddler()
    meddler.repeats = 2
    opened = open_floor.func(deaf, *open_floor.args[1:], interference=meddler)
    async with opened as floor:
        order_id = rest_first(floor)
        await asyncio.sleep(3)
        for _ in range(2):
            take(floor, order_id, "0.003")
            await asyncio.sleep(1)
        meddler.muted = frozenset({"orders"})
        take(floor, order_id, "0.004")
        await asyncio.sleep(30)
        fills = [event.amount for name, event in floor.events(order_id) if name == "OrderFilled"]
        assert fills == [D("0.003"), D("0.003"), D("0.004")]
        assert floor.names(order_id)[-1] == "BuyOrderCompleted"
