"""The walk that each client takes through an exchange: the same steps and the same questions, whatever the client.

Rules:
- Runs in the client's own environment, so it needs Python alone. `walk.mjs` is the same walk for clients of node.
- A client's script has one class that answers in plain words: ids as texts, money as Decimal, books as {price: size}.
  What the client has no way of doing raises NotOffered with what it lacks.
- Where the exchange is, with which keys, and what to trade, comes by the environment.
- One line of JSON a step on stdout: `{"step": ..., "result": "ok" | "not offered" | "FAILED", "why": ...}`.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

PATIENCE = 10.0  # seconds that a stream has to tell a step
WORTH = 200  # of the quote asset, an order


class NotOffered(Exception):
    """The client has no way of doing this step; the text says what it lacks."""


class Fill(NamedTuple):
    """One fill of an order, as the client reads it."""

    price: Decimal
    amount: Decimal
    fee: Decimal
    fee_asset: str


class Levels(NamedTuple):
    """A book: sizes by price."""

    bids: dict[Decimal, Decimal]
    asks: dict[Decimal, Decimal]


class Funds(NamedTuple):
    """What an account has of an asset, and what of it its open orders hold."""

    total: Decimal
    held: Decimal


@dataclass(frozen=True)
class Place:
    """Where the client trades: the exchange's address, the keys, and the exchange's names of what is traded."""

    http: str = field(default_factory=lambda: os.environ["STRANGER_HTTP"])
    ws: str = field(default_factory=lambda: os.environ["STRANGER_WS"])
    key: str = field(default_factory=lambda: os.environ["STRANGER_KEY"])
    secret: str = field(default_factory=lambda: os.environ["STRANGER_SECRET"])
    wrong_secret: str = field(default_factory=lambda: os.environ["STRANGER_WRONG_SECRET"])
    refusal: str = field(default_factory=lambda: os.environ["STRANGER_REFUSAL"])
    symbol: str = field(default_factory=lambda: os.environ["STRANGER_SYMBOL"])
    stream_symbol: str = field(default_factory=lambda: os.environ["STRANGER_STREAM_SYMBOL"])
    base: str = field(default_factory=lambda: os.environ["STRANGER_BASE"])
    quote: str = field(default_factory=lambda: os.environ["STRANGER_QUOTE"])


class Client(Protocol):
    """What a client's script gives. `told` grows by (order id, word), the words being open, canceled and filled."""

    told: set[tuple[str, str]]
    heard: Levels  # what the book stream said, sizes of 0 included

    async def time(self) -> float: ...  # seconds
    async def rules(self) -> tuple[Decimal, Decimal]: ...  # the steps of prices and of sizes
    async def book(self) -> Levels: ...
    async def balances(self) -> dict[str, Funds]: ...
    async def place(self, side: str, price: Decimal, amount: Decimal) -> str: ...
    async def open_orders(self) -> set[str]: ...
    async def cancel(self, order_id: str) -> None: ...
    async def fills(self, order_id: str) -> list[Fill]: ...
    async def listen_to_orders(self) -> None: ...
    async def listen_to_book(self) -> None: ...
    async def ask_with_a_wrong_secret(self) -> object: ...  # what it answered, or raises
    async def close(self) -> None: ...


