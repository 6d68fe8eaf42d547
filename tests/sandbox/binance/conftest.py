"""The sandbox as Binance in virtual time, and a client that signs by the documents' own few lines."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from yarl import URL

from exconn.sandbox import Dialect, Opening, Sandbox, Secrets, load_dialect
from exconn.testing.virtual import World

FILE = Path(__file__).parents[3] / "exchanges" / "binance.dialect.yaml"
HOST = "api.exchange.example"
KEYS = {
    "alice": "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
    "bob": "bobPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8B",
}
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"


@dataclass(frozen=True)
class Reply:
    """One reply, taken apart."""

    status: int
    headers: dict[str, str]
    data: Any


def mac(payload: str, secret: str = SECRET) -> str:
    """HMAC SHA256 in hex, as rest-api.md signs."""
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


@dataclass
class Stream:
    """A websocket of a client; frames that are not the answer asked for are kept."""

    socket: aiohttp.ClientWebSocketResponse
    number: int = 0
    events: list[Any] = field(default_factory=list)

    async def next(self) -> Any:
        message = await self.socket.receive()
        return json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else self.socket.close_code

    async def rest(self, seconds: float) -> None:
        """Listen for so long; what comes is kept in `events`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.socket.closed:
                    self.events.append(await self.next())

    async def ask(self, method: str, params: Any = None, **more: Any) -> Any:
        """A request, and its answer; events before it are kept in `events`."""
        self.number += 1
        frame = {"id": self.number, "method": method, **({} if params is None else {"params": params}), **more}
        await self.socket.send_str(json.dumps(frame))
        while (answer := await self.next()) is None or answer.get("id") != frame["id"]:
            self.events.append(answer)
        return answer

    async def until(self, fits: Callable[[Any], bool]) -> Any:
        """The next frame that fits."""
        while not fits(frame := await self.next()):
            pass
        return frame


class Client:
    """A running sandbox, and whoever asks it."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox, self.session, self.keys = sandbox, session, KEYS

    @property
    def now_ms(self) -> int:
        return self.sandbox.now_ns() // 1_000_000

    async def send(self, method: str, target: str, headers: dict[str, str] | None = None, body: str = "") -> Reply:
        url = URL(f"https://{HOST}{target}", encoded=True)
        async with self.session.request(method, url, headers=headers, data=body.encode() or None) as reply:
            return Reply(reply.status, dict(reply.headers), await reply.json())

    async def get(self, target: str) -> Any:
        return (await self.send("GET", target)).data

    async def signed(self, name: str, method: str, path: str, **params: Any) -> Reply:
        """A signed request, all in the query."""
        query = urlencode({"timestamp": self.now_ms, **params})
        target = f"{path}?{query}&signature={mac(query)}"
        return await self.send(method, target, {"X-MBX-APIKEY": KEYS[name]})

    async def call(self, name: str, method: str, path: str, **params: Any) -> Any:
        return (await self.signed(name, method, path, **params)).data

    async def limit(self, name: str, side: str, quantity: str, price: str, **more: Any) -> Any:
        order = {"symbol": "BTCUSDT", "side": side, "type": "LIMIT", "timeInForce": "GTC", **more}
        return await self.call(name, "POST", "/api/v3/order", quantity=quantity, price=price, **order)

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[Stream]:
        async with self.session.ws_connect(f"wss://{HOST}{path}") as socket:
            yield Stream(socket)

    def params(self, name: str, **params: Any) -> dict[str, Any]:
        """Signed parameters of a frame."""
        return self.sign({"apiKey": KEYS[name], "timestamp": self.now_ms, **params})

    def sign(self, every: dict[str, Any]) -> dict[str, Any]:
        """As web-socket-api.md signs: by name, joined."""
        return {**every, "signature": mac("&".join(f"{key}={every[key]}" for key in sorted(every)))}

    async def log(self) -> list[dict[str, Any]]:
        reply = await self.send("GET", "/_exconn/log", {"X-Exconn-Token": "token"})
        entries: list[dict[str, Any]] = reply.data["entries"]
        return entries


@pytest.fixture(scope="session")
def shipped() -> Dialect:
    return load_dialect(FILE.read_bytes(), FILE.name)


@pytest.fixture(scope="session")
def binance(shipped: Dialect) -> Dialect:
    """Without a made past, so that all candles are a test's own."""
    return replace(shipped, venue=replace(shipped.venue, past_days=0))


OpenExchange = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def open_exchange(virtual_world: World, binance: Dialect) -> OpenExchange:
    """Opens a sandbox without life, unless `life_every` is given."""

    @asynccontextmanager
    async def open_it(**options: Any) -> AsyncIterator[Client]:
        funds = {"USDT": Decimal(1_000_000), "BTC": Decimal(10), "ETH": Decimal(100)}
        secrets = options.pop("secrets", {})
        accounts = [
            Opening("alice", KEYS["alice"], Secrets(secrets.get("alice", SECRET)), funds),
            Opening("bob", KEYS["bob"], Secrets(SECRET), {**funds, "BNB": Decimal(100)}),
        ]
        settings: dict[str, Any] = {"now_ns": virtual_world.wall_ns, "token": "token", "life_every": None}
        sandbox = Sandbox(options.pop("dialect", binance), accounts, hosts=(HOST,), **(settings | options))
        await virtual_world.network.serve(f"https://{HOST}", sandbox.app)
        async with aiohttp.ClientSession(connector=virtual_world.connector()) as session:
            yield Client(sandbox, session)

    return open_it
