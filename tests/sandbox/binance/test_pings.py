"""Pings of the server: every 20 s on each kind of socket, and an end for who is silent for a minute."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from exconn.testing.virtual import World

from .conftest import HOST

PATHS = ["/ws/btcusdt@trade", "/stream?streams=btcusdt@trade", "/ws-api/v3"]


async def connect(client: Any, path: str) -> aiohttp.ClientWebSocketResponse:
    """A connection whose client answers pings itself, or not."""
    socket: aiohttp.ClientWebSocketResponse = await client.session.ws_connect(f"wss://{HOST}{path}", autoping=False)
    return socket


@pytest.mark.parametrize("path", PATHS)
async def test_a_ping_every_20_seconds(open_exchange: Any, virtual_world: World, path: str) -> None:
    async with open_exchange() as client:
        socket, begun, loop = await connect(client, path), virtual_world.wall_ns(), asyncio.get_running_loop()
        payloads = set()
        for number in range(1, 12):
            ping = await socket.receive()
            assert ping.type is WSMsgType.PING
            assert (virtual_world.wall_ns() - begun) // 10**8 == pytest.approx(number * 200, abs=1)
            payloads.add(bytes(ping.data))
            await socket.pong(ping.data)
        assert len(payloads) == 11
        assert loop.time() > 200
        await socket.close()


# what the client answers to each ping (None: nothing); none of them is a copy of the payload
ANSWERS: list[tuple[str, bytes | None]] = [(path, answer) for path in PATHS for answer in (None, b"", b"99", b"01")]


@pytest.mark.parametrize(("path", "answer"), ANSWERS)
async def test_who_does_not_answer_is_closed_after_a_minute(
    open_exchange: Any, virtual_world: World, path: str, answer: bytes | None
) -> None:
    async with open_exchange() as client:
        socket, begun = await connect(client, path), virtual_world.wall_ns()
        while (message := await socket.receive()).type is WSMsgType.PING:
            if answer is not None:
                await socket.pong(answer)
        assert (message.type, message.data) == (WSMsgType.CLOSE, 1008)
        assert (virtual_world.wall_ns() - begun) // 10**9 == 80  # the first ping, and a minute


async def test_a_pong_answers_all_pings_before(open_exchange: Any, virtual_world: World) -> None:
    async with open_exchange() as client:
        socket = await connect(client, "/ws")
        for number in range(1, 13):
            ping = await socket.receive()
            assert ping.type is WSMsgType.PING, number
            if number % 3 == 0:
                await socket.pong(ping.data)
        await socket.close()
