"""ccxt.pro hears each step by websocket: the book and the user's orders, fills and balances, as the ledger has them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from .conftest import PAIR, PATIENCE, Venue, money


class Ear:
    """All that a stream told, in rows; `told` waits until it is enough."""

    def __init__(self, watch: Callable[[], Awaitable[Any]], read: Callable[[Any], Any]) -> None:
        self.watch, self.read, self.rows, self.news = watch, read, [], asyncio.Event()
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        try:
            while True:
                # what is told is one object that grows: it is read at once, before the client hears more
                self.rows.append(self.read(await self.watch()))
                self.news.set()
        finally:
            self.news.set()

    async def told(self, enough: Callable[[Any], bool]) -> Any:
        """The first row that is enough. TimeoutError when none comes; what ended the stream, when that did."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [row for row in self.rows if enough(row)]):
                if self.task.done():
                    await self.task
                self.news.clear()
                await self.news.wait()
            return found[0]


@asynccontextmanager
async def listening(venue: Venue, *ears: Ear) -> AsyncIterator[None]:
    """The ears listen for the block, which begins once the exchange has a subscription."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not venue.subscriptions and not ears[0].task.done():  # noqa: ASYNC110 - no one is told of them
                await asyncio.sleep(0.005)
        yield
    finally:
        for ear in ears:
            ear.task.cancel()
        await asyncio.gather(*(ear.task for ear in ears), return_exceptions=True)


def tops(book: Any) -> tuple[list[float], list[float]]:
    return [*map(float, book["bids"][0][:2])], [*map(float, book["asks"][0][:2])]


async def test_the_book_is_kept(venue: Venue) -> None:
    # a book of texts cannot be kept in order
    client, trader = await venue.client(pro=True, number=float), await venue.client(name="bob")
    bid, ask = venue.best()
    price = bid + venue.tick
    assert price < ask
    book = Ear(lambda: client.watch_order_book(PAIR, 10), tops)
    async with listening(venue, book):
        placed = await trader.create_order(PAIR, "limit", "buy", 0.01, float(price))
        bids, asks = await book.told(lambda sides: sides[0][0] == float(price))
        assert (bids[1], asks[0]) == (0.01, float(ask))
        book.rows.clear()
        await trader.cancel_order(placed["id"], PAIR)
        await book.told(lambda sides: sides[0][0] == float(bid))
        book.rows.clear()
        await trader.create_order(PAIR, "limit", "buy", 0.5, float(ask + 50))
        bids, asks = await book.told(lambda sides: sides[1][0] > float(ask))
    assert [bids[0], asks[0]] == [float(price) for price in venue.best()]


async def test_orders_and_fills_are_told(venue: Venue) -> None:
    client = await venue.client(pro=True, newUpdates=True)
    bid, ask = venue.best()
    orders = Ear(
        lambda: client.watch_orders(),  # of any symbol: an exchange may name it in an order's first event alone
        lambda rows: {(row["id"], row["status"], money(row["filled"] or "0")) for row in rows},
    )
    fills = Ear(
        lambda: client.watch_my_trades(),
        lambda rows: {(row["id"], row["order"], *map(money, (row["price"], row["amount"]))) for row in rows},
    )
    async with listening(venue, orders, fills):
        resting = (await client.create_order(PAIR, "limit", "buy", 0.01, float(bid - 5)))["id"]
        await orders.told(lambda rows: (resting, "open", Decimal(0)) in rows)
        await client.cancel_order(resting, PAIR)
        await orders.told(lambda rows: (resting, "canceled", Decimal(0)) in rows)
        crossing = (await client.create_order(PAIR, "limit", "buy", 0.75, float(ask + 100)))["id"]
        await orders.told(lambda rows: (crossing, "closed", Decimal("0.75")) in rows)
        due = {(crossing, fill.price, fill.amount) for fill in venue.fills()}
        assert sum(amount for _, _, amount in due) == Decimal("0.75")
        await fills.told(lambda _: due == {row[1:] for rows in fills.rows for row in rows})


async def test_balances_are_told(venue: Venue) -> None:
    client = await venue.client(pro=True)
    _, ask = venue.best()
    balances = Ear(
        lambda: client.watch_balance(),
        lambda told: {asset: told[asset]["total"] for asset in ("BTC", "USDT")},
    )
    async with listening(venue, balances):
        await client.create_order(PAIR, "limit", "buy", 0.75, float(ask + 100))
        due = {asset: venue.balance(asset).total for asset in ("BTC", "USDT")}
        assert due["BTC"] > 100_000 and due["USDT"] < 100_000
        await balances.told(lambda told: {asset: Decimal(text) for asset, text in told.items()} == due)