@dataclass
class Walk:
    """One walk. What a step finds out is kept for those behind it."""

    client: Client
    place: Place = field(default_factory=Place)
    silent: dict[str, str] = field(default_factory=dict)  # stream -> why nothing comes by it

    def __post_init__(self) -> None:
        self.price_step = self.size_step = Decimal(0)
        self.resting = self.crossing = ""
        self.levels = Levels({}, {})
        self.before: dict[str, Funds] = {}

    async def time(self) -> None:
        away = abs(await self.client.time() - time.time())
        expect(away < 5, f"its time is {away:.3f} s away")

    async def rules(self) -> None:
        self.price_step, self.size_step = await self.client.rules()
        expect(self.price_step > 0 and self.size_step > 0, f"steps {self.price_step} and {self.size_step}")

    async def book(self) -> None:
        self.levels = await self.client.book()
        expect(0 < max(self.levels.bids) < min(self.levels.asks), f"a crossed book: {self.levels}")

    async def balances(self) -> None:
        self.before = await self.client.balances()
        expect(self.before[self.place.quote].total > 10 * WORTH, f"{self.before}")
        expect(self.before[self.place.quote].held == 0, f"{self.before}")

    async def place_resting(self) -> None:
        await self._listen("user stream", self.client.listen_to_orders)
        await self._listen("book stream", self.client.listen_to_book)
        self.price = max(self.levels.bids) + self.price_step
        if self.price >= min(self.levels.asks):
            self.price -= self.price_step
        self.amount = stepped(WORTH / self.price, self.size_step)
        self.resting = await self.client.place("buy", self.price, self.amount)
        expect(bool(self.resting), "no order id")

    async def open_orders(self) -> None:
        found = await self.client.open_orders()
        expect(found == {self.resting}, f"open are {found}, placed was {self.resting!r}")
        funds = (await self.client.balances())[self.place.quote]
        expect(funds.held >= self.price * self.amount, f"the order holds nothing: {funds}")
        expect(funds.total == self.before[self.place.quote].total, f"{funds} of {self.before[self.place.quote]}")

    async def cancel(self) -> None:
        if "book stream" not in self.silent:  # or the level may come and go between two frames
            await self._until(lambda: self.client.heard.bids.get(self.price) == self._at_price(self.amount))
        await self.client.cancel(self.resting)
        expect(await self.client.open_orders() == set(), "the order is still open")
        expect(await self.client.balances() == self.before, "cancelling does not free the funds")

    async def crossing_fill(self) -> None:
        ask = min((await self.client.book()).asks)
        price = stepped(ask * Decimal("1.01"), self.price_step)
        self.amount = stepped(WORTH / price, self.size_step)
        self.crossing = await self.client.place("buy", price, self.amount)
        expect(await self.client.open_orders() == set(), "the order did not fill")

    async def my_trades(self) -> None:
        fills = await self.client.fills(self.crossing)
        expect(sum(fill.amount for fill in fills) == self.amount, f"{fills} are not {self.amount}")
        expect(all(fill.fee > 0 for fill in fills), f"no fees: {fills}")
        due = {asset: funds.total for asset, funds in self.before.items()}
        for fill in fills:
            due[self.place.base] = due.get(self.place.base, Decimal(0)) + fill.amount
            due[self.place.quote] -= fill.price * fill.amount
            due[fill.fee_asset] -= fill.fee
        now = {asset: funds.total for asset, funds in (await self.client.balances()).items()}
        expect(now == due, f"balances are {now}, the fills make {due}")

    async def user_stream(self) -> None:
        due = {(self.resting, "open"), (self.resting, "canceled"), (self.crossing, "filled")}
        self._speaks("user stream")
        await self._until(lambda: due <= self.client.told)
        expect(due <= self.client.told, f"told {sorted(self.client.told)}, due {sorted(due)}")

    async def book_stream(self) -> None:
        self._speaks("book stream")
        due = self._at_price(Decimal(0))
        await self._until(lambda: self.client.heard.bids.get(self.price, Decimal(0)) == due)
        expect(self.price in self.client.heard.bids, f"the order's level was not told: {self.client.heard.bids}")
        expect(self.client.heard.bids[self.price] == due, f"{self.client.heard.bids[self.price]} is left, not {due}")

    async def wrong_secret(self) -> None:
        try:
            answer = await self.client.ask_with_a_wrong_secret()
        except NotOffered:
            raise
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        expect(self.place.refusal in str(answer), f"answered {str(answer)[:300]!r}")

    def _at_price(self, amount: Decimal) -> Decimal:
        return self.levels.bids.get(self.price, Decimal(0)) + amount

    def _speaks(self, stream: str) -> None:
        if stream in self.silent:
            raise NotOffered(self.silent[stream]) if self.silent[stream] else AssertionError("nothing came")

    async def _listen(self, stream: str, listen: Callable[[], Awaitable[None]]) -> None:
        try:
            await listen()
        except NotOffered as lack:
            self.silent[stream] = str(lack)

    async def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition() and time.monotonic() < end:  # noqa: ASYNC110 - clients set no event of ours
            await asyncio.sleep(0.01)


STEPS: tuple[tuple[str, Callable[[Walk], Awaitable[None]], str], ...] = (  # name, doing, the step that it needs
    ("time", Walk.time, ""),
    ("rules", Walk.rules, ""),
    ("book", Walk.book, ""),
    ("balances", Walk.balances, ""),
    ("place resting", Walk.place_resting, "book"),
    ("open orders", Walk.open_orders, "place resting"),
    ("cancel", Walk.cancel, "place resting"),
    ("crossing fill", Walk.crossing_fill, "rules"),
    ("my trades", Walk.my_trades, "crossing fill"),
    ("user stream", Walk.user_stream, "crossing fill"),
    ("book stream", Walk.book_stream, "cancel"),
    ("wrong secret", Walk.wrong_secret, ""),
)


def expect(holds: bool, otherwise: str) -> None:
    """AssertionError with what was found instead, unless it holds."""
    if not holds:
        raise AssertionError(otherwise)


def stepped(number: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of a step that is not above the number."""
    return number // step * step


def levels(bids: Any, asks: Any) -> Levels:
    """A book from rows that begin with price and size, as most exchanges send them."""
    return Levels(*({Decimal(str(row[0])): Decimal(str(row[1])) for row in side} for side in (bids, asks)))


async def _walk(make: Callable[[Place], Awaitable[Client]]) -> None:
    walk = Walk(await make(Place()))
    results: dict[str, str] = {}
    for name, do, needs in STEPS:
        results[name], why = "ok", ""
        try:
            if needs and results[needs] != "ok":
                raise AssertionError(f"needs {needs}")
            await asyncio.wait_for(do(walk), 3 * PATIENCE)
        except NotOffered as lack:
            results[name], why = "not offered", str(lack)
        except Exception as error:
            results[name], why = "FAILED", f"{type(error).__name__}: {error}"
        print(json.dumps({"step": name, "result": results[name], "why": why}), flush=True)
    await walk.client.close()


def run(make: Callable[[Place], Awaitable[Client]]) -> None:
    """Walk with the client that `make` makes, and print what became of each step."""
    asyncio.run(_walk(make))
