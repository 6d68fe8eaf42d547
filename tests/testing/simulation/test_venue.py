"""The exchange of a simulation: where it is served, its clock, its faults, the hand on the wire."""

import asyncio
from typing import Any

import aiohttp
import pytest

from exconn.testing.simulation import Venue, market_in, origins_of, venue
from exconn.testing.virtual import World

REST = "https://api.myexchange.example"
TIME = f"{REST}/v1/time"


async def ask(world: World, url: str, method: str = "GET") -> tuple[int, str]:
    async with aiohttp.ClientSession(connector=world.connector()) as session, session.request(method, url) as reply:
        return reply.status, await reply.text()


def test_origins_are_those_of_the_first_group(files: Any) -> None:
    assert origins_of(files.codec.facts) == (REST, "wss://stream.myexchange.example")
    assert origins_of(files.codec.facts, "main") == origins_of(files.codec.facts)
    with pytest.raises(KeyError, match="nowhere"):
        origins_of(files.codec.facts, "nowhere")


@pytest.mark.virtual
async def test_it_is_served_on_its_own_origins_for_the_block(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins):
        assert (await ask(virtual_world, TIME))[0] == 200
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(virtual_world, TIME)
    async with venue(virtual_world, files.dialect, files.accounts, files.origins):
        assert (await ask(virtual_world, TIME))[0] == 200


@pytest.mark.virtual
async def test_an_origin_that_is_taken_stays_with_its_owner(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins):
        with pytest.raises(ValueError, match=r"https://api\.myexchange\.example:443 is taken"):
            async with venue(virtual_world, files.dialect, files.accounts, files.origins):
                pass
        assert (await ask(virtual_world, TIME))[0] == 200


@pytest.mark.virtual
async def test_its_clock_is_virtual_and_can_be_stepped(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins, life_every=None) as exchange:
        before = virtual_world.wall_ns() // 1_000_000
        await asyncio.sleep(3600)
        assert await ask(virtual_world, TIME) == (200, f'{{"code":0,"msg":"","data":{{"time":{before + 3_600_000}}}}}')
        exchange.clock.step(-30)
        assert await ask(virtual_world, TIME) == (200, f'{{"code":0,"msg":"","data":{{"time":{before + 3_570_000}}}}}')


@pytest.mark.virtual
async def test_a_path_that_is_down_is_answered_by_the_gateway(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange:
        exchange.take_down("/v1/time")
        assert await ask(virtual_world, TIME) == (502, "<html><h1>502 Bad Gateway</h1></html>")
        assert (await ask(virtual_world, f"{REST}/v1/symbols"))[0] == 200
        exchange.faults.clear()
        assert (await ask(virtual_world, TIME))[0] == 200


@pytest.mark.virtual
async def test_what_clients_send_can_be_altered(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange:
        exchange.alter = lambda data: data.replace(b"/v1/time", b"/v1/nope")
        status, text = await ask(virtual_world, TIME)
        assert (status, '"code":1404' in text) == (200, True)
        assert [(each["path"], each["code"]) for each in exchange.refusals()] == [("/v1/nope", 1404)]


@pytest.mark.virtual
async def test_frame_faults_and_killed_sockets_are_noted_when_they_happen(virtual_world: World, files: Any) -> None:
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange,
        market_in(virtual_world, files.codec, ["BTC-USDT"]) as market,
    ):
        await market.wait_ready(10)
        exchange.drop_diff("BTC-USDT")
        exchange.duplicate_diff("BTC-USDT", count=2)
        assert exchange.faults.happened == ()
        await asyncio.sleep(5)
        kinds = [(each.kind, each.topic) for each in exchange.faults.happened]
        assert kinds == [("book_gap", "BTC-USDT"), *[("duplicate_frame", "BTC-USDT")] * 2]
        assert exchange.kill_sockets(exchange.socket_of("book_update")) == 1
        assert exchange.kill_sockets("private") == 0
        assert exchange.faults.happened[-1].at == virtual_world.time()
        assert [each.kind for each in exchange.faults.happened].count("cut") == 1


@pytest.mark.virtual
async def test_an_unknown_event_is_named(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange:
        assert isinstance(exchange, Venue)
        with pytest.raises(LookupError, match="myexchange has no channel of nothing"):
            exchange.socket_of("nothing")
