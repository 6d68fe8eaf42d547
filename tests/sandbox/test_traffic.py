"""Random traffic over HTTP on all four pairs, while the market lives, judged by clients that know only the page.

Every account listens to its private frames and every book to its diffs. From those alone are held: the order of frames,
every fee by the formula of section 7.2, balances and fills against REST, each book by the rule of section 8.3 against
the exchange's own book at the sequence that it claims; and over all accounts nothing is made or lost.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Context, Decimal
from functools import partial
from itertools import pairwise
from typing import Any, Protocol

import aiohttp
import pytest

from exconn.testing.virtual import World

D = Decimal
NAMES = ("alice", "bob", "carol")
PAIRS = {
    "USDT_BTC": ("65000", "0.01"),
    "USDT_ETH": ("3250", "0.1"),
    "BTC_ETH": ("0.05", "0.1"),
    "USDT_MXT": ("0.5", "20"),
}
TICKS = {"USDT_BTC": "0.01", "USDT_ETH": "0.01", "BTC_ETH": "0.00001", "USDT_MXT": "0.0001"}
RATES = {"maker": D("0.0008"), "taker": D("0.0010")}
KINDS = [("limit", "GTC")] * 4 + [("limit", "IOC"), ("limit", "FOK"), ("post_only", "GTC"), ("market", "IOC")]
WIDE = Context(prec=200)


@dataclass
class Hearing:
    """All frames of one websocket, from its subscription on, read as they come."""

    frames: list[Any] = field(default_factory=list)

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            self.frames.append(json.loads(message.data))


@dataclass
class Account:
    """One account as its frames tell it: balances, orders, fills, and what was available in MXT before each fill."""

    funds: dict[str, D]
    orders: dict[str, Any] = field(default_factory=dict)
    fills: list[Any] = field(default_factory=list)
    tokens: list[D] = field(default_factory=list)

    def hear(self, frames: list[Any]) -> None:
        last = 0
        for before, frame in zip([None, *frames], frames, strict=False):
            assert frame["ts"] >= last
            last = frame["ts"]
            getattr(self, f"_{frame['topic']}")(frame["data"], before)

    def _fills(self, data: Any, before: Any) -> None:
        self.fills.append(data)
        self.tokens.append(self.funds.get("MXT", D(0)))

    def _orders(self, data: Any, before: Any) -> None:
        known = self.orders.get(data["order_id"])
        self.orders[data["order_id"]] = data
        if known is None:
            assert (data["state"], data["filled"], data["reason"]) == ("new", "0", None)
            return
        assert known["state"] in ("new", "partial")
        mine = [fill for fill in self.fills if fill["order_id"] == data["order_id"]]
        assert D(data["filled"]) == sum((D(fill["size"]) for fill in mine), D(0)) >= D(known["filled"])
        assert D(data["filled_quote"]) == sum((D(fill["size"]) * D(fill["price"]) for fill in mine), D(0))
        if before["topic"] == "fills":
            assert before["data"]["order_id"] == data["order_id"]
            assert data["state"] == ("filled" if D(data["filled"]) == D(data["size"]) else "partial")
        else:
            assert data["state"] == "cancelled"

    def _balances(self, data: Any, before: Any) -> None:
        assert before["topic"] == "orders"
        assert [row["asset"] for row in data] == sorted({row["asset"] for row in data})
        for row in data:
            assert D(row["total"]) == D(row["available"]) + D(row["held"])
            assert min(D(row["available"]), D(row["held"])) >= 0
            self.funds[row["asset"]] = D(row["available"])

    def check_fees(self, last: "LastPrice") -> set[tuple[str, bool]]:
        """Every fee by the page's formula; gives the quote assets met, each with whether the token paid."""
        met = set[tuple[str, bool]]()
        for fill, tokens in zip(self.fills, self.tokens, strict=True):
            worth_before = partial(last, before=int(fill["trade_id"]))
            assert (D(fill["fee"]), fill["fee_asset"]) == fee_of(fill, worth_before, tokens), fill
            met.add((fill["symbol"].partition("_")[0], fill["fee_asset"] == "MXT"))
        return met

    def earned(self, start: dict[str, D]) -> dict[str, D]:
        """What the account must have in all, of what it began with and its fills alone."""
        have = dict(start)
        for fill in self.fills:
            quote, _, base = fill["symbol"].partition("_")
            sign = 1 if fill["side"] == "bid" else -1
            changes = (base, sign * D(fill["size"])), (quote, -sign * D(fill["size"]) * D(fill["price"]))
            for asset, change in (*changes, (fill["fee_asset"], -D(fill["fee"]))):
                have[asset] = have.get(asset, D(0)) + change
        return have


def fee_of(fill: Any, last: Callable[[str], D | None], tokens: D) -> tuple[D, str]:
    """Section 7.2: `last` gives last prices before the fill, `tokens` is the MXT available before it."""
    quote, _, base = fill["symbol"].partition("_")
    value, rate = D(fill["price"]) * D(fill["size"]), RATES[fill["liquidity"]]
    worth, price = D(1) if quote == "USDT" else last(f"USDT_{quote}"), last("USDT_MXT")
    if worth is not None and price is not None:
        fee = up(WIDE.divide(value * rate * D("0.75") * worth, price))
        if fee <= tokens:
            return fee, "MXT"
    received, asset = (D(fill["size"]), base) if fill["side"] == "bid" else (value, quote)
    return up(received * rate), asset


