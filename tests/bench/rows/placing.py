"""The row of placing: an order placed and cancelled over loopback, 32 at a time, against a venue in another process.

Rules: the CPU time is this process's, so the venue's own is nobody's. All sign: ours through `execute_buy` and
`execute_cancel` with quantizing, limits, tracking and events; ccxt through `create_order` and `cancel_order` with its
limiter off; bare aiohttp sends bytes that were signed before, and reads the answer as bytes.
"""

import asyncio
import atexit
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any

import aiohttp
from yarl import URL

from exconn.model import OrderType
from exconn.testing.cases.modes import Mode

from .. import ours, peers
from ..measure import Contender
from ..row import Goal, Row

TOGETHER, TURNS, SLOW = 32, 2, 5
NOTE = (
    "Market.execute_buy and execute_cancel; aiohttp's session alone with signed bytes; ccxt's create and cancel_order"
)
_NUMBERS = count(1)
Pair = Callable[[], Awaitable[None]]


def rows() -> Iterator[Row]:
    bare, peer = Contender("bare aiohttp", _run(_bare), 1, SLOW), Contender("ccxt", _run(_ccxt), 1, SLOW)
    yield Row("place and cancel", Contender("exconn", _run(_ours), 1, SLOW), (Goal(1.25, bare), Goal(0.42, peer)), NOTE)


def _run(make: Callable[[], Pair]) -> Callable[[int], float]:
    async def several() -> float:
        pair = make()

        async def some() -> None:
            for _ in range(TURNS):
                await pair()

        await asyncio.gather(*(pair() for _ in range(TOGETHER)))  # opens the connections
        begun = process_time()
        await asyncio.gather(*(some() for _ in range(TOGETHER)))
        return (process_time() - begun) / (TOGETHER * TURNS)

    def run(operations: int) -> float:
        spent: float = ours.waited(several())
        return spent

    return run


@cache
def venue() -> str:
    """The origin of the venue, which ends with this process."""
    root = Path(__file__).parents[3]
    words = [sys.executable, "-m", "tests.bench.venue"]
    process = subprocess.Popen(words, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    atexit.register(_end, process)
    return f"http://127.0.0.1:{process.stdout.readline().strip()}"


def _end(process: "subprocess.Popen[str]") -> None:
    process.communicate()


@cache
def _market() -> Any:
    hosts = {"rest": venue(), "ws": venue().replace("http", "ws")}
    return ours.new_market(ours.codec(Mode.MEMORY), hosts=hosts)


def _ours() -> Pair:
    market, amount, price = _market(), Decimal(1), Decimal(50000)

    async def pair() -> None:
        client_id = f"x-bench-{next(_NUMBERS):08}"
        await market.execute_buy(client_id, ours.PAIR, amount, OrderType.LIMIT, price)
        assert await market.execute_cancel(ours.PAIR, client_id) == client_id

    return pair


@cache
def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


def _bare() -> Pair:
    session = _session()
    target = ours.signed_order(_market(), Decimal(1), Decimal(50000)).target
    placing, canceling = venue() + target, venue() + target.replace("new", "orig")
    headers = {"X-MBX-APIKEY": "a-key"}

    async def pair() -> None:
        async with session.post(URL(placing, encoded=True), headers=headers) as answer:
            await answer.read()
        async with session.delete(URL(canceling, encoded=True), headers=headers) as answer:
            await answer.read()

    return pair


def _ccxt() -> Pair:
    exchange = peers.pro()
    exchange.urls["api"]["private"] = f"{venue()}/api/v3"

    async def pair() -> None:
        name = {"newClientOrderId": f"x-bench-{next(_NUMBERS):08}"}
        placed = await exchange.create_order(peers.SYMBOL, "limit", "buy", 1, 50000, name)
        await exchange.cancel_order(placed["id"], peers.SYMBOL)

    return pair


def close() -> None:
    """Close what was opened."""
    if _market.cache_info().currsize:
        ours.waited(_market().stop())
    if _session.cache_info().currsize:
        ours.waited(_session().close())
