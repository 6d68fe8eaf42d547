"""Balances: what the exchange pushes, or the default calculation of the contract, and the user's limits."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

from aiohttp import web

from exconn.market import MarketSettings
from exconn.model import OrderType
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


async def test_a_limit_on_an_asset_comes_last(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(settings=MarketSettings(balance_limits={"USDT": D(1000)})) as floor:
        market = floor.market
        assert market.get_available_balance("USDT") == 1000
        market.buy(PAIR, D("0.01"), OrderType.LIMIT, D(60000))
        await asyncio.sleep(2)
        assert market.get_available_balance("USDT") == 1000 - 600 * D("1.0008")
        assert market.get_available_balance("BTC") == 5
