"""The unfilled order count, by the examples of faqs/order_count_decrement.md; an answer to placing is before fills."""

import asyncio
from typing import Any

import pytest

from exconn.testing.virtual import World

from .conftest import Client

PATH = "/api/v3/order"


class Trader:
    """Alice, whose orders are counted, and bob, who meets them."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def place(self, price: str = "50000", quantity: str = "1", **more: Any) -> int:
        """The count that the response to placing shows."""
        order = {"type": "LIMIT", "timeInForce": "GTC", "price": price, **more}
        sent = {"symbol": "BTCUSDT", "side": "BUY", "quantity": quantity, **order}
        placed = await self.client.signed("alice", "POST", PATH, **{name: what for name, what in sent.items() if what})
        assert placed.status == 200, placed.data
        return int(placed.headers["X-MBX-ORDER-COUNT-10S"])

    async def meet(self, price: str, quantity: str = "1") -> None:
        await self.client.limit("bob", "SELL", quantity, price)

    async def cancel(self, price: str) -> None:
        every = await self.client.call("alice", "GET", "/api/v3/openOrders", symbol="BTCUSDT")
        (order,) = [each for each in every if each["price"].startswith(price)]
        await self.client.call("alice", "DELETE", PATH, symbol="BTCUSDT", orderId=order["orderId"])

    async def count(self, name: str = "alice") -> list[int]:
        """Of the last ten seconds and of the day."""
        return [each["count"] for each in await self.client.call(name, "GET", "/api/v3/rateLimit/order")]


async def aligned(client: Client, period_ms: int) -> None:
    await asyncio.sleep((period_ms - client.now_ms % period_ms) / 1000)


async def test_example_1_taker(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        trader = Trader(client)
        await trader.meet("60000")
        await aligned(client, 10_000)
        assert await trader.place() == 1
        assert await trader.place("60000", "2") == 2
        assert await trader.count() == [1, 1]  # B is partially filled
        assert await trader.place() == 2
        for _ in range(2):
            await trader.meet("60000", "0.5")
            assert await trader.count() == [2, 2]
        await trader.meet("61000")
        assert await trader.place("", type="MARKET", timeInForce="") == 3
        assert await trader.count() == [2, 2]


async def test_example_2_maker(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        trader = Trader(client)
        await aligned(client, 10_000)
        told = [await trader.place(price, "2") for price in ("60005", "60004", "60003", "60002", "60001")]
        assert told == [1, 2, 3, 4, 5]
        await trader.meet("60005")
        assert await trader.count() == [0, 0]
        assert [await trader.place(), await trader.place()] == [1, 2]
        await trader.meet("60005", "0.5")
        await trader.meet("60005", "0.5")
        assert await trader.count() == [2, 2]
        await trader.meet("60004")
        assert await trader.count() == [0, 0]  # and no credit
        assert await trader.place() == 1
        assert await trader.count("bob") == [0, 0]


async def test_example_of_canceled_and_expired_orders(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        trader = Trader(client)
        await trader.meet("60000")
        await aligned(client, 10_000)
        assert await trader.place("50001") == 1
        await trader.cancel("50001")
        assert await trader.count() == [1, 1]
        assert await trader.place() == 2
        assert await trader.place("60000", timeInForce="FOK") == 3
        assert await trader.count() == [2, 2]
        assert await trader.place("50002") == 3
        assert await trader.place("60000", timeInForce="FOK") == 4
        assert await trader.count() == [4, 4]
        await trader.cancel("50002")
        assert await trader.count() == [4, 4]
        assert await trader.place() == 5


@pytest.mark.virtual(timeout=200_000)
async def test_fills_of_yesterdays_orders_count_today(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        trader = Trader(client)
        await aligned(client, 86_400_000)
        for _ in range(5):
            await trader.place("60000")
        await aligned(client, 86_400_000)
        assert await trader.count() == [0, 0]
        for _ in range(10):
            await trader.place()
        await asyncio.sleep(60)
        assert await trader.count() == [0, 10]
        await trader.meet("60000")
        assert await trader.count() == [0, 5]


async def test_who_trades_may_go_on_trading(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        trader = Trader(client)
        await client.limit("bob", "SELL", "1", "60000")
        await aligned(client, 10_000)
        for _ in range(150):
            assert await trader.place("60000", "0.001") == 1
        for _ in range(100):
            await trader.place("50000", "0.001")
        late = await client.signed("alice", "POST", PATH, symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.001")
        assert (late.status, late.data["code"]) == (429, -1015)
