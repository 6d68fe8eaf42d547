"""A market whose exchange refuses a stream, or ends one with a word of error: never believed live, never a storm."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from aiohttp import web

from exconn.model import OrderType
from exconn.sandbox.connection import Connection
from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.interference import Answer, Undisturbed
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
NO_CHANNEL = b'{"op":"error","request":"subscribe","id":1,"code":3002,"msg":"unknown topic orders"}'


class Refuser(Undisturbed):
    """Refuses subscriptions of one socket: all of them, or one of the channels after the answer for the others."""

    def __init__(self, socket: str, is_partly: bool = False) -> None:
        self.socket = socket
        self.is_partly = is_partly
        self.is_at_it = True
        self.handshakes: list[float] = []
        self.connections: list[Connection] = []
        self.rules = 0

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        self.rules += request.path == "/v1/symbols"
        return await answer()

    def meet(self, connection: Connection) -> None:
        if connection.rules.name == self.socket and connection not in self.connections:
            self.connections.append(connection)
            self.handshakes.append(asyncio.get_running_loop().time())

    def subscribe(self, connection: Connection, topics: Mapping[str, tuple[str, str]]) -> None:
        if connection.rules.name != self.socket or not self.is_at_it:
            return
        if not self.is_partly:
            raise Refused("unknown_topic", topic="orders")
        asyncio.get_running_loop().call_later(0.001, connection.say, NO_CHANNEL)

    def say(self, **changes: Any) -> None:
        """An error out of the blue, on the newest connection."""
        self.connections[-1].say(msgspec.json.encode({"op": "error", "request": None, "id": None} | changes))


@pytest.mark.parametrize("is_partly", [False, True], ids=["all", "one after the first answer"])
async def test_a_user_stream_that_is_refused_for_ever(virtual_world: World, open_floor: Any, is_partly: bool) -> None:
    refuser = Refuser("private", is_partly)
    async with open_floor(interference=refuser, is_ready=False) as floor:
        market = floor.market
        await asyncio.sleep(5)
        order_id = market.buy(PAIR, D("0.001"), OrderType.MARKET)
        looks: list[bool] = []
        for _ in range(600):
            await asyncio.sleep(1)
            looks.append(market.ready)
        assert not any(looks)
        assert 10 < len(refuser.handshakes) <= 40
        assert floor.names(order_id) == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]  # by REST
        assert "unknown topic orders" in str(market.last_error)
        refuser.is_at_it = False
        await asyncio.sleep(45)
        assert market.ready
        tried = len(refuser.handshakes)
        await asyncio.sleep(120)
        assert market.ready and len(refuser.handshakes) == tried
        assert floor.differences() == []


@pytest.mark.parametrize("socket", ["private", "public"])
async def test_a_single_error_out_of_the_blue_costs_one_connection(
    virtual_world: World, open_floor: Any, socket: str
) -> None:
    refuser = Refuser(socket)
    refuser.is_at_it = False
    async with open_floor(interference=refuser) as floor:
        await asyncio.sleep(60)
        read = refuser.rules
        refuser.say(code=3002, msg="channel ended")
        await asyncio.sleep(0.1)
        assert not floor.market.ready
        await asyncio.sleep(3)
        assert floor.market.ready
        assert refuser.rules == read + (socket == "public")  # a pair that is traded no more may be why
        await asyncio.sleep(90)
        assert len(refuser.handshakes) == 2 and floor.market.ready


@pytest.mark.parametrize("socket", ["private", "public"])
async def test_an_error_about_pace_costs_nothing(virtual_world: World, open_floor: Any, socket: str) -> None:
    refuser = Refuser(socket)
    refuser.is_at_it = False
    async with open_floor(interference=refuser) as floor:
        await asyncio.sleep(60)
        refuser.say(code=3005, msg="too many frames")
        await asyncio.sleep(60)
        assert len(refuser.handshakes) == 1 and floor.market.ready