def up(value: D) -> D:
    return value.quantize(D("0.00000001"), ROUND_CEILING, WIDE)


class BookClient:
    """Section 8.3, by the letter."""

    def __init__(self) -> None:
        self.seq: int | None = None
        self.sides: dict[str, dict[D, D]] = {}
        self.kept: list[Any] = []
        self.applied = 0

    def hear(self, frame: Any) -> None:
        if self.seq is None:
            self.kept.append(frame)
        elif frame["last"] > self.seq:
            assert frame["first"] == self.seq + 1 or (not self.applied and frame["first"] <= self.seq)
            self.apply(frame)

    def start(self, snapshot: Any) -> bool:
        """Step 2 and 3; False when the snapshot is too old and must be asked for again."""
        if self.kept and snapshot["seq"] + 1 < self.kept[0]["first"]:
            return False
        self.seq = snapshot["seq"]
        self.sides = {side: {D(p): D(s) for p, s in snapshot[side]} for side in ("bids", "asks")}
        fresh = [frame for frame in self.kept if frame["last"] > snapshot["seq"]]
        assert not fresh or fresh[0]["first"] <= snapshot["seq"] + 1 <= fresh[0]["last"]
        for before, frame in pairwise(fresh):
            assert frame["first"] == before["last"] + 1
        for frame in fresh:
            self.apply(frame)
        return True

    def apply(self, frame: Any) -> None:
        for side in ("bids", "asks"):
            prices = [D(price) for price, _ in frame[side]]
            assert len(prices) == len(set(prices))
            for price, size in frame[side]:
                self.sides[side][D(price)] = D(size)
                if not D(size):
                    del self.sides[side][D(price)]
        self.seq = frame["last"]
        self.applied += 1
        if self.sides["bids"] and self.sides["asks"]:
            assert max(self.sides["bids"]) < min(self.sides["asks"])


class Traffic:
    """Random requests of three accounts, and what they came to."""

    def __init__(self, bench: Any, seed: int) -> None:
        self.bench, self.random = bench, random.Random(seed)
        self.codes: dict[int, int] = {}
        self.ids: list[str] = []

    async def run(self, steps: int) -> None:
        for number in range(steps):
            name = self.random.choice(NAMES)
            symbol = self.random.choice([*PAIRS][: 3 if name == "alice" else 4])  # alice never earns the fees' token
            dice = self.random.random()
            if dice < 0.8:
                reply = await self.bench.call(name, "POST", "/v1/orders", self.order(symbol, number))
            elif dice < 0.98 and self.ids:
                reply = await self.bench.call(name, "DELETE", f"/v1/orders?client_id={self.random.choice(self.ids)}")
            else:
                reply = await self.bench.call(name, "DELETE", f"/v1/orders/all?symbol={symbol}")
            self.codes[reply.code] = self.codes.get(reply.code, 0) + 1
            assert reply.code in (0, 2009, 2010, 2011, 2012, 2013, 2014, 2015), reply.text
            if reply.code:
                assert json.loads(reply.text)["data"] is None
            await asyncio.sleep(self.random.choice((0.02, 0.05, 0.2)))

    def order(self, symbol: str, number: int) -> dict[str, str]:
        middle, size = (D(text) for text in PAIRS[symbol])
        kind, tif = self.random.choice(KINDS)
        self.ids.append(f"c-{number}")
        order = {
            "symbol": symbol,
            "side": self.random.choice(("bid", "ask")),
            "type": kind,
            "size": f"{size * self.random.randint(1, 30) / 10 + size:f}",
            "client_id": self.ids[-1],
            "tif": tif,
        }
        if kind != "market":
            price = middle * (1 + D(self.random.randint(-20, 20)) / 10_000)
            order["price"] = f"{price.quantize(D(TICKS[symbol])):f}"
        return order


async def everything(bench: Any, name: str) -> list[Any]:
    """All fills of an account, by pages."""
    found: list[Any] = []
    cursor = ""
    while True:
        page = (await bench.call(name, "GET", f"/v1/fills?limit=7{cursor}")).data
        found += page["items"]
        assert len(page["items"]) == 7 or page["next"] is None
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"
        await asyncio.sleep(0.3)


@asynccontextmanager
async def listening(bench: Any, path: str, topics: list[str], name: str | None) -> AsyncIterator[Hearing]:
    hearing = Hearing()
    async with bench.stream(path) as stream:
        if name is not None:
            assert (await stream.ask(bench.login(name)))["code"] == 0
        assert (await stream.ask({"op": "subscribe", "topics": topics, "id": 1}))["code"] == 0
        task = asyncio.create_task(hearing.listen(stream.socket))
        try:
            yield hearing
        finally:
            task.cancel()


