"""The unmodified aiohttp client and server over the memory network: requests, keep-alive, sizes, order, refusals."""

import asyncio
import io

import aiohttp
import pytest
from aiohttp import web

from exconn.testing.virtual import Latency, Link, Route, SimForbidden, World

ORIGIN = "https://api.x.example"


async def serve(world: World, *routes: web.AbstractRouteDef, origin: str = ORIGIN) -> None:
    app = web.Application(client_max_size=2**24)
    app.add_routes(routes)
    await world.network.serve(origin, app)


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), headers={"X-Method": request.method, "X-Path": request.path_qs})


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
async def test_request_and_reply(virtual_world: World, method: str) -> None:
    await serve(virtual_world, web.route("*", "/v1/order", echo))
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.request(method, f"{ORIGIN}/v1/order?a=1&b=2", data=b"body") as reply,
    ):
        assert (reply.status, await reply.read()) == (200, b"body")
        assert (reply.headers["X-Method"], reply.headers["X-Path"]) == (method, "/v1/order?a=1&b=2")
        assert reply.headers["Date"] == "Tue, 14 Nov 2023 22:13:20 GMT"


async def test_keep_alive_reuses_the_connection_until_virtual_time_expires_it(virtual_world: World) -> None:
    await serve(virtual_world, web.get("/", echo))
    numbers = []
    async with aiohttp.ClientSession(connector=virtual_world.connector(keepalive_timeout=15)) as session:
        for pause in (10, 10, 20, 0):
            async with session.get(ORIGIN) as reply:
                await reply.read()
            numbers.append(virtual_world.network.connections[-1].number)
            await asyncio.sleep(pause)
    assert numbers == [1, 1, 1, 2]


@pytest.mark.parametrize("encoding", ["identity", "gzip", "deflate"])
@pytest.mark.parametrize("latency", [Latency(), Latency(0.01), Latency(0.0, 0.2)])
async def test_large_bodies_arrive_whole_and_in_order(virtual_world: World, encoding: str, latency: Latency) -> None:
    body = virtual_world.fork("body").randbytes(5_000_000)

    async def compressed(request: web.Request) -> web.Response:
        reply = web.Response(body=io.BytesIO(await request.read()))
        if encoding != "identity":
            reply.enable_compression(web.ContentCoding(encoding))
        return reply

    virtual_world.network.set_route(Route(up=Link(latency), down=Link(latency)))
    await serve(virtual_world, web.post("/", compressed))
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.post(ORIGIN, data=io.BytesIO(body)) as reply,
    ):
        assert await reply.read() == body


async def test_a_slow_reader_holds_the_writer_back(virtual_world: World) -> None:
    written = 0

    async def pour(request: web.Request) -> web.StreamResponse:
        nonlocal written
        reply = web.StreamResponse()
        await reply.prepare(request)
        for _ in range(100):
            await reply.write(b"x" * 65536)
            written += 65536
        return reply

    await serve(virtual_world, web.get("/", pour))
    async with (
        aiohttp.ClientSession(connector=virtual_world.connector()) as session,
        session.get(ORIGIN) as reply,
    ):
        await asyncio.sleep(60)
        held_at = written
        assert len(await reply.read()) == 6_553_600
    assert 65536 <= held_at < 2_000_000


async def test_latency_is_virtual_time_each_way(virtual_world: World) -> None:
    route = Route(up=Link(Latency(0.25)), down=Link(Latency(0.5)), entry_latency=Latency(1.0))
    virtual_world.network.set_route(route, origin=ORIGIN)
    await serve(virtual_world, web.get("/", echo))
    async with aiohttp.ClientSession(connector=virtual_world.connector()) as session, session.get(ORIGIN) as reply:
        assert reply.status == 200
        assert virtual_world.time() == pytest.approx(1.75)
        assert virtual_world.wall_ns() == 1_700_000_001_750_000_000


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        (
            "https://nowhere.example/",
            aiohttp.ClientConnectorDNSError,
            "no such host in the memory network; its hosts: api",
        ),
        (
            "https://api.x.example:8443/",
            aiohttp.ClientConnectorError,
            "Connection refused by https://api.x.example:8443",
        ),
        ("http://api.x.example:443/", aiohttp.ClientConnectorError, "Connection refused by http://api.x.example:443"),
    ],
)
async def test_what_nobody_serves(virtual_world: World, url: str, error: type[Exception], message: str) -> None:
    await serve(virtual_world, web.get("/", echo))
    async with aiohttp.ClientSession(connector=virtual_world.connector()) as session:
        with pytest.raises(error, match=message):
            await session.get(url)


async def test_several_origins_and_clients_are_told_apart(virtual_world: World) -> None:
    async def who(request: web.Request) -> web.Response:
        return web.Response(text=f"{request.host} {request.remote}")

    await serve(virtual_world, web.get("/", who))
    await serve(virtual_world, web.get("/", who), origin="http://127.0.0.1:8080")
    answers = []
    for client in ("alice", "bob"):
        async with aiohttp.ClientSession(connector=virtual_world.connector(client)) as session:
            for origin in (ORIGIN, "http://127.0.0.1:8080"):
                async with session.get(origin) as reply:
                    answers.append(await reply.text())
    assert answers == [
        "api.x.example 127.1.0.1",
        "127.0.0.1:8080 127.1.0.1",
        "api.x.example 127.1.0.2",
        "127.0.0.1:8080 127.1.0.2",
    ]


async def test_a_taken_origin_and_a_bad_one_are_refused(virtual_world: World) -> None:
    await serve(virtual_world, web.get("/", echo))
    with pytest.raises(ValueError, match=r"https://api\.x\.example:443 is taken"):
        virtual_world.network.listen("wss://api.x.example/ws", lambda: pytest.fail("never called"))
    with pytest.raises(ValueError, match="not the URL of an http, https, ws or wss origin"):
        virtual_world.network.listen("ftp://api.x.example", lambda: pytest.fail("never called"))


async def test_sockets_are_out_of_reach(virtual_world: World) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())) as session:
        with pytest.raises(SimForbidden, match=r"loop\.getaddrinfo\(\) would leave the virtual world"):
            await session.get("http://localhost/")
