"""ccxt.pro: one client for many exchanges, REST and websocket; every address of its own is turned to the sandbox.

It speaks of pairs and assets in names of its own, so the walk's names are looked up among its markets.
"""

import asyncio
import os
from decimal import Decimal
from typing import Any

import ccxt.pro
from walk import Fill, Funds, Levels, Place, levels, run
from yarl import URL


class Client:
    def __init__(self, place: Place, api: Any) -> None:
        self.place_, self.api = place, api
        self.market = api.markets_by_id[place.symbol][0]
        self.symbol, self.names = self.market["symbol"], {}
        for asset in (place.base, place.quote):
            self.names[api.safe_currency_code(asset)] = asset
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})
        self.tasks: list[asyncio.Task[None]] = []

    async def time(self) -> float:
        return (await self.api.fetch_time()) / 1000

    async def rules(self) -> tuple[Decimal, Decimal]:
        return tuple(Decimal(str(self.market["precision"][name])) for name in ("price", "amount"))

    async def book(self) -> Levels:
        book = await self.api.fetch_order_book(self.symbol, 100)
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        told = await self.api.fetch_balance()
        return {
            asset: Funds(Decimal(told[name]["total"]), Decimal(told[name]["used"]))
            for name, asset in self.names.items()
        }

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        order = await self.api.create_order(self.symbol, "limit", side, float(amount), float(price))
        return order["id"]

    async def open_orders(self) -> set[str]:
        return {order["id"] for order in await self.api.fetch_open_orders(self.symbol)}

    async def cancel(self, order_id: str) -> None:
        await self.api.cancel_order(order_id, self.symbol)

    async def fills(self, order_id: str) -> list[Fill]:
        return [
            Fill(
                Decimal(trade["price"]),
                Decimal(trade["amount"]),
                Decimal(trade["fee"]["cost"]),
                self.names[trade["fee"]["currency"]],
            )
            for trade in await self.api.fetch_my_trades(self.symbol)
            if trade["order"] == order_id
        ]

    async def listen_to_orders(self) -> None:
        def hear(orders: Any) -> None:
            words = {"open": "open", "canceled": "canceled", "closed": "filled"}
            self.told |= {(order["id"], words[order["status"]]) for order in orders if order["status"] in words}

        self.tasks.append(asyncio.create_task(forever(self.api.watch_orders, hear)))

    async def listen_to_book(self) -> None:
        heard, symbol = asyncio.Event(), self.symbol
        # it keeps whole books, and in order, which takes numbers
        self.books = turned(type(self.api)({"newUpdates": False}), self.place_)
        await self.books.load_markets()

        def hear(book: Any) -> None:
            for name, kept in (("bids", self.heard.bids), ("asks", self.heard.asks)):
                now = {Decimal(str(level[0])): Decimal(str(level[1])) for level in book[name]}
                kept.update({price: Decimal(0) for price in kept.keys() - now.keys()} | now)
            heard.set()

        self.tasks.append(asyncio.create_task(forever(lambda: self.books.watch_order_book(symbol), hear)))
        await asyncio.wait_for(heard.wait(), 10)

    async def ask_with_a_wrong_secret(self) -> object:
        secret, self.api.secret = self.api.secret, self.place_.wrong_secret
        try:
            return await self.api.fetch_balance()
        finally:
            self.api.secret = secret

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.books.close()
        await self.api.close()


async def forever(watch: Any, hear: Any) -> None:
    """Hear all that is told."""
    while True:
        hear(await watch())


def turned(api: Any, place: Place) -> Any:
    """The client with the sandbox in place of every host; paths stay."""

    def turn(urls: Any) -> Any:
        if isinstance(urls, dict):
            return {name: turn(url) for name, url in urls.items()}
        origin = place.http if URL(urls).scheme == "https" else place.ws
        return f"{origin}{URL(urls).raw_path.rstrip('/')}"

    api.urls["api"] = turn(api.urls["api"])
    return api


async def make(place: Place) -> Client:
    kind = getattr(ccxt.pro, os.environ["STRANGER_EXCHANGE"])
    api = kind({"apiKey": place.key, "secret": place.secret, "number": str, "newUpdates": True})
    await turned(api, place).load_markets()
    return Client(place, api)


run(make)
