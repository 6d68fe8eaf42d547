"""Each fault of the memory network and what an aiohttp client makes of it."""

import asyncio
import itertools
from collections.abc import Callable
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import ClientTimeout, WSMsgType, web

from exconn.testing.virtual import Change, Latency, Link, Route, World

ORIGIN = "https://api.x.example"
REPLY = b"r" * 10_000


class Exchange:
    """Counts what reached the server; answers after a virtual second."""

    def __init__(self) -> None:
        self.accepted = 0

    async def order(self, request: web.Request) -> web.Response:
        await request.read()
        self.accepted += 1
        await asyncio.sleep(1)
        return web.Response(body=REPLY)

    async def stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for number in itertools.count(1):
            await socket.send_str(str(number))
            with suppress(TimeoutError):
                await socket.receive(timeout=1)
                break
        return socket


async def open_exchange(world: World) -> Exchange:
    exchange, app = Exchange(), web.Application()
    app.add_routes([web.post("/order", exchange.order), web.get("/ws", exchange.stream)])
    await world.network.serve(ORIGIN, app)
    return exchange


Fault = Callable[[World], None]


def at(seconds: float, *, route: Route | None = None, sever: str | None = None) -> Fault:
    change = Change(seconds, route, sever, ORIGIN)  # type: ignore[arg-type]
    return lambda world: world.network.schedule([change])


@pytest.mark.parametrize(
    ("fault", "error", "message", "accepted", "seconds"),
    [
        (at(0, route=Route(entry="refuse")), aiohttp.ClientConnectorError, "Connection refused", 0, 0),
        (at(0, route=Route(entry="stall")), aiohttp.ConnectionTimeoutError, "Connection timeout", 0, 4),
        (at(0, route=Route(entry_latency=Latency(5))), aiohttp.ConnectionTimeoutError, "Connection timeout", 0, 4),
        (at(0, route=Route(up=Link(flow="stall"))), TimeoutError, None, 0, 20),
        (at(0.5, route=Route(down=Link(flow="stall"))), TimeoutError, None, 1, 20),
        (at(0.5, sever="reset"), aiohttp.ClientOSError, "Connection reset by peer", 1, 0.5),
        (at(0.5, sever="close"), aiohttp.ServerDisconnectedError, "Server disconnected", 1, 0.5),
        (at(0, route=Route(up=Link(cut_after=10))), aiohttp.ClientOSError, "Connection reset by peer", 0, 0),
        (at(0, route=Route(up=Link(cut_after=10, cut="close"))), aiohttp.ServerDisconnectedError, "disconnected", 0, 0),
        (at(0, route=Route(up=Link(cut_after=10, cut="stall"))), TimeoutError, None, 0, 20),
        (at(0, route=Route(down=Link(cut_after=0))), aiohttp.ClientOSError, "Connection reset by peer", 1, 1),
        (at(0, route=Route(down=Link(cut_after=5000))), aiohttp.ClientPayloadError, "not completed", 1, 1),
        (at(0, route=Route(down=Link(cut_after=5000, cut="close"))), aiohttp.ClientPayloadError, "not completed", 1, 1),
        (at(0, route=Route(down=Link(cut_after=5000, cut="stall"))), TimeoutError, None, 1, 20),
    ],
)
async def test_a_fault_and_what_the_client_sees(
    virtual_world: World, fault: Fault, error: type[Exception], message: str | None, accepted: int, seconds: float
) -> None:
    exchange = await open_exchange(virtual_world)
    fault(virtual_world)
    timeout = ClientTimeout(total=20, sock_connect=4, ceil_threshold=100)
    async with aiohttp.ClientSession(connector=virtual_world.connector(), timeout=timeout) as session:
        with pytest.raises(error, match=message):
            async with session.post(f"{ORIGIN}/order", data=b"o" * 1000) as reply:
                await reply.read()
        assert exchange.accepted == accepted
        assert virtual_world.time() == pytest.approx(seconds)
        virtual_world.network.set_route(Route(), origin=ORIGIN)
        async with session.post(f"{ORIGIN}/order") as reply:
            assert await reply.read() == REPLY


