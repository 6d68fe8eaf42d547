"""The control interface: who may use it, what it shows, and the faults and commands that it takes."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox import Undisturbed
from exconn.sandbox.engine import BookChanged, Side
from exconn.sandbox.history import COPIES, EVERY, History
from exconn.testing.virtual import World

BOOK = "book:USDT_BTC"
SUBSCRIBE = {"op": "subscribe", "topics": [BOOK], "id": 1}

HOSTS = [
    ("api.myexchange.example", 200),
    ("api.myexchange.example:443", 200),
    ("127.0.0.1:8080", 200),
    ("LocalHost:8080", 200),
    ("localhost", 200),
    ("[::1]:9", 200),
    ("[::1]", 200),
    ("evil.example", 421),
    ("127.0.0.1.evil.example", 421),
    ("evil.example:127.0.0.1", 421),
    ("", 421),
]


@pytest.mark.parametrize(("host", "status"), HOSTS)
@pytest.mark.parametrize("target", ["/v1/time", "/_exconn/health", "/v1/public"])
async def test_foreign_hosts_are_refused(
    open_bench: Any, virtual_world: World, target: str, host: str, status: int
) -> None:
    async with open_bench() as bench:
        assert (await bench.send("GET", target, {"Host": host})).status == status


TOKENS = [("the-token", 200), ("", 401), ("the-toke", 401), ("the-token ", 401), ("ключ", 401)]


@pytest.mark.parametrize(("token", "status"), TOKENS)
@pytest.mark.parametrize(("method", "path"), [("GET", "state"), ("GET", "log"), ("POST", "fault"), ("GET", "nowhere")])
async def test_the_token(
    open_bench: Any, virtual_world: World, method: str, path: str, token: str, status: int
) -> None:
    async with open_bench() as bench:
        if token.isascii():
            reply = await bench.control(method, path, token=token.strip() if status == 200 else token.replace(" ", "x"))
        else:
            reply = await bench.send(method, f"/_exconn/{path}?token=%D0%BA")
        if status == 401:
            assert (reply.status, json.loads(reply.text)) == (
                401,
                {"error": "the token is missing or wrong: send it as X-Exconn-Token"},
            )
        else:
            assert reply.status in (200, 400, 404)
        in_query = await bench.send("GET", "/_exconn/state?token=the-token")
        assert in_query.status == 200
        assert (await bench.send("GET", "/_exconn/health")).text == '{"status":"ok","dialect":"myexchange"}'


MISTAKES = [
    ("POST", "fault", {"fault": "drop_fram"}, "did you mean drop_frame?"),
    ("POST", "fault", {"fault": "drop_frame", "channel": "boo"}, "there is no channel 'boo'\nhint: did you mean book?"),
    ("POST", "fault", {"fault": "close", "code": 999}, "'code' is 999; it must be at least 1000"),
    ("POST", "fault", [], "the file is a list; it must be a mapping"),
    ("POST", "schedule", {"fault": "lost"}, "the file is a mapping; it must be a list"),
    ("POST", "schedule", [{"at": 1}], "the key 'fault' is missing"),
    ("POST", "command", {"kind": "deposit", "account": ["a"], "asset": "X", "amount": 1}, "give account as a text"),
    ("POST", "command", {"kind": "deposit", "account": "alice", "asset": 7, "amount": 1}, "give asset as a text"),
    ("POST", "command", {"kind": "delist", "symbol": {}}, "give symbol as a text"),
    ("POST", "command", {"kind": "cancel", "account": "alice", "order_id": []}, "int() argument must be"),
    ("POST", "command", [], 'send a JSON object, as {"kind": "..."}'),
    ("POST", "command", {"kind": "x"}, "there is no command 'x'; there is set_status, delist, deposit"),
    ("POST", "command", {"kind": "delist", "symbol": "X"}, "no symbol 'X'; there is BTC-USDT, ETH-USDT"),
    ("POST", "command", {"kind": "cancel", "account": "alice", "order_id": 7}, "account alice has no order 7"),
    (
        "POST",
        "command",
        {"kind": "deposit", "account": "alice", "asset": "BTC", "amount": "-1"},
        "give a number above 0",
    ),
    (
        "POST",
        "command",
        {"kind": "deposit", "account": "alice", "asset": "BTC", "amount": "x"},
        "give amount as a number",
    ),
    ("POST", "command", {"kind": "deposit", "account": "alice", "asset": "BTC"}, "give amount as a number"),
    ("POST", "command", {"kind": "maintenance"}, "give active as true or false"),
    ("POST", "command", {"kind": "life", "active": "no"}, "give active as true or false"),
    ("GET", "book?symbol=USDT_BTC&seq=9", None, "the book of BTC-USDT at 9 is not known: ask for a recent sequence"),
]


@pytest.mark.parametrize(("method", "path", "body", "text"), MISTAKES, ids=lambda value: str(value)[:40])
async def test_mistakes_are_explained(
    open_bench: Any, virtual_world: World, method: str, path: str, body: Any, text: str
) -> None:
    async with open_bench() as bench:
        reply = await bench.control(method, path, body)
        assert reply.status == 400
        assert text in json.loads(reply.text)["error"]


async def test_a_command_that_is_too_deep_is_a_mistake(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        reply = await bench.send("POST", "/_exconn/command", {"X-Exconn-Token": "the-token"}, b"[" * 100_000)
        assert (reply.status, json.loads(reply.text)) == (400, {"error": "the JSON is nested too deeply: nest less"})


async def test_a_dropped_frame_is_a_gap_and_a_duplicate_a_repetition(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as stream:
        await stream.ask(SUBSCRIBE)

        async def next_frame(kind: str | None, client_id: str) -> None:
            if kind is not None:
                fault = {"fault": kind, "channel": "book", "symbol": "USDT_BTC"}
                assert (await bench.control("POST", "fault", fault)).status == 200
            await bench.place("bob", client_id, "bid", "0.1", "60000")
            await asyncio.sleep(0.2)

        await next_frame(None, "a")
        await next_frame("drop_frame", "b")
        await next_frame(None, "c")
        await next_frame("duplicate_frame", "d")
        await next_frame(None, "e")
        firsts = [(await stream.next())["first"] for _ in range(5)]
        assert [first - firsts[0] for first in firsts] == [0, 2, 3, 3, 4]


@pytest.mark.parametrize(("asked", "code"), [({"fault": "cut"}, 1006), ({"fault": "close", "code": 1011}, 1011)])
async def test_sockets_are_killed(open_bench: Any, virtual_world: World, asked: Any, code: int) -> None:
    async with open_bench() as bench, bench.stream("/v1/public") as public, bench.stream("/v1/private") as private:
        await public.ask({"op": "ping"})
        told = json.loads((await bench.control("POST", "fault", {"socket": "public", **asked})).text)
        assert told == {"fault": asked["fault"], "happened": 1}
        assert await public.next() == code
        assert await private.ask({"op": "ping"}) == {"op": "pong"}


async def test_no_fault_is_taken_where_none_would_be_played(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(interference=Undisturbed()) as bench:
        reply = await bench.control("POST", "fault", {"fault": "lost"})
        told = {"error": "this sandbox was given an interference of its own, and no fault would be played"}
        assert (reply.status, json.loads(reply.text)) == (400, told)
        assert json.loads((await bench.control("POST", "schedule", [])).text) == {"faults": 0}


async def test_funds_and_orders_by_others(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await stream.ask(bench.login("alice"))
        await stream.ask({"op": "subscribe", "topics": ["balances", "orders"], "id": 1})
        for kind, amount, left in (("deposit", "5", "15"), ("withdraw", "1", "14")):
            command = {"kind": kind, "account": "alice", "asset": "MXT", "amount": amount}
            assert (await bench.control("POST", "command", command)).status == 200
            assert (await stream.next())["data"] == [{"asset": "MXT", "total": left, "available": left, "held": "0"}]
        order = (await bench.place("alice", "a", "bid", "0.1", "60000")).data
        await bench.control("POST", "command", {"kind": "cancel", "account": "alice", "order_id": order["order_id"]})
        ended = (await bench.call("alice", "GET", "/v1/orders/one?client_id=a")).data
        assert (ended["state"], ended["reason"]) == ("cancelled", "user")


async def test_a_fail_over_drops_what_no_trade_has_touched(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream("/v1/private") as stream:
        await stream.ask(bench.login("alice"))
        for client_id in ("touched", "lost"):
            await bench.place("alice", client_id, "bid", "0.1", "60000")
        await bench.place("bob", "b", "ask", "0.01", "60000")
        await stream.ask({"op": "subscribe", "topics": ["orders", "balances"], "id": 1})
        await bench.control("POST", "command", {"kind": "fail_over"})
        frame, release = [await stream.next() for _ in range(2)]
        lost = frame["data"]
        assert (lost["client_id"], lost["state"], lost["reason"], lost["filled"]) == ("lost", "rejected", "engine", "0")
        assert release["data"] == [{"asset": "USDT", "total": "19400", "available": "14000", "held": "5400"}]
        assert (await bench.call("alice", "GET", "/v1/orders/one?client_id=lost")).data["state"] == "rejected"
        assert (await bench.call("alice", "DELETE", "/v1/orders?client_id=lost")).code == 2014
        assert (await bench.place("alice", "lost", "bid", "0.1", "60000")).code == 2011
        assert [o["client_id"] for o in (await bench.call("alice", "GET", "/v1/orders/open")).data] == ["touched"]


async def test_life_can_be_paused(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(life_every=0.1) as bench:
        await asyncio.sleep(5)
        moved = (await bench.get("/v1/book?symbol=USDT_BTC")).data["seq"]
        assert moved > 48_000
        await bench.control("POST", "command", {"kind": "life", "active": False})
        paused = (await bench.get("/v1/book?symbol=USDT_BTC")).data["seq"]
        await asyncio.sleep(5)
        assert (await bench.get("/v1/book?symbol=USDT_BTC")).data["seq"] == paused


async def test_the_log_has_numbers_to_go_on_from(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        await bench.get("/v1/time")
        (first,) = json.loads((await bench.control("GET", "log")).text)["entries"]
        assert (first["kind"], first["endpoint"]) == ("answered", "time")
        await bench.get("/nowhere")
        (second,) = json.loads((await bench.control("GET", f"log?since={first['number']}")).text)["entries"]
        assert (second["meaning"], second["code"]) == ("no_path", 1404)


def test_a_long_history_forgets_its_beginning_and_nothing_else() -> None:
    history = History(0)
    last = EVERY * (COPIES + 5)
    for sequence in range(1, last + 1):
        size = Decimal(sequence % 7)
        history.record(BookChanged("A-B", sequence, Side.BUY, Decimal(sequence % 50 + 1), size, 0), sequence // 3)
    assert history.book("A-B", 1) is None
    assert history.book("A-B", last + 1) is None
    assert history.book("X-Y", 1) is None
    kept = last - EVERY * (COPIES - 1) + 1  # the first change of the first chapter that is left
    times = [(last, last // 3), (last, last), (kept + 4, (kept + 4) // 3), (None, kept // 3 - 1)]
    assert [history.sequence_at("A-B", at) for _, at in times] == [found for found, _ in times]
    assert history.sequence_at("X-Y", 9) == 0
    for sequence in (last, last - EVERY, last - EVERY - 1, last - 3 * EVERY + 17):
        expected: dict[Decimal, Decimal] = {}
        for each in range(sequence - 49, sequence + 1):
            if each % 7:
                expected[Decimal(each % 50 + 1)] = Decimal(each % 7)
        found = history.book("A-B", sequence)
        assert found is not None
        assert found.bids == tuple(sorted(expected.items(), reverse=True))
