"""Deadlines of placing and changing orders, as AddOrder's and add_order's pages have them, in virtual time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from exconn.sandbox import Opening, Sandbox, Secrets, load_dialect
from exconn.testing.virtual import World

from .conftest import FILE, RICH, SECRET, Client

ELAPSED = "EService:Deadline elapsed"
MALFORMED = "EGeneral:Invalid arguments:deadline"


@asynccontextmanager
async def opened(world: World) -> AsyncIterator[Client]:
    account = Opening("alice", "key-alice", Secrets(SECRET), dict(RICH))
    dialect = load_dialect(FILE.read_bytes(), FILE.name)
    sandbox = Sandbox(dialect, [account], now_ns=world.wall_ns, token="t", life_every=None)
    await world.network.serve("http://127.0.0.1:8000", sandbox.app)
    async with aiohttp.ClientSession(connector=world.connector()) as session:
        yield Client(8000, session, sandbox)


def after(world: World, seconds: float) -> str:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=world.wall_ns() // 1000 + seconds * 1e6)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# seconds from now to the deadline (None: none is sent), seconds that the request is held, and the error
HELD: list[tuple[float | None, float, str | None]] = [
    (10, 9.9, None),
    (10, 10.1, ELAPSED),
    (None, 4.9, None),
    (None, 5.1, ELAPSED),
    (59, 58, None),
]


@pytest.mark.parametrize(("seconds", "delay", "error"), HELD)
async def test_an_order_that_was_held(
    virtual_world: World, seconds: float | None, delay: float, error: str | None
) -> None:
    async with opened(virtual_world) as client:
        fault = {"fault": "accepted_late", "delay": str(delay)}
        url, headers = f"http://127.0.0.1:{client.port}/_exconn/fault", {"X-Exconn-Token": "t"}
        assert (await client.session.post(url, json=fault, headers=headers)).status == 200
        deadline = {} if seconds is None else {"deadline": after(virtual_world, seconds)}
        reply = await client.place("buy", "1", "50000", **deadline)
        assert reply["error"] == ([] if error is None else [error])
        assert len(client.sandbox.exchange.orders("alice")) == (error is None)


# at REST 2 s to 60 s ahead, over the websocket 500 ms to 60 s; beside them what is over, and what is no moment
RANGE: list[tuple[Any, str | None, str | None]] = [
    (2.5, None, None),
    (1.5, MALFORMED, None),
    (0.4, MALFORMED, MALFORMED),
    (59.5, None, None),
    (60.5, MALFORMED, MALFORMED),
    (-0.1, ELAPSED, ELAPSED),
    ("soon", MALFORMED, MALFORMED),
]


@pytest.mark.parametrize(("seconds", "rest", "socket"), RANGE)
async def test_the_range_of_deadlines(virtual_world: World, seconds: Any, rest: str | None, socket: str | None) -> None:
    async with opened(virtual_world) as client, client.stream() as stream:
        token = (await client.private("GetWebSocketsToken"))["result"]["token"]

        def deadline() -> str:
            return seconds if isinstance(seconds, str) else after(virtual_world, seconds)

        order = {"ordertype": "limit", "type": "buy", "volume": "0.1", "price": "49000"}
        batch = {"pair": "XBTUSD", "orders": [order, order]}
        errors = [] if rest is None else [rest]
        assert (await client.place("buy", "1", "50000", deadline=deadline()))["error"] == errors
        assert (await client.private("AddOrderBatch", as_json=True, deadline=deadline(), **batch))["error"] == errors
        (txid,) = (await client.place("buy", "1", "50000"))["result"]["txid"]
        amended = await client.private("AmendOrder", txid=txid, order_qty="0.5", deadline=deadline())
        assert amended["error"] == errors
        edited = await client.private("EditOrder", txid=txid, pair="XBTUSD", volume="0.4", deadline=deadline())
        assert edited["error"] == errors
        limit = {"side": "buy", "order_type": "limit", "order_qty": 0.1, "limit_price": 49000}
        common = {"token": token, "symbol": "BTC/USD"}
        placed = await stream.ask("add_order", deadline=deadline(), **common, **limit)
        assert placed.get("error") == socket
        listed = await stream.ask("batch_add", deadline=deadline(), orders=[limit, limit], **common)
        assert listed.get("error") == socket
        order_id = (await stream.ask("add_order", **common, **limit))["result"]["order_id"]
        change = {"token": token, "order_id": order_id, "order_qty": 0.2}
        assert (await stream.ask("amend_order", deadline=deadline(), **change)).get("error") == socket
        changed = await stream.ask("edit_order", deadline=deadline(), symbol="BTC/USD", **change)
        assert changed.get("error") == socket
