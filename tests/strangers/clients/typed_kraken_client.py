"""typed-kraken: it believes no answer that is not of the types and words of Kraken's documents, down to each field."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import Any

from typed_kraken.core import base
from typed_kraken.main import Kraken
from walk import Fill, Funds, Levels, Place, levels, run

WORDS = {"new": "open", "canceled": "canceled", "filled": "filled"}


def kraken(place: Place, secret: str) -> Kraken:
    """A client for the sandbox; where it connects to is a constant of its own."""
    base.SPOT_API_URL, base.SPOT_WS_URL, base.SPOT_WS_AUTH_URL = place.http, f"{place.ws}/v2", f"{place.ws}/v2"
    return Kraken.new(api_key=place.key, private_key=secret)


class Client:
    def __init__(self, place: Place, client: Kraken) -> None:
        self.place_, self.client = place, client
        self.account, self.market, self.trading = client.spot.account, client.spot.market_data, client.spot.trading
        self.listening: list[asyncio.Task[None]] = []
        self.told: set[tuple[str, str]] = set()
        self.heard = Levels({}, {})

    async def time(self) -> float:
        return float((await self.market.time())["unixtime"])

    async def rules(self) -> tuple[Decimal, Decimal]:
        (pair,) = (await self.market.asset_pairs(pair=self.place_.symbol)).values()
        return pair["tick_size"], Decimal(1).scaleb(-pair["lot_decimals"])

    async def book(self) -> Levels:
        (book,) = (await self.market.depth(self.place_.symbol, count=100)).values()
        return levels(book["bids"], book["asks"])

    async def balances(self) -> dict[str, Funds]:
        rows = await self.account.balance_ex()
        return {asset: Funds(row["balance"], row["hold_trade"]) for asset, row in rows.items()}

    async def place(self, side: str, price: Decimal, amount: Decimal) -> str:
        order = {"order_type": "limit", "side": side, "symbol": self.place_.stream_symbol}
        placed = await self.client.trading_ws.add_order(
            {**order, "order_qty": float(amount), "limit_price": float(price), "fee_preference": "quote"}
        )
        return str(placed["order_id"])

    async def open_orders(self) -> set[str]:
        return set((await self.account.open_orders(trades=True))["open"])

    async def cancel(self, order_id: str) -> None:
        assert (await self.trading.cancel_order(order_id))["count"] == 1
        closed = await self.account.closed_orders(trades=True, closetime="open")
        assert closed["closed"][order_id]["reason"] == "User requested"

    async def fills(self, order_id: str) -> list[Fill]:
        rows = (await self.account.trades_history())["trades"].values()
        return [
            Fill(row["price"], row["vol"], row["fee"], self.place_.quote)
            for row in rows
            if row["ordertxid"] == order_id
        ]

    async def listen_to_orders(self) -> None:
        await self._listen(self.client.streams.private.executions(snap_trades=True), self._hear_order)

    async def listen_to_book(self) -> None:
        await self._listen(self.client.streams.market_data.book([self.place_.stream_symbol]), self._hear_book)

    async def _listen(self, stream: AbstractAsyncContextManager[AsyncIterator[Any]], hear: Any) -> None:
        begun = asyncio.Event()

        async def listen() -> None:
            async with stream as frames:
                begun.set()
                async for frame in frames:
                    for row in frame["data"]:
                        hear(row)

        self.listening.append(asyncio.create_task(listen()))
        await asyncio.wait([asyncio.create_task(begun.wait()), self.listening[-1]], return_when="FIRST_COMPLETED")

    def _hear_order(self, row: Any) -> None:
        if row["exec_type"] in WORDS:
            self.told.add((row["order_id"], WORDS[row["exec_type"]]))

    def _hear_book(self, row: Any) -> None:
        for side, kept in (("bids", self.heard.bids), ("asks", self.heard.asks)):
            kept.update((Decimal(str(at["price"])), Decimal(str(at["qty"]))) for at in row[side])

    async def ask_with_a_wrong_secret(self) -> object:
        async with kraken(self.place_, self.place_.wrong_secret) as other:
            return await other.spot.account.balance()

    async def close(self) -> None:
        for task in self.listening:
            task.cancel()
        await asyncio.gather(*self.listening, return_exceptions=True)
        await self.client.__aexit__(None, None, None)


async def make(place: Place) -> Client:
    return Client(place, await kraken(place, place.secret).__aenter__())


run(make)
