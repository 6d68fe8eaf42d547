"""Faults of streams: what a plain client of the websockets sees of each kind, while the exchange goes on as ever."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from exconn.sandbox.faults import KINDS, Place, Side
from exconn.testing.virtual import World

PUBLIC, PRIVATE = "/v1/public", "/v1/private"
BOOK, TRADES = "book:USDT_BTC", "trades:USDT_BTC"
CUT = 1006
ELSEWHERE = {Place.REPLY, Place.GATE, Place.RECORDS, Place.ROW, Place.WORLD}
OPEN = {"op": "pong"}


@asynccontextmanager
async def watching(bench: Any, *topics: str) -> AsyncIterator[Any]:
    async with bench.stream(PUBLIC) as stream:
        assert (await stream.ask({"op": "subscribe", "topics": list(topics), "id": 1}))["code"] == 0
        yield stream


@asynccontextmanager
async def logged_in(bench: Any) -> AsyncIterator[Any]:
    async with bench.stream(PRIVATE) as stream:
        assert (await stream.ask(bench.login("alice"))) == {"op": "login", "code": 0}
        assert (await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 1}))["code"] == 0
        yield stream


async def heard(stream: Any, patience: float = 20) -> Any:
    """The next frame, the close code, "garbage", or "nothing" within the patience."""
    try:
        async with asyncio.timeout(patience):
            return await stream.next()
    except TimeoutError:
        return "nothing"
    except ValueError:
        return "garbage"


async def prices_of(stream: Any, count: int) -> list[tuple[Any, int]]:
    """The bids of the next book frames (or what else came), and when, in whole seconds."""
    loop = asyncio.get_running_loop()
    found: list[tuple[Any, int]] = []
    for _ in range(count):
        frame = await heard(stream, 4)
        found.append((frame["bids"][0][0] if isinstance(frame, dict) else frame, round(loop.time())))
    return found


# a fault of frames, and what a client gets of three bids, made at 0, 1 and 2 s, and when
FRAMES: list[tuple[dict[str, Any], list[tuple[str, int]]]] = [
    ({"fault": "drop_frame"}, [("2", 1), ("3", 2), ("nothing", 6)]),
    ({"fault": "drop_frame", "channel": "trades"}, [("1", 0), ("2", 1), ("3", 2)]),
    ({"fault": "drop_frame", "symbol": "ETH-USDT"}, [("1", 0), ("2", 1), ("3", 2)]),
    ({"fault": "drop_frame", "socket": "private"}, [("1", 0), ("2", 1), ("3", 2)]),
    ({"fault": "drop_frame", "count": 2, "symbol": "USDT_BTC"}, [("3", 2), ("nothing", 6)]),
    ({"fault": "book_gap", "symbol": "BTC-USDT"}, [("2", 1), ("3", 2), ("nothing", 6)]),
    ({"fault": "duplicate_frame"}, [("1", 0), ("1", 0), ("2", 1), ("3", 2)]),
    ({"fault": "duplicate_frame", "delay": "1.5"}, [("1", 0), ("2", 1), ("1", 2), ("3", 2)]),
    ({"fault": "reorder", "delay": "1.5"}, [("2", 1), ("1", 2), ("3", 2)]),
    ({"fault": "delay", "seconds": 3}, [("1", 3), ("2", 3), ("3", 3)]),
    ({"fault": "delay", "seconds": 3, "count": 2}, [("1", 3), ("2", 4), ("3", 4)]),
    ({"fault": "garbage_frame"}, [("garbage", 0), ("1", 0), ("2", 1), ("3", 2)]),
    ({"fault": "garbage_frame", "text": "[]", "for": "0.5"}, [("garbage", 0), ("1", 0), ("2", 1), ("3", 2)]),
]


@pytest.mark.parametrize(("fault", "expected"), FRAMES, ids=str)
async def test_a_frame(
    open_bench: Any, virtual_world: World, fault: dict[str, Any], expected: list[tuple[str, int]]
) -> None:
    async with open_bench() as bench, watching(bench, BOOK) as stream:
        assert (await bench.control("POST", "fault", fault)).status == 200
        began = round(asyncio.get_running_loop().time())

        async def bid() -> None:
            for price in ("1", "2", "3"):
                await bench.place("bob", price, "bid", "6", price)
                await asyncio.sleep(1)

        bidding = asyncio.create_task(bid())
        found = await prices_of(stream, len(expected))
        await bidding
        shown = [("garbage" if isinstance(what, list) else what, at - began) for what, at in found]
        assert shown == expected
        assert len((await bench.get("/v1/book?symbol=USDT_BTC")).data["bids"]) == 3


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ({"fault": "duplicate_frame"}, [("1", 3), ("2", 3), ("2", 3), ("3", 3)]),
        ({"fault": "garbage_frame"}, [("1", 3), ("garbage", 3), ("2", 3), ("3", 3)]),
        ({"fault": "reorder", "delay": "1"}, [("1", 3), ("3", 3), ("2", 4)]),
    ],
    ids=str,
)
async def test_another_fault_overtakes_no_delayed_frame(
    open_bench: Any, virtual_world: World, fault: dict[str, Any], shown: list[tuple[str, int]]
) -> None:
    async with open_bench() as bench, watching(bench, BOOK) as stream:
        await bench.control("POST", "fault", {"fault": "delay", "seconds": 3})
        began = asyncio.get_running_loop().time()
        await bench.place("bob", "1", "bid", "6", "1")
        await asyncio.sleep(1)
        await bench.control("POST", "fault", fault)
        for price in ("2", "3"):
            await bench.place("bob", price, "bid", "6", price)
            await asyncio.sleep(1)
        found = await prices_of(stream, len(shown))
        assert [("garbage" if isinstance(what, list) else what, int(at - began)) for what, at in found] == shown


# a fault of connections, and what then comes on a public one that hears books, a private one, and a new public one
CONNECTIONS: list[tuple[dict[str, Any], list[Any]]] = [
    ({"fault": "close"}, [1001, 1001, OPEN]),
    ({"fault": "close", "code": 4000, "socket": "public"}, [4000, OPEN, OPEN]),
    ({"fault": "close", "channel": "orders"}, [OPEN, 1001, OPEN]),
    ({"fault": "close", "symbol": "USDT_BTC"}, [1001, OPEN, OPEN]),
    ({"fault": "close", "symbol": "ETH-BTC"}, [OPEN, OPEN, OPEN]),
    ({"fault": "close", "for": 60}, [1001, 1001, 1001]),
    ({"fault": "cut"}, [CUT, CUT, OPEN]),
    ({"fault": "cut", "for": 60, "socket": "public"}, [CUT, OPEN, CUT]),
    ({"fault": "stall", "for": 60}, ["nothing", "nothing", "nothing"]),
    ({"fault": "stall", "for": 60, "channel": "book"}, ["nothing", OPEN, OPEN]),
    ({"fault": "stall", "for": 0}, [OPEN, OPEN, OPEN]),
    ({"fault": "expire_login"}, [OPEN, 4001, OPEN]),
]


@pytest.mark.parametrize(("fault", "expected"), CONNECTIONS, ids=str)
async def test_a_connection(open_bench: Any, virtual_world: World, fault: dict[str, Any], expected: list[Any]) -> None:
    async with open_bench() as bench, watching(bench, BOOK) as public, logged_in(bench) as private:
        assert (await bench.control("POST", "fault", fault)).status == 200
        said: list[Any] = list(await asyncio.gather(heard(public, 0.1), heard(private, 0.1)))
        async with bench.stream(PUBLIC) as new:
            said.append(await heard(new, 0.1))
            for index, stream in enumerate((public, private, new)):
                if said[index] == "nothing":
                    await stream.send({"op": "ping"})
                    said[index] = await heard(stream, 5)
            assert said == expected


async def test_a_stall_swallows_both_ways_and_ends(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, watching(bench, BOOK) as stream:
        await bench.control("POST", "fault", {"fault": "stall", "for": 20})
        for op in ("unsubscribe", "ping"):
            await stream.send({"op": op, "topics": [BOOK], "id": 2} if op == "unsubscribe" else {"op": op})
        await stream.socket.ping()
        await bench.place("bob", "1", "bid", "1", "10")
        assert await heard(stream, 19) == "nothing"
        await asyncio.sleep(2)
        await bench.place("bob", "2", "bid", "1", "11")
        assert (await heard(stream))["bids"] == [["11", "1"]]
        assert await stream.ask({"op": "ping"}) == OPEN
        assert bench.sandbox.faults.counts == {"stall": 1}


async def test_a_login_that_expires_in_silence(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, logged_in(bench) as stream:
        await bench.control("POST", "fault", {"fault": "expire_login", "silent": True, "for": 5})
        await bench.place("alice", "a", "bid", "0.1", "60000")
        assert await heard(stream, 3) == "nothing"
        refused = await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 2})
        assert (refused["op"], refused["code"]) == ("error", 3003)
        assert await stream.ask(bench.login("alice")) == {"op": "login", "code": 0}
        assert (await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 3}))["code"] == 3003
        await asyncio.sleep(3)
        assert await stream.ask(bench.login("alice")) == {"op": "login", "code": 0}
        assert (await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 4}))["code"] == 0
        await bench.place("alice", "b", "bid", "0.1", "60000")
        assert (await heard(stream))["data"]["client_id"] == "b"


REFUSALS = [({}, 1500), ({"meaning": "unknown_topic"}, 3002), ({"channel": "trades"}, 1500), ({"channel": "fills"}, 0)]


@pytest.mark.parametrize(("told", "code"), REFUSALS, ids=str)
async def test_a_subscription_is_refused(
    open_bench: Any, virtual_world: World, told: dict[str, Any], code: int
) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        await bench.control("POST", "fault", {"fault": "refuse_subscribe", **told})
        answer = await stream.ask({"op": "subscribe", "topics": [BOOK, TRADES], "id": 1})
        assert (answer["op"], answer["code"]) == ("error" if code else "subscribe", code)
        if code == 3002:
            assert answer["msg"] == f"unknown topic {BOOK}"
        assert (await stream.ask({"op": "subscribe", "topics": [BOOK, TRADES], "id": 2}))["code"] == 0


# a fault of books, and the levels of the next update after an ask of 2 at 70 and then a bid of 3 at 60
BOOKS: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    ({"fault": "bad_checksum"}, [["60", "3.00001"]], []),
    ({"fault": "crossed_book"}, [["70", "2"], ["60", "3"]], []),
    ({"fault": "crossed_book", "symbol": "ETH-USDT"}, [["60", "3"]], []),
]


@pytest.mark.parametrize(("fault", "bids", "asks"), BOOKS, ids=str)
async def test_a_book_that_is_not_so(
    open_bench: Any, virtual_world: World, fault: dict[str, Any], bids: list[Any], asks: list[Any]
) -> None:
    async with open_bench() as bench, watching(bench, BOOK) as one, watching(bench, BOOK) as other:
        await bench.place("bob", "a", "ask", "2", "70")
        first = [await heard(stream) for stream in (one, other)]
        await bench.control("POST", "fault", fault)
        await bench.place("carol", "b", "bid", "3", "60")
        frame, untouched = await heard(one), await heard(other)
        assert (frame["bids"], frame["asks"]) == (bids, asks)
        assert untouched["bids"] == [["60", "3"]]
        assert frame["first"] == first[0]["last"] + 1
        await bench.place("carol", "c", "bid", "3", "61")
        assert (await heard(one))["bids"] == [["61", "3"]]
        book = (await bench.get("/v1/book?symbol=USDT_BTC")).data
        assert (book["bids"], book["asks"]) == ([["61", "3"], ["60", "3"]], [["70", "2"]])


async def test_nothing_crosses_an_empty_book(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, watching(bench, BOOK) as stream:
        await bench.control("POST", "fault", {"fault": "crossed_book"})
        await bench.place("carol", "b", "bid", "3", "60")
        assert (await heard(stream))["bids"] == [["60", "3"]]
        assert [fault.kind.name for fault in bench.sandbox.faults.pending()] == ["crossed_book"]


async def test_an_old_snapshot(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        sequences = []
        for price in ("60", "61", "62"):
            await bench.place("bob", price, "bid", "3", price)
            sequences.append((await bench.get("/v1/book?symbol=USDT_BTC")).data["seq"])
            await asyncio.sleep(10)
        await bench.control("POST", "fault", {"fault": "old_snapshot", "age": 15, "symbol": "BTC-USDT"})
        assert (await bench.get("/v1/book?symbol=USDT_ETH")).data["bids"] == []
        old = (await bench.get("/v1/book?symbol=USDT_BTC&depth=5")).data
        assert (old["seq"], old["bids"]) == (sequences[1], [["61", "3"], ["60", "3"]])
        new = (await bench.get("/v1/book?symbol=USDT_BTC&depth=5")).data
        assert (new["seq"], len(new["bids"])) == (sequences[2], 3)
        await bench.control("POST", "fault", {"fault": "old_snapshot", "age": 1000})
        first = (await bench.get("/v1/book?symbol=USDT_BTC")).data
        assert (first["seq"], first["bids"]) == (sequences[0] - 1, [])


def test_every_kind_of_stream_is_shown() -> None:
    rows: list[tuple[Any, ...]] = [*FRAMES, *CONNECTIONS, *BOOKS]
    shown = {row[0]["fault"] for row in rows} | {"refuse_subscribe", "old_snapshot"}
    assert shown == {kind.name for kind in KINDS.values() if kind.side is Side.STREAM}
    assert {KINDS[name].place for name in shown} == {*Place} - {
        Place.REPLY,
        Place.GATE,
        Place.RECORDS,
        Place.ROW,
        Place.WORLD,
    }


async def test_storms_of_short_connections(open_bench: Any, virtual_world: World) -> None:
    """Accepted and closed at once, for ten minutes: every connection is made, and lives no longer than its close."""
    async with open_bench() as bench:
        await bench.control("POST", "fault", {"fault": "close", "code": 1012, "for": 600})
        for _ in range(20):
            async with bench.session.ws_connect(f"wss://api.myexchange.example{PUBLIC}") as socket:
                assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            await asyncio.sleep(29)
        assert bench.sandbox.faults.counts == {"close": 20}
        await asyncio.sleep(60)
        async with bench.stream(PUBLIC) as stream:
            assert await stream.ask({"op": "ping"}) == OPEN
