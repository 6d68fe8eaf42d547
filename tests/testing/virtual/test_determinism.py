"""The same seed gives the same bytes at the same virtual times, in any process; another seed does not."""

import asyncio
import os
import subprocess
import sys

import aiohttp
import pytest
from aiohttp import web

from exconn.testing.virtual import (
    Change,
    Latency,
    Link,
    Route,
    Trace,
    TraceEntry,
    World,
    first_difference,
    fork,
    virtual_world,
)

ORIGIN = "https://api.x.example"


async def scenario(world: World) -> None:
    """Three clients, requests and streams, jitter, cuts and resets."""
    app = web.Application()
    app.add_routes([web.post("/order", answer), web.get("/ws", stream)])
    await world.network.serve(ORIGIN, app)
    jitter = Link(Latency(0.001, 0.3))
    world.network.set_route(Route(up=jitter, down=jitter, entry_latency=Latency(0.0, 0.1)))
    source = world.fork("faults")
    world.network.schedule(Change(source.uniform(5, 60), sever=source.choice(["reset", "close"])) for _ in range(6))
    await asyncio.gather(*(trade(world, f"client-{number}") for number in range(3)))


async def answer(request: web.Request) -> web.Response:
    # Not compressed: zlib may find other matches in a process with another past, and so write other bytes.
    return web.json_response({"order": (await request.post())["order"]})


async def stream(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(heartbeat=5)
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


async def trade(world: World, client: str) -> None:
    source = world.fork(client)
    async with aiohttp.ClientSession(connector=world.connector(client)) as session:
        while world.time() < 60:
            try:
                await asyncio.gather(*(order(session, source.random()) for _ in range(3)), talk(session))
            except aiohttp.ClientError:
                await asyncio.sleep(source.uniform(0, 2))


async def order(session: aiohttp.ClientSession, price: float) -> None:
    form = aiohttp.FormData({"order": str(price)}, default_to_multipart=True)
    async with session.post(f"{ORIGIN}/order", data=form) as reply:
        await reply.json()


async def talk(session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(f"{ORIGIN}/ws", heartbeat=3) as socket:
        for number in range(5):
            await socket.send_str(str(number))
            await socket.receive(timeout=20)
            await asyncio.sleep(1)


def digest(seed: int) -> str:
    with virtual_world(seed) as world:
        world.run(scenario(world), timeout_virtual=3600)
    assert len(world.trace) > 500
    return world.trace.hexdigest()


def test_a_seed_is_one_trace_under_any_hash_seed() -> None:
    def start(hash_seed: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, __file__, "5"],
            env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
            stdout=subprocess.PIPE,
            text=True,
        )

    processes = [start(hash_seed) for hash_seed in (0, 1, 7)]
    digests = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert digests == {digest(5)}


def test_a_second_run_in_one_process_is_equal_and_another_seed_is_not() -> None:
    assert digest(1) == digest(1) != digest(2)


def test_a_fork_depends_on_seed_and_name_alone() -> None:
    assert fork(1, "network").getrandbits(32) == 3989870471
    draws = {fork(seed, name).getrandbits(64) for seed in (0, 1, "1x") for name in ("network", "faults")}
    assert len(draws) == 6


@pytest.mark.parametrize("tamper", [None, 1, 2])
def test_the_first_difference_of_two_traces(tamper: int | None) -> None:
    left, right = Trace(keep=True), Trace(keep=True)
    for index in range(3):
        left.add(index, "up", 1, b"same")
        right.add(index, "up", 1, b"other" if index == tamper else b"same")
    assert left.entries is not None and right.entries is not None
    expected = None
    if tamper is not None:
        at_ns = tamper * 10**9
        expected = (tamper, TraceEntry(at_ns, "up", 1, b"same"), TraceEntry(at_ns, "up", 1, b"other"))
    assert first_difference(left.entries, right.entries) == expected
    assert (left.hexdigest() == right.hexdigest()) is (tamper is None)


def test_the_bytes_of_each_connection_can_be_read_back() -> None:
    with virtual_world(keep_trace=True) as world:
        world.run(post_twice(world))
    requests = world.trace.carried("up")[1].split(b"POST /order HTTP/1.1\r\n")[1:]
    assert [request.partition(b"\r\n\r\n")[2] for request in requests] == [b"order=0", b"order=1"]
    assert world.trace.carried("down")[1].count(b"HTTP/1.1 200 OK") == 2
    with pytest.raises(ValueError, match="make the world with keep_trace=True"):
        Trace().carried("up")


async def post_twice(world: World) -> None:
    app = web.Application()
    app.add_routes([web.post("/order", answer)])
    await world.network.serve(ORIGIN, app)
    async with aiohttp.ClientSession(connector=world.connector()) as session:
        for number in range(2):
            async with session.post(f"{ORIGIN}/order", data={"order": str(number)}) as reply:
                await reply.read()


if __name__ == "__main__":
    sys.stdout.write(digest(int(sys.argv[1])))
