"""Websockets over the memory network: echo, compression, order, heartbeats, a whole day."""

import asyncio

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from exconn.testing.virtual import Latency, Link, Route, World

ORIGIN = "wss://stream.x.example"
DAY = 86400


async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(max_msg_size=2**24)
    await socket.prepare(request)
    async for message in socket:
        await (socket.send_str if message.type is WSMsgType.TEXT else socket.send_bytes)(message.data)
    return socket


async def serve(world: World, handler: object = echo) -> None:
    app = web.Application()
    app.router.add_get("/ws", handler)  # type: ignore[arg-type]
    await world.network.serve(ORIGIN, app)


@pytest.mark.parametrize("compress", [0, 15])
@pytest.mark.parametrize("size", [0, 125, 70_000, 5_000_000])
async def test_echo(virtual_world: World, compress: int, size: int) -> None:
    payload = (virtual_world.fork("payload").randbytes(max(1, size // 8)) * 8)[:size]
    await serve(virtual_world)
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.ws_connect(f"{ORIGIN}/ws", compress=compress, max_msg_size=2**24) as socket,
    ):
        assert socket.compress == compress
        for _ in range(2):
            await socket.send_bytes(payload)
            assert await socket.receive_bytes() == payload
        await socket.send_str("é")
        assert await socket.receive_str() == "é"


async def test_frames_keep_their_order_under_random_latency(virtual_world: World) -> None:
    jitter = Link(Latency(0.0, 3.0))
    virtual_world.network.set_route(Route(up=jitter, down=jitter))
    await serve(virtual_world)
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.ws_connect(f"{ORIGIN}/ws") as socket,
    ):
        for number in range(100):
            await socket.send_str(str(number))
            await asyncio.sleep(0.1)
        assert [await socket.receive_str() for _ in range(100)] == [str(number) for number in range(100)]


async def test_a_heartbeat_finds_a_stall_in_virtual_time(virtual_world: World) -> None:
    await serve(virtual_world)
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.ws_connect(f"{ORIGIN}/ws", heartbeat=10) as socket,
    ):
        virtual_world.loop.call_later(100, virtual_world.network.set_route, Route(down=Link(flow="stall")))
        message = await socket.receive()
        assert message.type is WSMsgType.ERROR
        assert isinstance(message.data, aiohttp.ServerTimeoutError)
        assert 105 <= virtual_world.time() <= 125


@pytest.mark.virtual(seed=3, timeout=DAY + 1)
async def test_a_day_of_a_heartbeating_websocket(virtual_world: World) -> None:
    async def ticker(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        for number in range(DAY // 20):
            await socket.send_str(str(number))
            await asyncio.sleep(20)
        await socket.close()
        return socket

    virtual_world.network.set_route(Route(up=Link(Latency(0.01, 0.2)), down=Link(Latency(0.01, 0.2))))
    await serve(virtual_world, ticker)
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.ws_connect(f"{ORIGIN}/ws", heartbeat=20) as socket,
    ):
        assert [int(message.data) async for message in socket] == list(range(DAY // 20))
        assert socket.close_code == 1000
    assert virtual_world.time() == pytest.approx(DAY, abs=1)
