"""A trading floor in virtual time: the sandbox on the memory network, and a Market that trades on it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from aiohttp import web

from exconn.codec import Codec
from exconn.compile import compile_spec
from exconn.market import Market, Surroundings
from exconn.model import MarketEvent, OrderBookEvent
from exconn.sandbox.dialect import Dialect, load_dialect
from exconn.sandbox.interference import Interference
from exconn.sandbox.keys import Opening
from exconn.sandbox.server import Sandbox
from exconn.sandbox.signatures import Secrets
from exconn.shipped import find
from exconn.spec import read_spec
from exconn.testing.virtual import Latency, Link, Route, VirtualClock, World

SECRET = "a-secret-of-tests"
HOLDINGS = {"USDT": Decimal(100_000), "BTC": Decimal(5), "ETH": Decimal(50), "MXT": Decimal(1000)}
ORIGINS = ("https://api.myexchange.example", "wss://stream.myexchange.example")
ENDS = {
    MarketEvent.BuyOrderCompleted,
    MarketEvent.SellOrderCompleted,
    MarketEvent.OrderCancelled,
    MarketEvent.OrderExpired,
    MarketEvent.OrderFailure,
}


@dataclass
class Floor:
    """One sandbox, one market, and everything that the market told."""

    world: World
    sandbox: Sandbox
    market: Market
    told: list[tuple[Any, Any]] = field(default_factory=list)
    listeners: list[Callable[[Any], None]] = field(default_factory=list)

    def listen(self) -> None:
        for tag in (*MarketEvent, *OrderBookEvent):
            listener = partial(self._note, tag)
            self.listeners.append(listener)
            self.market.add_listener(tag, listener)

    def _note(self, tag: Any, event: Any) -> None:
        self.told.append((tag, event))

    def events(self, order_id: str) -> list[tuple[str, Any]]:
        """(name, event) of everything told of one order."""
        return [(tag.name, event) for tag, event in self.told if getattr(event, "order_id", None) == order_id]

    def names(self, order_id: str) -> list[str]:
        return [name for name, _ in self.events(order_id)]

    def ledger(self) -> dict[str, Any]:
        account: dict[str, Any] = self.sandbox.state()["accounts"]["alice"]
        return account

    def differences(self) -> list[str]:
        """What the market told otherwise than the sandbox's own ledger, in words; [] when all agrees."""
        ledger, found = self.ledger(), []
        fills = sorted((fill["trade_id"], Decimal(fill["amount"]), Decimal(fill["price"])) for fill in ledger["fills"])
        seen = [event for tag, event in self.told if tag is MarketEvent.OrderFilled]
        if sorted((event.exchange_trade_id, event.amount, event.price) for event in seen) != fills:
            found.append(f"fills: {len(seen)} told, {len(fills)} in the ledger")
        ended = [event.order_id for tag, event in self.told if tag in ENDS]
        found += [f"{order_id}: ended twice" for order_id in dict.fromkeys(ended) if ended.count(order_id) > 1]
        for order in ledger["orders"]:
            is_open = order["state"] in ("open", "new", "partial")
            if is_open == (order["client_id"] in ended):
                found.append(f"{order['client_id']}: {order['state']} in the ledger")
        for asset, held in ledger["balances"].items():
            if Decimal(held["total"]) != self.market.get_balance(asset):
                found.append(f"{asset}: {self.market.get_balance(asset)} told, {held['total']} in the ledger")
        return found


OpenFloor = Callable[..., AbstractAsyncContextManager[Floor]]


@asynccontextmanager
async def _open_floor(
    codec: Codec,
    dialect: Dialect,
    world: World,
    *,
    secret: str = SECRET,
    rights: tuple[str, ...] = ("read", "trade"),
    interference: Interference | None = None,
    clock: VirtualClock | None = None,
    is_alive: bool = False,
    is_ready: bool = True,
    pairs: tuple[str, ...] = ("BTC-USDT", "ETH-USDT"),
    **options: Any,
) -> AsyncIterator[Floor]:
    opening = Opening("alice", "a-key", Secrets(SECRET), HOLDINGS, rights)
    hosts = [origin.partition("://")[2] for origin in ORIGINS]
    sandbox = Sandbox(
        dialect, [opening], now_ns=world.wall_ns, token="t", seed=world.seed, hosts=hosts, interference=interference
    )
    sandbox.alive = is_alive
    runner = web.AppRunner(sandbox.app, access_log=None)
    await runner.setup()
    for origin in ORIGINS:
        await world.network.serve(origin, runner)
    way = Link(Latency(0.005, 0.03))
    world.network.set_route(Route(up=way, down=way))
    source = world.fork("market")
    surroundings = Surroundings((clock or world).wall_ns, world.time, source, lambda: f"{source.getrandbits(128):032x}")
    credentials = {"api_key": "a-key", "secret_key": secret}
    market = Market(codec, pairs, credentials, surroundings=surroundings, connector=world.connector, **options)
    floor = Floor(world, sandbox, market)
    floor.listen()
    try:
        await market.start()
        if is_ready:
            await market.wait_ready(30)
        yield floor
    finally:
        await market.stop()
        await runner.cleanup()


@pytest.fixture(scope="session")
def codec() -> Codec:
    return compile_spec(read_spec(find("myexchange", ".yaml")))


@pytest.fixture(scope="session")
def dialect() -> Dialect:
    path = find("myexchange", ".dialect.yaml")
    return load_dialect(path.read_bytes(), path.name)


@pytest.fixture
def open_floor(codec: Codec, dialect: Dialect, virtual_world: World) -> OpenFloor:
    """`async with open_floor(...) as floor`, in the test's virtual world."""
    return partial(_open_floor, codec, dialect, virtual_world)