def poor_in_tokens(bench: Any) -> dict[str, dict[str, D]]:
    """Leave little MXT, so that some fees can be paid in it and some cannot; gives what each account begins with."""
    exchange = bench.sandbox.exchange
    for name, left in (("alice", D(2)), ("bob", D(60))):
        exchange.withdraw(name, "MXT", exchange.balances(name)["MXT"].total - left, bench.sandbox.now_ns())
    return {name: {asset: each.total for asset, each in exchange.balances(name).items()} for name in NAMES}


def totals(bench: Any) -> dict[str, D]:
    """The sum of each asset over the clients and the house."""
    sums: dict[str, D] = {}
    for name in (*NAMES, "house"):
        for asset, balance in bench.sandbox.exchange.balances(name).items():
            sums[asset] = sums.get(asset, D(0)) + balance.total
    return sums


@pytest.mark.parametrize("seed", range(3))
async def test_traffic(open_bench: Any, virtual_world: World, seed: int) -> None:
    alive = seed % 2 == 0
    async with open_bench(life_every=0.1 if alive else None, seed=seed) as bench, AsyncExitStack() as stack:
        start, before = poor_in_tokens(bench), totals(bench)
        private = {
            name: await stack.enter_async_context(
                listening(bench, "/v1/private", ["orders", "fills", "balances"], name)
            )
            for name in NAMES
        }
        books = [f"book:{symbol}" for symbol in PAIRS]
        public = await stack.enter_async_context(listening(bench, "/v1/public", books, None))
        tape = await stack.enter_async_context(
            listening(bench, "/v1/public", [f"trades:{symbol}" for symbol in PAIRS], None)
        )
        traffic, snapshots = Traffic(bench, seed), dict[str, Any]()
        await traffic.run(100)
        for symbol in PAIRS:
            snapshots[symbol] = len(public.frames), (await bench.get(f"/v1/book?symbol={symbol}&depth=1000")).data
        await traffic.run(100)
        bench.sandbox.alive = False
        await asyncio.sleep(0.5)

        assert {0, 2010, 2012, 2015} <= set(traffic.codes)
        assert alive or totals(bench) == before  # a living market trades with the clients, and is topped up
        last, paid_in = last_prices(tape.frames), set[tuple[str, bool]]()
        for name, hearing in private.items():
            account = Account(dict(start[name]))
            account.hear(hearing.frames)
            paid_in |= account.check_fees(last)
            await compare_with_rest(bench, name, account)
            assert account.earned(start[name]) == await totals_of(bench, name)
        assert {("USDT", True), ("USDT", False), ("BTC", True)} <= paid_in
        await compare_books(bench, public.frames, snapshots)


class LastPrice(Protocol):
    """The last price of a symbol before a trade."""

    def __call__(self, symbol: str, before: int) -> D | None: ...


def last_prices(frames: list[Any]) -> LastPrice:
    trades = sorted((int(t["trade_id"]), f["symbol"], D(t["price"])) for f in frames for t in f["trades"])
    assert len({number for number, _, _ in trades}) == len(trades)

    def last(symbol: str, before: int) -> D | None:
        return next((price for number, of, price in reversed(trades) if of == symbol and number < before), None)

    return last


async def compare_with_rest(bench: Any, name: str, account: Account) -> None:
    rows = (await bench.call(name, "GET", "/v1/balances")).data
    assert {row["asset"]: D(row["available"]) for row in rows} == account.funds
    times = {"created", "updated", "time"}
    for order_id, told in account.orders.items():
        shown = (await bench.call(name, "GET", f"/v1/orders/one?order_id={order_id}")).data
        assert {k: v for k, v in shown.items() if k not in times} == {k: v for k, v in told.items() if k not in times}
        assert (shown["created"], shown["updated"]) == (told["created"] // 1000, told["updated"] // 1000)
        await asyncio.sleep(0.11)
    fills = await everything(bench, name)
    assert [{k: v for k, v in fill.items() if k != "time"} for fill in fills] == account.fills
    opened = (await bench.call(name, "GET", "/v1/orders/open")).data
    assert [o["order_id"] for o in opened] == [k for k, o in account.orders.items() if o["state"] in ("new", "partial")]


async def totals_of(bench: Any, name: str) -> dict[str, D]:
    return {row["asset"]: D(row["total"]) for row in (await bench.call(name, "GET", "/v1/balances")).data}


async def compare_books(bench: Any, frames: list[Any], snapshots: dict[str, Any]) -> None:
    for symbol, (heard, snapshot) in snapshots.items():
        client = BookClient()
        for frame in frames[:heard]:
            if frame["symbol"] == symbol:
                client.hear(frame)
        assert client.start(snapshot)
        compared = 0
        for frame in frames[heard:]:
            if frame["symbol"] == symbol:
                client.hear(frame)
                true = json.loads((await bench.control("GET", f"book?symbol={symbol}&seq={client.seq}")).text)
                for side in ("bids", "asks"):
                    assert {D(p): D(s) for p, s in true[side]} == client.sides[side]
                compared += 1
        assert compared > 0
