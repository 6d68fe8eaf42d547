"""python-binance: its asynchronous client, user events by its signed subscription, the book by its stream."""

import asyncio
from decimal import Decimal
from typing import Any

from binance import AsyncClient, BinanceSocketManager
from binance_answers import fills, funds, hear_book, hear_order, steps
from walk import Fill, Funds, Levels, Place, levels, run


class Client:
    def __init__(self, place: Place, api: AsyncClient) -> None:
        self.place_, self.api, self.sockets = place, api, BinanceSocketManager(api)
        self.sockets.STREAM_URL = f"{place.ws}/"
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})
        self.tasks: list[asyncio.Task[None]] = []

    async def time(self) -> float:
        return (await self.api.get_server_time())["serverTime"] / 1000

    async def rules(self) -> tuple[Decimal, Decimal]:
        return steps(await self.api.get_symbol_info(self.place_.symbol))

    async def book(self) -> Levels:
        book = await self.api.get_order_book(symbol=self.place_.symbol)
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        return funds(await self.api.get_account())

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        order = {"symbol": self.place_.symbol, "price": str(price), "quantity": str(amount)}
        placed = await (self.api.order_limit_buy if side == "buy" else self.api.order_limit_sell)(**order)
        return str(placed["orderId"])

    async def open_orders(self) -> set[str]:
        return {str(row["orderId"]) for row in await self.api.get_open_orders(symbol=self.place_.symbol)}

    async def cancel(self, order_id: str) -> None:
        await self.api.cancel_order(symbol=self.place_.symbol, orderId=int(order_id))

    async def fills(self, order_id: str) -> list[Fill]:
        return fills(await self.api.get_my_trades(symbol=self.place_.symbol, orderId=int(order_id)))

    async def listen_to_orders(self) -> None:
        await self._listen(self.sockets.user_socket(), lambda event: hear_order(self.told, event))

    async def listen_to_book(self) -> None:
        socket = self.sockets.depth_socket(self.place_.symbol, interval=100)
        await self._listen(socket, lambda event: hear_book(self.heard, event))

    async def _listen(self, socket: Any, hear: Any) -> None:
        opened = asyncio.Event()

        async def listen() -> None:
            async with socket:
                opened.set()
                while True:
                    hear(await socket.recv())

        self.tasks.append(asyncio.create_task(listen()))
        waiting = asyncio.create_task(opened.wait())
        await asyncio.wait({waiting, self.tasks[-1]}, return_when=asyncio.FIRST_COMPLETED)
        if not opened.is_set():
            waiting.cancel()
            await self.tasks[-1]

    async def ask_with_a_wrong_secret(self) -> object:
        other = at(self.place_, self.place_.wrong_secret)
        try:
            return await other.get_account()
        finally:
            await other.close_connection()

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.api.close_connection()


def at(place: Place, secret: str) -> AsyncClient:
    """The client, turned to the address."""
    api = AsyncClient(place.key, secret)
    api.API_URL = f"{place.http}/api"
    api.ws_api._url = f"{place.ws}/ws-api/v3"
    return api


async def make(place: Place) -> Client:
    return Client(place, at(place, place.secret))


run(make)
