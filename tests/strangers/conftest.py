"""Exchanges for strangers in one process: the shipped dialects on real loopback sockets, and ccxt pointed at them.

Rules:
- The market has a book and stands still, so that all that happens is what a test does.
- A client is told nothing but its keys and where the exchange is; every address of its own is turned to the sandbox.
"""

import base64
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ccxt.async_support
import ccxt.pro
import pytest
from yarl import URL

from exconn.sandbox import Dialect, Opening, Sandbox, Secrets, load_dialect
from exconn.sandbox.engine import Balance, Fill, Order
from exconn.sandbox.serving import serve
from exconn.shipped import find

EXCHANGES = ("binance", "kraken")
SECRET = base64.b64encode(b"a secret of these tests, used nowhere else").decode()
FUNDS = {asset: Decimal(100_000) for asset in ("USDT", "USD", "BTC", "ETH")}
PAIR, SYMBOL = "BTC/USDT", "BTC-USDT"
PATIENCE = 10.0  # seconds for what is told by a stream


@dataclass
class Venue:
    """One exchange with alice and bob, and the clients that were made for it."""

    sandbox: Sandbox
    port: int
    opened: AsyncExitStack

    async def client(self, *, pro: bool = False, name: str = "alice", **settings: Any) -> Any:
        """A ccxt client of an account, its markets loaded; its numbers are texts, so that no digit is lost."""
        kind = getattr(ccxt.pro if pro else ccxt.async_support, self.sandbox.dialect.name)
        client = kind({"apiKey": f"key-{name}", "secret": SECRET, "number": str, "enableRateLimit": False, **settings})
        self.opened.push_async_callback(client.close)
        client.urls["api"] = _turned(client.urls["api"], self.port)
        await client.load_markets()
        return client

    def best(self) -> tuple[Decimal, Decimal]:
        """The best bid and the best ask."""
        book = self.sandbox.exchange.book(SYMBOL, 1)
        return book.bids[0][0], book.asks[0][0]

    @property
    def tick(self) -> Decimal:
        instrument = self.sandbox.exchange.instrument(SYMBOL)
        assert instrument is not None
        return instrument.tick

    @property
    def subscriptions(self) -> int:
        """How many there are, of all connections."""
        return sum(len(connection.seats.topics) for connection in self.sandbox.connections)

    def balance(self, asset: str, name: str = "alice") -> Balance:
        return self.sandbox.exchange.balances(name)[asset]

    def orders(self, name: str = "alice", *, open_only: bool = False) -> list[Order]:
        return list(self.sandbox.exchange.orders(name, open_only=open_only))

    def fills(self, name: str = "alice") -> list[Fill]:
        return list(self.sandbox.exchange.fills(name))


def _turned(urls: Any, port: int) -> Any:
    """Addresses with the sandbox in place of their hosts; paths stay."""
    if isinstance(urls, dict):
        return {name: _turned(url, port) for name, url in urls.items()}
    scheme = {"https": "http", "wss": "ws"}[URL(urls).scheme]
    return f"{scheme}://127.0.0.1:{port}{URL(urls).raw_path.rstrip('/')}"


def money(text: Any) -> Decimal:
    """What a client says of money, which must be a text."""
    assert isinstance(text, str), f"{text!r} is no text"
    return Decimal(text)


@pytest.fixture(scope="session", params=EXCHANGES)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    path = find(request.param, ".dialect.yaml")
    return load_dialect(path.read_bytes(), path.name)


@pytest.fixture
async def venue(dialect: Dialect) -> AsyncIterator[Venue]:
    accounts = [Opening(name, f"key-{name}", Secrets(SECRET), FUNDS) for name in ("alice", "bob")]
    sandbox = Sandbox(dialect, accounts, now_ns=time.time_ns, token="t")
    sandbox.alive = False
    async with serve(sandbox) as port, AsyncExitStack() as opened:
        yield Venue(sandbox, port, opened)
