"""Faults for the tests of guarantees: what comes between the sandbox and its client, one fault after the other.

Rules: `meddler.on(method, path, fault, ...)` does these to the next requests there, then leaves the exchange alone;
`held` holds requests of an endpoint in the exchange's queue, `frames` stands between a channel and its subscribers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from aiohttp import web

from exconn.model import OrderType
from exconn.sandbox.engine import Kind, NewOrder, Side
from exconn.sandbox.interference import Delivery, Frame, Undisturbed

Answer: TypeAlias = Callable[[], Awaitable[web.StreamResponse]]
Fault: TypeAlias = Callable[[web.Request, Answer], Awaitable[web.StreamResponse]]
PAIR = "BTC-USDT"
PLACE, CANCEL, LOOK = ("POST", "/v1/orders"), ("DELETE", "/v1/orders"), ("GET", "/v1/orders/one")
FILLS, BALANCES, RULES = ("GET", "/v1/fills"), ("GET", "/v1/balances"), ("GET", "/v1/symbols")


class Meddler(Undisturbed):
    """`met`: the paths with queries of all that came to a place with faults, by (method, path), with their times."""

    def __init__(self) -> None:
        self.met: dict[tuple[str, str], list[float]] = {}
        self.held: dict[str, list[float]] = {}
        self.muted: frozenset[str] = frozenset()
        self.repeats = 1
        self._faults: dict[tuple[str, str], list[Fault]] = {}

    def on(self, where: tuple[str, str], *faults: Fault) -> "Meddler":
        self.met.setdefault(where, [])
        self._faults.setdefault(where, []).extend(faults)
        return self

    def calm(self) -> None:
        for faults in self._faults.values():
            faults.clear()

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        where = (request.method, request.path)
        if where not in self.met:
            return await answer()
        self.met[where].append(asyncio.get_running_loop().time())
        faults = self._faults[where]
        return await (faults.pop(0)(request, answer) if faults else answer())

    async def gate(self, endpoint: str) -> None:
        held = self.held.get(endpoint)
        if held:
            await asyncio.sleep(held.pop(0))

    def frames(self, frame: Frame) -> Sequence[Delivery]:
        return () if frame.channel in self.muted else [Delivery(frame.data)] * self.repeats


def _abort(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def lost(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Closed before it is done."""
    return _abort(request)


async def reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Done, then closed."""
    await answer()
    return _abort(request)


async def hang(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Done, and never answered."""
    await answer()
    await asyncio.sleep(20)  # longer than the client waits
    return _abort(request)


def slow(seconds: float) -> Fault:
    """Done at once, answered late."""

    async def fault(request: web.Request, answer: Answer) -> web.StreamResponse:
        response = await answer()
        await asyncio.sleep(seconds)
        return response

    return fault


def instead(status: int, body: Any, is_done: bool = True) -> Fault:
    """Done or not, and answered otherwise. `body`: a text, bytes, or something to write as JSON."""

    async def fault(request: web.Request, answer: Answer) -> web.StreamResponse:
        if is_done:
            await answer()
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, content_type="application/json")
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)

    return fault


def changed(change: Callable[[bytes], bytes]) -> Fault:
    """Done, and the body of the answer changed on its way."""

    async def fault(request: web.Request, answer: Answer) -> web.StreamResponse:
        response = await answer()
        assert isinstance(response, web.Response) and isinstance(response.body, bytes)
        return web.Response(status=response.status, body=change(response.body), content_type="application/json")

    return fault


def take(floor: Any, order_id: str, amount: str) -> None:
    """Somebody takes a part of a resting buy order of ours."""
    exchange, now = floor.sandbox.exchange, floor.sandbox.now_ns()
    if "taker" not in exchange.accounts():
        exchange.open_account("taker")
        exchange.deposit("taker", "BTC", Decimal(10), now)
    order = exchange.order_by_client_id("alice", order_id)
    placed = exchange.place(
        "taker", NewOrder(order.symbol, Side.SELL, Kind.LIMIT, amount=Decimal(amount), price=order.price), now
    )
    assert type(placed).__name__ == "Placed", placed


def rest_first(floor: Any) -> str:
    """A buy order of ours at the top of the book."""
    best = floor.market.get_order_book(PAIR).best_bid
    order_id: str = floor.market.buy(PAIR, Decimal("0.01"), OrderType.LIMIT, Decimal(str(best[0])) + Decimal("0.01"))
    return order_id
