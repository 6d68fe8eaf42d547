"""A stream stays open: login, subscriptions, pings, silence, age, and what comes after each end."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from exconn.codec import Context, Frame, FrameKind, Fresh, Keyring, Ping, Request, Socket, Symbols
from exconn.errors import ExchangeError, Meaning
from exconn.market import MarketSettings, Surroundings
from exconn.market.backoff import Budget
from exconn.market.clock_sync import ClockSync
from exconn.market.freshness import Freshness, MarketTime
from exconn.market.health import Health
from exconn.market.hosts import PinnedHosts
from exconn.market.http import Http
from exconn.market.limiter import Limiter
from exconn.market.websocket import Stream, Wire
from exconn.model import LastPrice, Report
from exconn.testing.virtual import Link, Route, World

ORIGIN = "wss://stream.x.example"


def read(data: str | bytes, context: Context) -> Frame:
    said = json.loads(data)
    kind = FrameKind(said["kind"])
    error = ExchangeError("user", Meaning(said["meaning"]), "7") if kind is FrameKind.ERROR else None
    return Frame(kind, [LastPrice(said["price"])] if "price" in said else [], said.get("answer"), error)


def subscribe(pairs: Sequence[str], verb: str, fresh: Fresh, context: Context) -> list[str]:
    return [json.dumps({"op": verb, "pair": pair, "id": fresh.request_id}) for pair in pairs]


def socket(**changes: Any) -> Socket:
    facts: dict[str, Any] = {
        "name": "user",
        "connect": lambda fresh, context: Request("GET", ORIGIN, "/ws"),
        "subscribe": subscribe,
        "read": read,
        "acknowledges": True,
    }
    return Socket(**(facts | changes))


def login(fresh: Fresh, context: Context) -> str:
    return json.dumps({"op": "login", "nonce": fresh.nonce})


@dataclass
class Server:
    """Answers login and subscriptions unless told otherwise; keeps what it heard, with its time."""

    world: World
    says: Callable[[dict[str, Any]], list[dict[str, Any]]] | None = None
    heard: list[tuple[float, str]] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    refuses: tuple[int, dict[str, str]] | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.refuses is not None:
            self.note("refused")
            return web.Response(status=self.refuses[0], headers=self.refuses[1])
        ours = web.WebSocketResponse(autoping=False)
        await ours.prepare(request)
        self.sockets.append(ours)
        self.note("open")
        async for message in ours:
            if message.type is WSMsgType.PING:
                self.note("protocol ping")
                await ours.pong(message.data)
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                self.note(said["op"])
                for reply in (self.says or usual)(said):
                    await ours.send_json(reply)
        return ours

    def note(self, what: str) -> None:
        self.heard.append((round(self.world.time(), 1), what))

    @property
    def words(self) -> list[str]:
        return [what for _, what in self.heard]


def usual(said: dict[str, Any]) -> list[dict[str, Any]]:
    answers = {"login": "logged_in", "subscribe": "subscribed", "unsubscribe": "subscribed", "ping": "pong"}
    return [{"kind": answers[said["op"]]}] if said["op"] in answers else []


@dataclass
class Listener:
    world: World
    told: list[tuple[float, str]] = field(default_factory=list)

    def opening(self) -> None:
        self.note("opening")

    def opened(self) -> None:
        self.note("opened")

    def received(self, reports: Sequence[Report]) -> None:
        self.note("received")

    def doubted(self, why: str) -> None:
        self.note(f"doubted: {why}")

    def lost(self, pair: str, why: str) -> None:
        self.note(f"lost {pair}: {why}")

    def refused(self, why: str) -> None:
        self.note(f"refused: {why}")

    def closed(self, why: str) -> None:
        self.note(f"closed: {why}")

    def note(self, what: str) -> None:
        self.told.append((round(self.world.time(), 1), what))

    @property
    def words(self) -> list[str]:
        return [what for _, what in self.told]


@dataclass
class Stage:
    stream: Stream
    server: Server
    listener: Listener
    health: Health
    task: "asyncio.Task[None]"
    http: Http

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.http.close()


async def stage(world: World, kind: Socket, pairs: Sequence[str] = ("BTC-USDT",), **settings: Any) -> Stage:
    server, listener = Server(world), Listener(world)
    app = web.Application()
    app.router.add_get("/ws", server.answer)
    await world.network.serve(ORIGIN, app)
    made = MarketSettings(**settings)
    surroundings = Surroundings(world.wall_ns, world.time, world.fork("stream"), lambda: "0" * 32)
    http, health, clock = Http(PinnedHosts({"ws": ORIGIN}), made, world.connector), Health(), ClockSync(surroundings)

    async def prepare(_: Socket) -> None:
        return None

    wire = Wire(
        Context(Keyring((), {}), {"ws": ORIGIN}, Symbols(), {}),
        http,
        Limiter((), world.time),
        Freshness(clock, surroundings),
        MarketTime(surroundings),
        health,
        surroundings,
        made,
        prepare,
        Budget(made.connects_at_once, made.connects_every),
    )
    stream = Stream(kind, lambda: pairs, wire, listener)
    return Stage(stream, server, listener, health, asyncio.create_task(stream.run()), http)


async def test_login_then_subscriptions_then_frames(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(login=login, nonces={"login": "us"}), ("A-B", "C-D"))
    await asyncio.sleep(1)
    assert it.server.words == ["open", "login", "subscribe", "subscribe"]
    assert it.stream.is_live and it.listener.words == ["opening", "opened"]
    await it.server.sockets[0].send_json({"kind": "message", "price": 1})
    await it.server.sockets[0].send_json({"kind": "unreadable"})
    await it.server.sockets[0].send_json({"kind": "server_ping", "answer": '{"op": "my pong"}'})
    await asyncio.sleep(1)
    assert it.listener.words[2:] == ["received", "doubted: a frame is unreadable"]
    assert it.server.words[4:] == ["my pong"]
    await it.close()
    assert it.listener.words[-1] == "closed: cancelled"


async def test_a_refused_login_is_the_exchanges_own_error(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(login=login, nonces={"login": "us"}))
    it.server.says = lambda said: [{"kind": "error", "meaning": "auth"}]
    await asyncio.sleep(2)
    assert isinstance(it.health.account_trouble, ExchangeError)
    assert it.health.account_trouble.meaning is Meaning.AUTH
    assert it.listener.words[0] == "closed: refused while logging_in: user: auth, code 7"
    assert "opening" not in it.listener.words
    await it.close()


async def test_a_login_that_is_never_answered_has_a_deadline(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(login=login, nonces={"login": "us"}))
    it.server.says = lambda said: []
    await asyncio.sleep(11)
    assert it.listener.told[0] == (10.0, "closed: still logging_in after 10 s")
    await it.close()


# what the server does to a live connection, and why it ends
ENDS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "reconnect"}, "closed: the exchange asked for a new connection"),
    ({"kind": "error", "meaning": "auth"}, "closed: user: auth, code 7"),
    ({}, "closed: closed with code 4001"),
]


@pytest.mark.parametrize(("frame", "why"), ENDS)
async def test_each_end_is_followed_by_a_new_opening(virtual_world: World, frame: dict[str, Any], why: str) -> None:
    it = await stage(virtual_world, socket())
    await asyncio.sleep(1)
    if frame:
        await it.server.sockets[0].send_json(frame)
    else:
        await it.server.sockets[0].close(code=4001)
    await asyncio.sleep(13)
    assert why in it.listener.words
    assert it.listener.words[-2:] == ["opening", "opened"]
    assert it.stream.connects == 2
    await it.close()


# what the exchange says out of the blue, on a socket that tells of what, and whether the connection goes on
STRAY: list[tuple[str, tuple[str, ...], float, bool]] = [
    ("unlisted", ("order",), 60, False),
    ("rejected", ("fill", "trade"), 60, False),
    ("unlisted", ("book_update",), 60, False),
    ("rejected", (), 60, False),
    ("rate_limited", ("order",), 60, True),
    ("rate_limited", ("book_update",), 60, True),
    ("rate_limited", ("order",), 5, False),  # so soon it may be the answer to a subscription
    ("already_requested", ("order",), 5, True),
]


@pytest.mark.parametrize(("meaning", "kinds", "after", "goes_on"), STRAY)
async def test_an_error_that_answers_nothing_costs_the_connection(
    virtual_world: World, meaning: str, kinds: tuple[str, ...], after: float, goes_on: bool
) -> None:
    it = await stage(virtual_world, socket(kinds=kinds))
    await asyncio.sleep(after)
    await it.server.sockets[0].send_json({"kind": "error", "meaning": meaning})
    await asyncio.sleep(15)
    why = f"an error that answers nothing: user: {meaning}, code 7"
    assert (f"closed: {why}" in it.listener.words) is not goes_on
    assert (f"refused: {why}" in it.listener.words) is not goes_on
    assert it.stream.connects == (1 if goes_on else 2) and it.stream.is_live
    await asyncio.sleep(300)
    assert it.stream.connects == (1 if goes_on else 2)
    await it.close()


def acknowledged_then_refused(said: dict[str, Any]) -> list[dict[str, Any]]:
    """One frame for several channels, each answered by itself: one is good, the next is not."""
    return [*usual(said), {"kind": "error", "meaning": "unlisted"}] if said["op"] == "subscribe" else usual(said)


@pytest.mark.parametrize("kinds", [("order",), ("book_update",)])
async def test_a_refusal_after_the_first_answer_is_no_storm_and_never_live_again(
    virtual_world: World, kinds: tuple[str, ...]
) -> None:
    it = await stage(virtual_world, socket(kinds=kinds))
    it.server.says = acknowledged_then_refused
    await asyncio.sleep(600)
    assert 10 < it.stream.connects <= 40
    assert not it.stream.is_live
    assert it.listener.words.count("opened") == 1
    assert "closed: refused while settling: user: unlisted, code 7" in it.listener.words
    it.server.says = None
    await asyncio.sleep(45)
    assert it.stream.is_live
    await it.close()


async def test_a_stream_that_settled_is_trusted_again(virtual_world: World) -> None:
    it = await stage(virtual_world, socket())
    it.server.says = acknowledged_then_refused
    await asyncio.sleep(0.02)
    it.server.says = None
    await asyncio.sleep(9.9)
    assert not it.stream.is_live
    await asyncio.sleep(1)
    assert it.stream.is_live and it.stream.connects == 2
    it.stream.reconnect("for the test")
    await asyncio.sleep(2)
    assert it.stream.is_live and it.stream.connects == 3
    await it.close()


async def test_what_says_that_all_is_there_settles(virtual_world: World) -> None:
    it = await stage(virtual_world, socket())
    it.server.says = acknowledged_then_refused
    await asyncio.sleep(0.02)
    it.server.says = None
    await asyncio.sleep(5)
    await it.server.sockets[-1].send_json({"kind": "error", "meaning": "already_requested"})
    await asyncio.sleep(6)
    assert it.stream.is_live and it.stream.connects == 2
    await it.close()


# which of our frames the exchange answers with an error while another pair's channels are joined again
DENIED: list[tuple[str, tuple[str, ...], list[str], int]] = [
    ("unsubscribe", ("book_update",), [], 1),
    ("subscribe", ("book_update",), ["lost A-B: the exchange does not tell it: user: rejected, code 7"], 1),
    ("unsubscribe", ("book_update", "order"), [], 1),
    (
        "subscribe",
        ("book_update", "order"),  # what is left and joined may be the user's
        [f"{word}: an error that answers nothing: user: rejected, code 7" for word in ("refused", "closed")],
        2,
    ),
]


@pytest.mark.parametrize(("verb", "kinds", "told", "connects"), DENIED)
async def test_an_error_that_answers_a_frame_of_ours_is_about_that(
    virtual_world: World, verb: str, kinds: tuple[str, ...], told: list[str], connects: int
) -> None:
    it = await stage(virtual_world, socket(kinds=kinds), ("A-B", "C-D"))
    await asyncio.sleep(60)

    def deny(said: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"kind": "error", "meaning": "rejected"}] if said["op"] == verb else usual(said)

    it.server.says = deny
    await it.stream.resubscribe("A-B")
    await asyncio.sleep(0.01)
    it.server.says = None
    await asyncio.sleep(15)
    assert [word for word in it.listener.words[2:] if word not in ("opening", "opened")] == told
    assert it.stream.connects == connects and it.stream.is_live
    await it.close()


# what comes after our ping, and whether the connection goes on
PINGED: list[tuple[list[dict[str, Any]], bool]] = [
    ([{"kind": "error", "meaning": "rejected"}], True),
    ([{"kind": "error", "meaning": "rejected"}, {"kind": "pong"}], False),
    ([{"kind": "pong"}, {"kind": "error", "meaning": "rejected"}], False),
]


@pytest.mark.parametrize(("answers", "goes_on"), PINGED)
async def test_an_error_is_the_answer_to_a_ping_where_no_pong_comes(
    virtual_world: World, answers: list[dict[str, Any]], goes_on: bool
) -> None:
    ping = Ping(frame=lambda fresh, context: '{"op": "ping"}', every=15)
    it = await stage(virtual_world, socket(kinds=("order",), ping=ping))
    await asyncio.sleep(20)
    it.server.says = lambda said: answers if said["op"] == "ping" else usual(said)
    await asyncio.sleep(15)
    assert it.stream.connects == (1 if goes_on else 2)
    await it.close()


# how the socket is kept alive, and what the server hears of it in a minute of quiet
PINGS: list[tuple[Ping | None, list[tuple[float, str]]]] = [
    (Ping(frame=lambda fresh, context: '{"op": "ping"}', every=20), [(20, "ping"), (40, "ping"), (60, "ping")]),
    (Ping(frame=lambda fresh, context: '{"op": "ping"}', after_silence=25), [(25, "ping"), (50, "ping")]),
    (Ping(every=30), [(30, "protocol ping"), (60, "protocol ping")]),
    (None, [(20, "protocol ping"), (40, "protocol ping"), (60, "protocol ping")]),
]


@pytest.mark.parametrize(("ping", "heard"), PINGS)
async def test_a_quiet_socket_is_pinged_and_kept(
    virtual_world: World, ping: Ping | None, heard: list[tuple[float, str]]
) -> None:
    it = await stage(virtual_world, socket(ping=ping, silence=40))
    await asyncio.sleep(65)
    assert it.stream.connects == 1 and it.stream.is_live
    assert [(round(at), what) for at, what in it.server.heard[2:]] == heard
    await it.close()


async def test_a_stall_is_found(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(silence=40))
    await asyncio.sleep(5)
    virtual_world.network.set_route(Route(up=Link(flow="stall"), down=Link(flow="stall")))
    await asyncio.sleep(42)
    assert it.listener.told[-1] == (40.0, "closed: silent for 40 s")
    virtual_world.network.set_route(Route())
    await asyncio.sleep(15)
    assert it.stream.is_live
    await it.close()


@pytest.mark.parametrize("is_answered", [True, False])
async def test_where_pings_are_answered_two_and_a_half_without_a_frame_are_a_stall(
    virtual_world: World, is_answered: bool
) -> None:
    ping = Ping(frame=lambda fresh, context: '{"op": "ping"}', every=10)
    it = await stage(virtual_world, socket(silence=60, ping=ping))
    if not is_answered:
        it.server.says = lambda said: [] if said["op"] == "ping" else usual(said)
    await asyncio.sleep(15)
    virtual_world.network.set_route(Route(up=Link(flow="stall"), down=Link(flow="stall")))
    await asyncio.sleep(50)
    told = (35.0, "closed: silent for 25 s") if is_answered else (60.0, "closed: silent for 60 s")
    assert it.listener.told[-1] == told
    await it.close()


async def test_a_connection_is_replaced_at_its_greatest_age(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(lives=100.0, silence=40))
    await asyncio.sleep(205)
    assert [word for word in it.listener.words if word.startswith("closed")] == [
        "closed: as old as a connection may be, 100 s"
    ] * 2
    assert it.stream.is_live
    await it.close()


async def test_accept_then_close_is_no_storm(virtual_world: World) -> None:
    it = await stage(virtual_world, socket())

    def hang_up(said: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"kind": "reconnect"}]

    it.server.says = hang_up
    await asyncio.sleep(600)
    assert 20 < it.stream.connects <= 40
    await it.close()


async def test_all_sockets_share_one_budget(virtual_world: World) -> None:
    it = await stage(virtual_world, socket())
    other = Stream(socket(), lambda: ("C-D",), it.stream._wire, it.listener)
    running = asyncio.create_task(other.run())
    it.server.says = lambda said: [{"kind": "reconnect"}]
    await asyncio.sleep(600)
    assert 20 < it.stream.connects + other.connects <= 40
    assert min(it.stream.connects, other.connects) > 5
    running.cancel()
    await it.close()


async def test_healthy_connections_cost_nothing_of_the_budget(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(lives=30.5))
    await asyncio.sleep(3600)
    assert it.stream.connects > 110  # each lived 30.5 s and was followed at once
    await it.close()


# what a handshake is answered with, and until when no request goes out
BANS = [
    (418, {"Retry-After": "9"}, 9.0),
    (418, {}, 120.0),
    (429, {"Retry-After": "9"}, 9.0),
    (429, {}, 10.0),
]


@pytest.mark.parametrize(("status", "headers", "until"), BANS)
async def test_a_ban_met_by_a_handshake_holds_for_every_request(
    virtual_world: World, status: int, headers: dict[str, str], until: float
) -> None:
    it = await stage(virtual_world, socket())
    it.server.refuses = (status, headers)
    await asyncio.sleep(1)
    it.server.refuses = None
    assert it.stream._wire.limiter.throttled_for(()) == pytest.approx(until - 1, abs=0.1)
    await asyncio.sleep(until - 1.5)
    assert it.server.words == ["refused"] and it.stream.connects == 1
    await asyncio.sleep(2)
    assert it.stream.is_live
    await it.close()


async def test_leaving_and_joining_one_pair(virtual_world: World) -> None:
    it = await stage(virtual_world, socket(), ("A-B", "C-D"))
    await asyncio.sleep(1)
    await it.stream.resubscribe("A-B")
    await asyncio.sleep(1)
    assert it.server.words[3:] == ["unsubscribe", "subscribe"]
    assert it.stream.connects == 1
    await it.close()


async def test_a_stall_while_subscribing_is_found(virtual_world: World) -> None:
    """More is to be written than the network takes: who writes waits, and the clock must not wait with him."""
    it = await stage(virtual_world, socket(silence=5.0), [f"A{number:05d}-USDT" for number in range(30_000)])

    def stall(said: dict[str, Any]) -> list[dict[str, Any]]:
        virtual_world.network.set_route(Route(up=Link(flow="hold"), down=Link(flow="hold")))
        return []

    it.server.says = stall
    await asyncio.sleep(30)
    assert it.listener.words[:2] == ["opening", "closed: silent for 5 s"]
    await it.close()


async def test_a_defect_of_ours_costs_one_connection(virtual_world: World, caplog: pytest.LogCaptureFixture) -> None:
    def broken(data: str | bytes, context: Context) -> Frame:
        if "price" in str(data):
            raise KeyError("price")
        return read(data, context)

    it = await stage(virtual_world, socket(read=broken))
    await asyncio.sleep(1)
    await it.server.sockets[0].send_json({"kind": "message", "price": 1})
    await asyncio.sleep(5)
    assert it.stream.is_live and it.stream.connects == 2
    assert "socket user failed" in caplog.text and "KeyError" in caplog.text
    await it.close()


async def test_an_error_that_says_that_all_is_under_way_raises_no_doubt(virtual_world: World) -> None:
    it = await stage(virtual_world, socket())
    await asyncio.sleep(1)
    await it.server.sockets[0].send_json({"kind": "error", "meaning": "already_requested"})
    await asyncio.sleep(1)
    assert it.listener.words[2:] == []
    assert it.stream.connects == 1
    await it.close()
