"""Balances: what the exchange pushes, or the default calculation of the contract, and the user's limits."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace

from exconn.codec import Answer, Arguments, Codec, Context, Endpoint, Frame, Reply
from exconn.market import MarketSettings
from exconn.model import BalanceReport, OrderType
from exconn.sandbox.interference import Undisturbed
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"


async def test_pushed_balances_are_the_exchanges(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        assert market._real_time_balance_update
        market.buy(PAIR, D("0.01"), OrderType.LIMIT, D(60000))
        await asyncio.sleep(2)
        held = floor.ledger()["balances"]["USDT"]
        assert market.get_balance("USDT") == D(held["total"]) == 100_000
        assert market.get_available_balance("USDT") == D(held["available"]) == 100_000 - 600
        assert market.get_available_balance("NONE") == 0
        assert set(market.get_all_balances()) == {"BTC", "ETH", "MXT", "USDT"}


class Lost(Undisturbed):
    """Placings never arrive."""

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        return web.Response(status=502, text="bad gateway") if request.method == "POST" else await answer()


async def test_an_order_of_unknown_outcome_stays_reserved(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(interference=Lost()) as floor:
        market = floor.market
        market.buy(PAIR, D("0.01"), OrderType.LIMIT, D(60000))
        market.sell("ETH-USDT", D("1.5"), OrderType.LIMIT, D(9000))
        await asyncio.sleep(0)
        for _ in range(2):  # while it is being sent, and while nobody knows what became of it
            assert market.get_available_balance("USDT") == 100_000 - 600 * D("1.0008")
            assert market.get_available_balance("ETH") == 50 - D("1.5")
            await asyncio.sleep(3)
        await asyncio.sleep(30)
        assert market.in_flight_orders == {}
        assert market.get_available_balance("USDT") == 100_000


def silent_of_available(codec: Codec, endpoints: tuple[str, ...] = ()) -> Codec:
    """The same exchange, whose stream and these endpoints tell totals alone."""
    user = codec.sockets["user"]

    def told(reports: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(each, available=None) if type(each) is BalanceReport else each for each in reports)

    def read(data: str | bytes, context: Context) -> Frame:
        frame = user.read(data, context)
        return replace(frame, reports=told(frame.reports))

    def reader(end: Endpoint) -> Callable[[Answer, Arguments, Context], Reply]:
        def answered(answer: Answer, arguments: Arguments, context: Context) -> Reply:
            reply = end.read(answer, arguments, context)
            return replace(reply, reports=told(reply.reports))

        return answered

    ends = {name: replace(codec.endpoints[name], read=reader(codec.endpoints[name])) for name in endpoints}
    sockets = codec.sockets | {"user": replace(user, read=read, tells_available=False)}
    return replace(codec, sockets=sockets, endpoints=codec.endpoints | ends)


@pytest.mark.parametrize("endpoints", [(), ("balances",)])
async def test_where_the_stream_tells_totals_alone_locks_are_reckoned(
    virtual_world: World, open_floor: Any, codec: Codec, endpoints: tuple[str, ...]
) -> None:
    silent = silent_of_available(codec, endpoints)
    async with open_floor.func(silent, *open_floor.args[1:]) as floor:
        market = floor.market
        assert not market._real_time_balance_update
        rests = market.buy(PAIR, D("0.01"), OrderType.LIMIT, D(60000))
        for _ in range(2):  # the exchange holds the amount, a reckoning the fee as well
            await asyncio.sleep(2)
            assert market.get_available_balance("USDT") in (100_000 - 600, 100_000 - 600 * D("1.0008"))
            await market._update_balances()
        market.buy(PAIR, D("0.01"), OrderType.MARKET)
        await asyncio.sleep(2)
        held = floor.ledger()["balances"]["BTC"]
        assert market.get_balance("BTC") == D(held["total"]) > 5
        fee = D("0.00001")  # no part of the reckoning; the next answer has it
        assert market.get_available_balance("BTC") - D(held["available"]) in (0, fee)
        assert await market.execute_cancel(PAIR, rests) == rests
        await market._update_balances()
        held = floor.ledger()["balances"]["USDT"]
        assert market.get_available_balance("USDT") == D(held["available"]) == D(held["total"])


async def test_an_order_that_came_too_late_for_an_answer_stays_reserved(
    virtual_world: World, open_floor: Any, codec: Codec
) -> None:
    """The balances are asked for first, and the order is open before they have come."""
    slow = Slow()
    async with open_floor.func(silent_of_available(codec), *open_floor.args[1:], interference=slow) as floor:
        market = floor.market
        await asyncio.sleep(5)
        slow.seconds = 1.0
        reading = asyncio.create_task(market._update_balances())
        await asyncio.sleep(0.1)
        order_id = market.buy(PAIR, D("0.01"), OrderType.LIMIT, D(60000))
        await reading
        assert order_id in market._in_flight_orders_snapshot
        assert market.get_available_balance("USDT") == 100_000 - 600 * D("1.0008")
        slow.seconds = 0.0
        await market._update_balances()
        assert market.get_available_balance("USDT") == 100_000 - 600


@pytest.mark.parametrize("is_pushed", [False, True])
@pytest.mark.parametrize("is_first", [False, True])
async def test_a_fill_while_a_total_is_on_its_way_makes_nothing_available_twice(
    virtual_world: World, open_floor: Any, codec: Codec, is_first: bool, is_pushed: bool
) -> None:
    """Totals alone are told, by a stream as well or by none, and nobody knows whether the total is of before the fill
    (`is_first`) or after it: what was sold is gone in either case, what was bought is there with the next answer."""
    silent = silent_of_available(codec, ("balances",))
    if not is_pushed:
        silent = replace(silent, sockets=silent.sockets | {"user": without_balances(silent.sockets["user"])})
    slow = Slow()
    async with open_floor.func(silent, *open_floor.args[1:], interference=slow) as floor:
        market, seller = floor.market, floor.market.sell
        rests = seller(PAIR, D("1"), OrderType.LIMIT, D(90000))
        await asyncio.sleep(20)
        slow.seconds, slow.is_late = 0.5, not is_first
        reading = asyncio.create_task(market._update_balances())
        await asyncio.sleep(0.1)
        sold = seller(PAIR, D("0.01"), OrderType.MARKET)
        await reading
        assert floor.names(sold)[-1] == "SellOrderCompleted"
        held = floor.ledger()["balances"]
        assert D(held["BTC"]["total"]) == D("4.99") and held["BTC"]["available"] == "3.99"
        least = D("3.99" if is_first else "3.98")
        assert least <= market.get_available_balance("BTC") <= D("3.99")
        assert 100_000 <= market.get_available_balance("USDT") <= D(held["USDT"]["available"])
        slow.seconds = 0.0
        await market._update_balances()
        assert market.get_available_balance("BTC") == D("3.99")
        assert market.get_available_balance("USDT") == D(held["USDT"]["available"])
        later = seller(PAIR, D("0.01"), OrderType.MARKET)
        await asyncio.sleep(0.5)
        assert floor.names(later)[-1] == "SellOrderCompleted"
        assert market.get_available_balance("BTC") == D("3.98")
        assert market.get_available_balance("USDT") > D(held["USDT"]["available"])
        assert rests in market.in_flight_orders


def without_balances(user: Any) -> Any:
    """The same socket, which tells no balances."""

    def read(data: str | bytes, context: Context) -> Frame:
        frame = user.read(data, context)
        return replace(frame, reports=tuple(each for each in frame.reports if type(each) is not BalanceReport))

    return replace(user, read=read, kinds=tuple(kind for kind in user.kinds if kind != "balance"))


class Slow(Undisturbed):
    """Balances are read at once, and told `seconds` later; `is_late`: read then as well."""

    seconds = 0.0
    is_late = False

    async def reply(
        self, request: web.Request, answer: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        pause = self.seconds if request.path.endswith("/balances") else 0
        if self.is_late:
            await asyncio.sleep(pause)
        told = await answer()
        await asyncio.sleep(0 if self.is_late else pause)
        return told


async def test_a_limit_on_an_asset_comes_last(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(settings=MarketSettings(balance_limits={"USDT": D(1000)})) as floor:
        market = floor.market
        assert market.get_available_balance("USDT") == 1000
        market.buy(PAIR, D("0.01"), OrderType.LIMIT, D(60000))
        await asyncio.sleep(2)
        assert market.get_available_balance("USDT") == 1000 - 600 * D("1.0008")
        assert market.get_available_balance("BTC") == 5