async def test_held_bytes_arrive_when_the_link_flows_again(virtual_world: World) -> None:
    exchange = await open_exchange(virtual_world)
    held = Route(up=Link(flow="hold"))
    virtual_world.network.schedule([Change(30, Route(), origin=ORIGIN), Change(0, held, origin=ORIGIN)])
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.post(f"{ORIGIN}/order") as reply,
    ):
        assert await reply.read() == REPLY
    assert exchange.accepted == 1
    assert virtual_world.time() == pytest.approx(31)


async def test_an_entry_that_stalled_lets_in_when_it_opens(virtual_world: World) -> None:
    await open_exchange(virtual_world)
    virtual_world.network.set_route(Route(entry="stall"))
    virtual_world.network.schedule([Change(7, Route())])
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.post(f"{ORIGIN}/order") as reply,
    ):
        assert reply.status == 200
        assert virtual_world.time() == pytest.approx(8)


async def test_a_stalled_stream_never_recovers_but_a_new_one_does(virtual_world: World) -> None:
    await open_exchange(virtual_world)
    changes = [Change(2.5, Route(down=Link(flow="stall"))), Change(4.5, Route())]
    virtual_world.network.schedule(changes)
    async with aiohttp.ClientSession(connector=virtual_world.connector()) as session:
        async with session.ws_connect(f"{ORIGIN}/ws", timeout=aiohttp.ClientWSTimeout(ws_close=1)) as first:
            assert [await first.receive_str() for _ in range(3)] == ["1", "2", "3"]
            with pytest.raises(TimeoutError):
                await first.receive(timeout=30)
        async with session.ws_connect(f"{ORIGIN}/ws") as second:
            assert await second.receive_str() == "1"


@pytest.mark.parametrize("how", ["reset", "close"])
async def test_a_severed_stream(virtual_world: World, how: str) -> None:
    await open_exchange(virtual_world)
    at(2.5, sever=how)(virtual_world)
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.ws_connect(f"{ORIGIN}/ws") as socket,
    ):
        assert [await socket.receive_str() for _ in range(3)] == ["1", "2", "3"]
        message = await socket.receive()
        assert (message.type, socket.close_code) == (WSMsgType.CLOSED, 1006)
    assert virtual_world.time() == pytest.approx(2.5)


async def test_faults_can_concern_one_client_one_direction_one_connection(virtual_world: World) -> None:
    exchange = await open_exchange(virtual_world)
    virtual_world.network.set_route(Route(entry="refuse"), client="bob")
    async with aiohttp.ClientSession(connector=virtual_world.connector("bob")) as session:
        with pytest.raises(aiohttp.ClientConnectorError, match="Connection refused by https://api"):
            await session.post(f"{ORIGIN}/order")
    async with aiohttp.ClientSession(connector=virtual_world.connector("alice")) as session:
        streams = [await session.ws_connect(f"{ORIGIN}/ws") for _ in range(2)]
        first, second = virtual_world.network.connections
        assert repr(first) == "<Connection 1 alice -> https://api.x.example:443 open>"
        first.down.set_link(Link(latency=Latency(50)))
        await asyncio.sleep(0.5)
        second.reset()
        assert await streams[0].receive_str() == "1"
        assert (await streams[1].receive()).data == "1"
        assert (await streams[1].receive()).type is WSMsgType.CLOSED
        assert [connection.number for connection in virtual_world.network.connections] == [1]
        for stream in streams:
            await stream.close()
    assert exchange.accepted == 0


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Latency(-1), "latency from -1 to None s: must be finite, 0 <= low <= high"),
        (lambda: Latency(2, 1), "latency from 2 to 1 s: must be finite, 0 <= low <= high"),
        (lambda: Latency(0, float("nan")), "latency from 0 to nan s: must be finite, 0 <= low <= high"),
        (lambda: Link(cut_after=-1), "cut_after -1: must be a number of bytes, 0 or more"),
    ],
)
def test_impossible_links_are_refused(build: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        build()
    assert str(caught.value) == message
