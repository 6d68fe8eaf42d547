"""The websockets of the page: subscriptions, errors, login, deadlines, closes, and the frames of the book."""

import asyncio
import json
from typing import Any

import aiohttp
import aiohttp.web
import pytest

from exconn.testing.virtual import World

PUBLIC, PRIVATE = "/v1/public", "/v1/private"
BOOK = "book:USDT_BTC"


def error(request: Any, number: Any, code: int, text: str) -> dict[str, Any]:
    return {"op": "error", "request": request, "id": number, "code": code, "msg": text}


UNREADABLE = "unreadable frame"
MANY = [f"t{number}" for number in range(101)]
REFUSED: list[tuple[Any, Any]] = [
    ("hello", error(None, None, 3001, UNREADABLE)),
    ("[1]", error(None, None, 3001, UNREADABLE)),
    ('{"op": NaN}', error(None, None, 3001, UNREADABLE)),
    ({}, error(None, None, 3001, UNREADABLE)),
    ('{"op": "\\ud800"}', error(None, None, 3001, UNREADABLE)),
    ('{"op": "subscribe", "topics": ["\\ud800"], "id": 4}', error(None, None, 3001, UNREADABLE)),
    ({"op": 5}, error(None, None, 3001, UNREADABLE)),
    ({"op": "dance"}, error("dance", None, 3001, UNREADABLE)),
    ({"op": "ping", "id": 1}, error("ping", None, 3001, UNREADABLE)),
    ({"op": "subscribe", "id": 4}, error("subscribe", 4, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": [BOOK]}, error("subscribe", None, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": [BOOK], "id": "4"}, error("subscribe", None, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": [BOOK], "id": 4.5}, error("subscribe", None, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": [BOOK], "id": True}, error("subscribe", None, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": BOOK, "id": 4}, error("subscribe", 4, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": [7], "id": 4}, error("subscribe", 4, 3001, UNREADABLE)),
    ({"op": "subscribe", "topics": [BOOK], "id": 4, "x": 1}, error("subscribe", 4, 3001, UNREADABLE)),
    ('{"op": "subscribe", "topics": [], "id": 4, "id": 4}', error(None, None, 3001, UNREADABLE)),
    ({"op": "ping", "x": "y" * 16384}, error(None, None, 3001, UNREADABLE)),
    (
        {"op": "subscribe", "topics": ["book:USDT_XYZ"], "id": 2},
        error("subscribe", 2, 3002, "unknown topic book:USDT_XYZ"),
    ),
    (
        {"op": "subscribe", "topics": [BOOK, "orders", "x"], "id": 2},
        error("subscribe", 2, 3002, "unknown topic orders"),
    ),
    ({"op": "unsubscribe", "topics": ["x"], "id": 3}, error("unsubscribe", 3, 3002, "unknown topic x")),
    ({"op": "subscribe", "topics": MANY, "id": 2}, error("subscribe", 2, 3006, "too many topics")),
    ({"op": "subscribe", "topics": ["x"] * 2000, "id": 2}, error("subscribe", 2, 3006, "too many topics")),
    ({"op": "login", "key": 5}, error("login", None, 3004, "login not expected")),
]


@pytest.mark.parametrize(("frame", "answer"), REFUSED, ids=lambda value: str(value)[:50])
async def test_a_refused_frame_is_answered_and_the_connection_stays(
    open_bench: Any, virtual_world: World, frame: Any, answer: Any
) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        assert await stream.ask(frame) == answer
        assert await stream.ask({"op": "ping"}) == {"op": "pong"}
        assert not bench.sandbox.exchange.accounts(house=True)[1:]


