"""The Kraken dialect over real loopback connections, and a client of some lines that signs as Kraken's page says."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from exconn.sandbox import Dialect, Opening, Sandbox, Secrets, load_dialect
from exconn.sandbox.serving import serve

FILE = Path(__file__).parents[3] / "exchanges" / "kraken.dialect.yaml"
SECRET = base64.b64encode(b"a secret of this test, never used for real, of some length").decode()
RICH = {"USD": Decimal(10**6), "BTC": Decimal(10), "ETH": Decimal(100)}


class Client:
    """One account's client."""

    def __init__(self, port: int, session: aiohttp.ClientSession, sandbox: Sandbox, key: str = "key-alice") -> None:
        self.port, self.session, self.sandbox, self.key = port, session, sandbox, key
        self.nonce = time.time_ns()

    async def public(self, name: str, /, method: str = "GET", **params: Any) -> Any:
        """A public request: the whole reply."""
        where = {"params": params} if method == "GET" else {"data": params}
        url = f"http://127.0.0.1:{self.port}/0/public/{name}"
        async with self.session.request(method, url, **where) as reply:
            assert reply.status == 200
            return json.loads(await reply.text(), parse_float=Decimal)

    async def private(self, name: str, /, *, as_json: bool = False, **fields: Any) -> Any:
        """A signed request: the whole reply."""
        self.nonce += 1
        path, fields = f"/0/private/{name}", {"nonce": str(self.nonce), **fields}
        body = json.dumps(fields) if as_json else urlencode(fields)
        kind = "application/json" if as_json else "application/x-www-form-urlencoded"
        headers = {"API-Key": self.key, "API-Sign": sign(path, str(fields["nonce"]), body), "Content-Type": kind}
        return await self.post(path, headers, body)

    async def post(self, path: str, headers: dict[str, str], body: str) -> Any:
        async with self.session.post(f"http://127.0.0.1:{self.port}{path}", headers=headers, data=body) as reply:
            assert reply.status == 200
            return json.loads(await reply.text(), parse_float=Decimal)

    async def place(self, side: str, volume: str, price: str | None = None, **more: Any) -> Any:
        """An order on BTC/USD."""
        fields = {"pair": "XBTUSD", "type": side, "volume": volume, "ordertype": "limit" if price else "market"}
        return await self.private("AddOrder", **fields, **({"price": price} if price else {}), **more)

    @asynccontextmanager
    async def stream(self) -> AsyncIterator["Stream"]:
        async with self.session.ws_connect(f"http://127.0.0.1:{self.port}/v2") as socket:
            stream = Stream(socket)
            assert (await stream.next())["channel"] == "status"
            yield stream


class Stream:
    """A websocket, heartbeats aside."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def send(self, method: str, req_id: int | None = None, **params: Any) -> None:
        frame = {"method": method} | ({} if req_id is None else {"req_id": req_id})
        if method != "ping":  # which has none
            frame["params"] = params
        await self.socket.send_str(json.dumps(frame))

    async def next(self) -> Any:
        while True:
            frame = json.loads(await self.socket.receive_str(timeout=20), parse_float=Decimal)
            if frame.get("channel") != "heartbeat":
                return frame

    async def ask(self, method: str, req_id: int | None = None, **params: Any) -> Any:
        await self.send(method, req_id, **params)
        return await self.next()


def sign(path: str, nonce: str, body: str, secret: str = SECRET) -> str:
    """HMAC-SHA512 of path and SHA256(nonce + body), by the secret's bytes."""
    digest = hashlib.sha256((nonce + body).encode()).digest()
    return base64.b64encode(
        hmac.new(base64.b64decode(secret), path.encode() + digest, hashlib.sha512).digest()
    ).decode()


@cache
def _dialect() -> Dialect:
    """Read once: reading it takes longer than most tests."""
    return load_dialect(FILE.read_bytes(), FILE.name)


Open = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def kraken() -> Open:
    """Opens the exchange, without life or a made past unless asked; gives alice's client. Bob is as rich."""

    @asynccontextmanager
    async def open_it(**options: Any) -> AsyncIterator[Client]:
        accounts = [Opening(name, f"key-{name}", Secrets(SECRET), dict(RICH)) for name in ("alice", "bob")]
        settings = {"now_ns": time.time_ns, "token": "t", "life_every": None} | options
        dialect = _dialect()
        venue = replace(dialect.venue, past_days=settings.pop("past_days", 0))
        sandbox = Sandbox(replace(dialect, venue=venue), accounts, **settings)
        async with serve(sandbox) as port, aiohttp.ClientSession() as session:
            yield Client(port, session, sandbox)

    return open_it
