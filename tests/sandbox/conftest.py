"""A sandbox in virtual time with three accounts, and clients that sign by their own few lines.

What a sandbox says loudly fails the test; one that means it clears `caplog`.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from exconn.sandbox import Dialect, Opening, Sandbox, Secrets, load_dialect
from exconn.testing.virtual import World

FILE = Path(__file__).parents[2] / "exchanges" / "myexchange.dialect.yaml"
HOST = "api.myexchange.example"
TOKEN = "the-token"
SECRET = "demo-secret-never-used-for-real"
NAMES = ("alice", "bob", "carol")


@dataclass(frozen=True)
class Reply:
    """One reply, taken apart."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def code(self) -> Any:
        return json.loads(self.text)["code"]

    @property
    def msg(self) -> Any:
        return json.loads(self.text)["msg"]

    @property
    def data(self) -> Any:
        assert list(json.loads(self.text)) == ["code", "msg", "data"]
        return json.loads(self.text)["data"]


def sign(secret: str, *pieces: str) -> str:
    """The page's signature, over pieces joined by line feeds."""
    return base64.b64encode(hmac.new(secret.encode(), "\n".join(pieces).encode(), hashlib.sha512).digest()).decode()


@dataclass
class Stream:
    """A websocket of a client. The answers of `ask` are waited for; events before them are kept."""

    socket: aiohttp.ClientWebSocketResponse
    frames: list[Any] = field(default_factory=list)

    async def send(self, frame: Any) -> None:
        await self.socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))

    async def next(self) -> Any:
        """The next frame; the close code, once it is closed."""
        message = await self.socket.receive()
        return json.loads(message.data) if message.type is aiohttp.WSMsgType.TEXT else self.socket.close_code

    async def ask(self, frame: Any) -> Any:
        await self.send(frame)
        return await self.next()


class Bench:
    """A running sandbox and its clients."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox, self.session = sandbox, session
        self._nonce = 0

    @property
    def now_ms(self) -> int:
        return self.sandbox.now_ns() // 1_000_000

    async def send(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Reply:
        url = URL(f"https://{HOST}{target}", encoded=True)
        async with self.session.request(method, url, headers=headers, data=body or None) as reply:
            return Reply(reply.status, dict(reply.headers), await reply.text())

    async def get(self, target: str) -> Reply:
        return await self.send("GET", target)

    def headers(self, name: str, method: str, target: str, body: bytes = b"", **changes: str | None) -> dict[str, str]:
        """The headers of a signed request; `changes` (time, nonce, window, sign, key) replace or, by None, drop one."""
        self._nonce += 1
        texts = {"time": str(self.now_ms), "nonce": str(self._nonce), "key": f"key-{name}", **changes}
        digest = hashlib.sha256(body).hexdigest()
        signed = sign(SECRET, str(texts["time"]), str(texts["nonce"]), method, HOST, target, digest)
        texts.setdefault("sign", signed)
        headers = {f"MX-{field.upper()}": text for field, text in texts.items() if text is not None}
        return {**headers, "Content-Type": "application/json"} if body else headers

    async def call(self, name: str, method: str, target: str, body: Any = None, **changes: str | None) -> Reply:
        """A signed request. `body` is bytes, or an object to be written as JSON."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return await self.send(method, target, self.headers(name, method, target, data, **changes), data)

    async def place(self, name: str, client_id: str, side: str, size: str, price: str | None, **more: str) -> Reply:
        order = {"symbol": "USDT_BTC", "side": side, "size": size, "client_id": client_id, **more}
        order.setdefault("type", "limit" if price else "market")
        return await self.call(name, "POST", "/v1/orders", order | ({"price": price} if price else {}))

    @asynccontextmanager
    async def stream(self, path: str) -> AsyncIterator[Stream]:
        async with self.session.ws_connect(f"wss://{HOST}{path}") as socket:
            yield Stream(socket)

    def login(self, name: str, **changes: Any) -> dict[str, Any]:
        """A login frame."""
        self._nonce += 1
        fields = {"key": f"key-{name}", "time": self.now_ms, "nonce": self._nonce, **changes}
        fields.setdefault("sign", sign(SECRET, str(fields["time"]), str(fields["nonce"]), "LOGIN"))
        return {"op": "login", **fields}

    async def control(self, method: str, path: str, body: Any = None, token: str = TOKEN) -> Reply:
        data = b"" if body is None else json.dumps(body).encode()
        return await self.send(method, f"/_exconn/{path}", {"X-Exconn-Token": token}, data)


@pytest.fixture(autouse=True)
def nothing_failed(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    said = [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in said if record.name.startswith("exconn.sandbox")] == []


@pytest.fixture(scope="session")
def dialect() -> Dialect:
    return load_dialect(FILE.read_bytes(), FILE.name)


@pytest.fixture(scope="session")
def dialect_text() -> str:
    return FILE.read_text()


EditDialect = Callable[[Mapping[str, str]], Dialect]


@pytest.fixture(scope="session")
def edit_dialect(dialect_text: str) -> EditDialect:
    """Loads the dialect with some pieces of its text, each of which must be there, replaced once."""

    def edit(edits: Mapping[str, str]) -> Dialect:
        text = dialect_text
        for before, after in edits.items():
            assert before in text, before
            text = text.replace(before, after, 1)
        return load_dialect(text.encode(), "edited.yaml")

    return edit


OpenBench = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def open_bench(virtual_world: World, dialect: Dialect) -> OpenBench:
    """Opens a sandbox without life, unless `life_every` is given; the accounts have the funds of the page's session."""

    @asynccontextmanager
    async def open_it(**options: Any) -> AsyncIterator[Bench]:
        funds = {"USDT": Decimal(20000), "BTC": Decimal("0.5"), "MXT": Decimal(10)}
        rich = {"USDT": Decimal(10**7), "BTC": Decimal(100), "ETH": Decimal(1000), "MXT": Decimal(10**6)}
        rights = options.pop("rights", ("read", "trade"))
        accounts = [
            Opening(name, f"key-{name}", Secrets(SECRET), funds if name == "alice" else rich, rights) for name in NAMES
        ]
        settings: dict[str, Any] = {"now_ns": virtual_world.wall_ns, "token": TOKEN, "life_every": None}
        sandbox = Sandbox(dialect, accounts, hosts=(HOST,), **(settings | options))
        await virtual_world.network.serve(f"https://{HOST}", sandbox.app)
        async with aiohttp.ClientSession(connector=virtual_world.connector()) as session:
            yield Bench(sandbox, session)

    return open_it