async def test_a_binary_frame_is_unreadable(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        await stream.socket.send_bytes(b'{"op": "ping"}')
        assert await stream.next() == error(None, None, 3001, UNREADABLE)


async def test_subscribing_twice_and_leaving_what_is_not_there(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        for number, op in enumerate(["unsubscribe", "subscribe", "subscribe", "unsubscribe", "unsubscribe"]):
            answer = await stream.ask({"op": op, "topics": [BOOK], "id": number})
            assert answer == {"op": op, "id": number, "code": 0, "topics": [BOOK]}
        await bench.place("bob", "b", "bid", "1", "60000")
        await asyncio.sleep(1)
        assert await stream.ask({"op": "ping"}) == {"op": "pong"}


async def test_a_bad_topic_refuses_all(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        assert (await stream.ask({"op": "subscribe", "topics": [BOOK, "x"], "id": 1}))["code"] == 3002
        await bench.place("bob", "b", "bid", "1", "60000")
        await asyncio.sleep(1)
        assert await stream.ask({"op": "ping"}) == {"op": "pong"}


LOGINS = [
    ({"key": None}, 1020, "missing or malformed key"),
    ({"time": "1"}, 1020, "missing or malformed time"),
    ({"nonce": 0}, 1020, "missing or malformed nonce"),
    ({"nonce": 1.5}, 1020, "missing or malformed nonce"),
    ({"sign": "x"}, 1020, "missing or malformed sign"),
    ({"extra": 1}, 1020, "missing or malformed extra"),
    ({"key": "nobody"}, 1024, "unknown key"),
    ({"sign": "A" * 88}, 1023, "wrong signature"),
    ({"time": 1}, 1021, "time 1 is outside the window, exchange time is 1700000000000"),
    ({"nonce": 5}, 1022, "nonce 5 is not greater than 5"),
]


@pytest.mark.parametrize(("changes", "code", "text"), LOGINS)
async def test_a_refused_login_closes(
    open_bench: Any, virtual_world: World, changes: Any, code: int, text: str
) -> None:
    async with open_bench() as bench, bench.stream(PRIVATE) as stream:
        await bench.call("alice", "GET", "/v1/key", nonce="5")
        frame = bench.login("alice", **{"nonce": 6, **changes})
        frame = {name: value for name, value in frame.items() if value is not None}
        assert await stream.ask(frame) == error("login", None, code, text)
        assert await stream.next() == 4001


async def test_before_and_after_login(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PRIVATE) as stream:
        assert await stream.ask({"op": "ping"}) == {"op": "pong"}
        subscribe = {"op": "subscribe", "topics": ["orders"], "id": 9}
        assert await stream.ask(subscribe) == error("subscribe", 9, 3003, "login first")
        assert await stream.ask({**subscribe, "id": "x"}) == error("subscribe", None, 3001, UNREADABLE)
        assert await stream.ask(bench.login("alice")) == {"op": "login", "code": 0}
        assert await stream.ask(bench.login("bob")) == error("login", None, 3004, "login not expected")
        assert await stream.ask({**subscribe, "topics": [BOOK]}) == error("subscribe", 9, 3002, f"unknown topic {BOOK}")
        assert (await stream.ask(subscribe))["code"] == 0
        await bench.place("bob", "b", "bid", "1", "60000")
        await bench.place("alice", "a", "bid", "0.1", "60000")
        assert (await stream.next())["data"]["client_id"] == "a"


async def test_a_socket_s_times_are_microseconds(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(now_ns=lambda: 1_767_225_600_262_118_999) as bench, bench.stream(PRIVATE) as stream:
        await stream.ask(bench.login("alice"))
        await stream.ask({"op": "subscribe", "topics": ["orders"], "id": 1})
        rest = (await bench.place("alice", "a", "bid", "0.1", "60000")).data
        frame = await stream.next()
        assert (rest["created"], rest["updated"]) == (1767225600262, 1767225600262)
        moments = frame["ts"], frame["data"]["created"], frame["data"]["updated"]
        assert moments == (1767225600262118,) * 3


CLOSES = [
    (PUBLIC, {"op": "ping"}, 30, 4000),
    (PRIVATE, {"op": "ping"}, 10, 4002),
]


@pytest.mark.parametrize(("path", "frame", "after", "code"), CLOSES)
async def test_deadlines(open_bench: Any, virtual_world: World, path: str, frame: Any, after: float, code: int) -> None:
    async with open_bench() as bench, bench.stream(path) as stream:
        begun = virtual_world.time()
        await stream.ask(frame)
        assert await stream.next() == code
        assert virtual_world.time() - begun == pytest.approx(after, abs=0.01)


async def test_frames_keep_a_connection_and_protocol_pings_do_not(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        for _ in range(5):
            await asyncio.sleep(25)
            assert await stream.ask({"op": "ping"}) == {"op": "pong"}
        await asyncio.sleep(25)
        await stream.socket.ping()
        begun = virtual_world.time()
        assert await stream.next() == 4000
        assert virtual_world.time() - begun == pytest.approx(5, abs=0.01)


@pytest.mark.virtual(timeout=90_000)
async def test_the_greatest_age(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        begun = virtual_world.time()
        answer: Any = None
        for _ in range(5000):
            answer = await stream.ask({"op": "ping"})
            if answer != {"op": "pong"}:
                break
            await asyncio.sleep(20)
        assert answer == 4003
        assert 86400 <= virtual_world.time() - begun <= 86421


async def test_too_many_frames(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        for _ in range(10):
            assert await stream.ask({"op": "ping"}) == {"op": "pong"}
        assert await stream.ask({"op": "ping"}) == error(None, None, 3005, "too many frames")
        assert await stream.next() == 4004


async def test_too_many_handshakes(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        for _ in range(30):
            async with bench.stream(PUBLIC):
                pass
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await bench.session.ws_connect(f"wss://api.myexchange.example{PUBLIC}")
        assert refused.value.status == 429
        assert int(refused.value.headers["Retry-After"]) == 60  # type: ignore[index]
        await asyncio.sleep(60)
        async with bench.stream(PUBLIC):
            pass


async def test_maintenance_and_a_revoked_key_close(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench:
        async with bench.stream(PRIVATE) as private, bench.stream(PUBLIC) as public:
            await private.ask(bench.login("alice"))
            await bench.control("POST", "command", {"kind": "revoke_key", "api_key": "key-alice"})
            assert await private.next() == 4001
            assert (await bench.call("alice", "GET", "/v1/key")).code == 1024
            await bench.control("POST", "command", {"kind": "maintenance", "active": True})
            assert await public.next() == 1012
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await bench.session.ws_connect(f"wss://api.myexchange.example{PUBLIC}")
        assert refused.value.status == 503


async def test_a_client_that_does_not_wait_for_its_pong(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no mistake of the exchange that nobody is there to take the pong."""
    gone: list[bytes] = []

    async def pong(socket: aiohttp.web.WebSocketResponse, message: bytes = b"") -> None:
        gone.append(message)
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    monkeypatch.setattr(aiohttp.web.WebSocketResponse, "pong", pong)
    async with open_bench() as bench:
        async with bench.stream(PUBLIC) as stream:
            await stream.socket.ping(b"here")
        await asyncio.sleep(1)
        assert (gone, bench.sandbox.connections, caplog.text) == ([b"here"], (), "")


async def test_a_slow_reader_is_closed(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        await stream.ask({"op": "subscribe", "topics": ["trades:USDT_BTC"], "id": 1})
        await bench.place("bob", "b", "ask", "1", "60000")
        for number in range(6000):  # all of it between two turns of the writer
            (connection,) = bench.sandbox._connections
            connection.tell("trades", ("public", "trades", "BTC-USDT"), "BTC-USDT", json.dumps({"n": number}).encode())
        while isinstance(frame := await stream.next(), dict):
            pass
        assert frame == 4005


async def test_a_reader_that_takes_nothing_is_cut_off(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        await stream.ask({"op": "ping"})
        (connection,) = bench.sandbox._connections

        async def never(*args: Any, **options: Any) -> None:
            await asyncio.Event().wait()

        connection._ws.send_str = never  # as when the client's window is closed
        connection.say(b"{}")
        await asyncio.sleep(0)
        for _ in range(6000):
            connection.say(b"{}")
        await asyncio.sleep(9)
        assert bench.sandbox._connections
        await asyncio.sleep(2)
        assert not bench.sandbox._connections
        assert await stream.next() == 1006


async def test_a_frame_that_nobody_foresaw_is_internal(
    open_bench: Any, virtual_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        monkeypatch.setattr(bench.sandbox.desk, "rule", lambda *words: 1 / 0)
        frame = {"op": "subscribe", "topics": [BOOK], "id": 1}
        assert await stream.ask(frame) == error("subscribe", 1, 1500, "internal error")
        assert await stream.ask({"op": "ping"}) == {"op": "pong"}
        assert "ZeroDivisionError" in (await bench.control("GET", "log")).text


async def levels(bench: Any, sequence: int) -> tuple[dict[str, str], dict[str, str]]:
    data = json.loads((await bench.control("GET", f"book?symbol=USDT_BTC&seq={sequence}")).text)
    assert data["seq"] == sequence
    return dict(data["bids"]), dict(data["asks"])


async def test_the_book_frames_build_the_book_at_every_sequence(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(life_every=0.05, seed=5) as bench, bench.stream(PUBLIC) as stream:
        await stream.ask({"op": "subscribe", "topics": [BOOK, "trades:USDT_BTC"], "id": 1})
        frames: list[Any] = []
        while len(frames) < 60:
            frame = await stream.next()
            frames += [frame] if frame["topic"] == "book" else []
        start = frames[0]["first"] - 1
        sides = await levels(bench, start)
        last = start
        for frame in frames:
            assert frame["first"] == last + 1 <= frame["last"]
            last = frame["last"]
            for side, name in zip(sides, ("bids", "asks"), strict=True):
                prices = [price for price, _ in frame[name]]
                assert len(prices) == len(set(prices))
                for price, size in frame[name]:
                    key = price.rstrip("0").rstrip(".") if "." in price else price
                    side[key] = size
                    if size == "0":
                        del side[key]
            assert sides == await levels(bench, last)
            assert max(map(float, sides[0])) < min(map(float, sides[1]))


async def test_a_snapshot_joins_the_stream(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(life_every=0.03) as bench, bench.stream(PUBLIC) as stream:
        await stream.ask({"op": "subscribe", "topics": [BOOK], "id": 1})
        await asyncio.sleep(1.05)
        seq = (await bench.get("/v1/book?symbol=USDT_BTC")).data["seq"]
        frame = await stream.next()
        while frame["last"] <= seq:
            frame = await stream.next()
        assert frame["first"] <= seq + 1 <= frame["last"]


async def test_trades_of_one_operation_are_one_frame(open_bench: Any, virtual_world: World) -> None:
    async with open_bench() as bench, bench.stream(PUBLIC) as stream:
        await stream.ask({"op": "subscribe", "topics": ["trades:USDT_BTC"], "id": 1})
        await bench.place("bob", "b1", "ask", "0.01", "65010.00")
        await bench.place("bob", "b2", "ask", "0.05", "65012.50")
        await bench.place("alice", "a", "bid", "0.03", None)
        frame = await stream.next()
        assert [(trade["price"], trade["size"], trade["taker"]) for trade in frame["trades"]] == [
            ("65010.00", "0.01", "bid"),
            ("65012.50", "0.02", "bid"),
        ]
        assert list(frame) == ["topic", "symbol", "ts", "trades"]
        assert frame["ts"] == frame["trades"][-1]["ts"]


async def test_the_answer_to_leaving_is_the_last_word(open_bench: Any, virtual_world: World) -> None:
    async with open_bench(life_every=0.01) as bench, bench.stream(PUBLIC) as stream:
        topics = [BOOK, "trades:USDT_BTC"]
        assert "op" in await stream.ask({"op": "subscribe", "topics": topics, "id": 1})
        await asyncio.sleep(2)
        await stream.send({"op": "unsubscribe", "topics": topics, "id": 2})
        while "op" not in (frame := await stream.next()):
            assert frame["topic"] in ("book", "trades")
        assert frame["id"] == 2
        await asyncio.sleep(2)
        assert await stream.ask({"op": "ping"}) == {"op": "pong"}
