"""The awkward forms of sockets through a market's own connections: specs of invented exchanges, compiled, over
websockets of the memory network."""

import asyncio
import gzip
import hmac
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from exconn.codec import Codec, Context
from exconn.compile import compile_spec
from exconn.market import MarketSettings, Surroundings
from exconn.market.ground import lay_ground
from exconn.market.websocket import Stream
from exconn.model import Report, TradingRule
from exconn.spec import read_spec
from exconn.testing.virtual import World

IMAGINARY = Path(__file__).parents[1] / "imaginary"
PAIRS = ("BTC-USDT", "ETH-USDT")
Says = Callable[["Venue", Any], list[str | bytes]]


@dataclass
class Venue:
    """An exchange of one socket: answers each frame by `says`, and keeps the handshakes and frames with their time."""

    world: World
    says: Says
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    handshakes: list[web.Request] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    heard_at: list[float] = field(default_factory=list)
    handshakes_at: list[float] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.WebSocketResponse:
        ours = web.WebSocketResponse()
        await ours.prepare(request)
        self.sockets.append(ours)
        self.handshakes.append(request)
        self.handshakes_at.append(self.world.time())
        async for message in ours:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                self.heard.append(said)
                self.heard_at.append(round(self.world.time(), 2))
                for reply in self.says(self, said):
                    await self.say(reply, ours)
        return ours

    async def say(self, frame: str | bytes, on: web.WebSocketResponse | None = None) -> None:
        to = on or self.sockets[-1]
        await (to.send_str(frame) if isinstance(frame, str) else to.send_bytes(frame))


@dataclass
class Listener:
    reports: list[Report] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def opening(self) -> None:
        self.told.append("opening")

    def opened(self) -> None:
        self.told.append("opened")

    def received(self, reports: Sequence[Report]) -> None:
        self.reports += reports

    def doubted(self, why: str) -> None:
        self.told.append(f"doubted: {why}")

    def lost(self, pair: str, why: str) -> None:
        self.told.append(f"lost {pair}: {why}")

    def refused(self, why: str) -> None:
        self.told.append(f"refused: {why}")

    def closed(self, why: str) -> None:
        self.told.append(f"closed: {why}")


@dataclass
class Stage:
    venue: Venue
    listener: Listener
    stream: Stream
    context: Context


def codec_of(name: str) -> Codec:
    return compile_spec(read_spec(IMAGINARY / f"{name}.yaml"))


@asynccontextmanager
async def staged(
    world: World, name: str, says: Says, socket: str = "public", rest: web.Application | None = None
) -> AsyncIterator[Stage]:
    """A stream of the socket of an imaginary spec on a market's own ground, and the venue that it talks to."""
    codec = codec_of(name)
    facts = codec.facts
    credentials = {each.name: "demo" for each in facts.credentials}
    surroundings = Surroundings(world.wall_ns, world.time, world.fork("stream"), lambda: "0" * 32)
    ground = lay_ground(codec, PAIRS, credentials, None, surroundings, MarketSettings(), world.connector)
    rules = [
        TradingRule(trading_pair=pair, symbols=dict.fromkeys(facts.forms, pair.replace("-", ""))) for pair in PAIRS
    ]
    ground.context.symbols.learn(rules)
    venue, listener = Venue(world, says), Listener()
    app = web.Application()
    app.router.add_get("/{tail:.*}", venue.answer)
    learnt = [origin for origins in ground.context.learnt.values() for origin in origins]
    for origin in learnt or [ground.context.hosts["ws"]]:
        await world.network.serve(origin, app)
    if rest is not None:
        await world.network.serve(ground.context.hosts["rest"], rest)
    stream = Stream(ground.codec.sockets[socket], lambda: PAIRS, ground.wire, listener)
    running = asyncio.create_task(stream.run())
    try:
        yield Stage(venue, listener, stream, ground.context)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await ground.http.close()


def opens_channels(venue: Venue, said: Any) -> list[str | bytes]:
    """Numbers go on where the last connection ended."""
    number = len(venue.heard)
    about = {"channel": said["channel"], "chanId": number, "pair": said["symbol"].removeprefix("t")}
    return [json.dumps({"event": "subscribed", **about})]


async def test_numbered_channels_and_their_end_with_the_connection(virtual_world: World) -> None:
    async with staged(virtual_world, "numbered-channels", opens_channels) as it:
        await asyncio.sleep(1)
        assert it.stream.is_live
        await it.venue.say('[2, ["3500.1", "2", "buy"]]')
        await it.venue.say('[4, "te", [401, 1767225600250, -0.25, 3500.2]]')
        await it.venue.say('[4, "hb"]')
        await asyncio.sleep(1)
        assert [(report.pair, type(report).__name__) for report in it.listener.reports] == [
            ("ETH-USDT", "BookUpdate"),
            ("ETH-USDT", "PublicTrade"),
        ]
        assert it.listener.told == ["opening", "opened"]
        it.stream.reconnect("for the test")
        await asyncio.sleep(3)
        assert it.listener.told[-3:] == ["closed: for the test", "opening", "opened"]
        it.listener.reports.clear()
        await it.venue.say('[2, ["3500.1", "2", "buy"]]')
        await it.venue.say('[5, ["65000.1", "2", "buy"]]')
        await asyncio.sleep(1)
        assert it.listener.told[-1] == "doubted: a frame is unknown"
        assert [report.pair for report in it.listener.reports] == ["BTC-USDT"]
        assert it.context.opened == {}


def packs(venue: Venue, said: Any) -> list[str | bytes]:
    answers = [{"id": said["id"], "status": "ok", "subbed": said["sub"]}] if "sub" in said else []
    return [gzip.compress(json.dumps(answer).encode()) for answer in answers]


async def test_packed_frames_and_the_exchanges_own_pings(virtual_world: World) -> None:
    async with staged(virtual_world, "packed-frames", packs) as it:
        await asyncio.sleep(1)
        assert it.stream.is_live
        tick = {"bids": [[65000.1, 0.5]], "asks": [[65000.2, 1]]}
        book = {"ch": "market.ETHUSDT.depth.step0", "ts": 1767225600250, "tick": tick}
        await it.venue.say(gzip.compress(json.dumps(book).encode()))
        await it.venue.say(gzip.compress(b'{"ping": 1767225600250}'))
        await it.venue.say(gzip.compress(b" " * 20_000_000))
        await asyncio.sleep(1)
        assert [report.pair for report in it.listener.reports] == ["ETH-USDT"]
        assert it.venue.heard[-1] == {"pong": 1767225600250}
        assert it.listener.told == ["opening", "opened", "doubted: a frame is unreadable"]


def gives_addresses(asked: list[str], public: str) -> web.Application:
    """The REST side of an exchange that gives an address and a token of its own for each connection."""

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        where = public if request.path == "/bullet-public" else "wss://push.quoin.example:8443/"
        data = {"token": f"t{len(asked)}", "servers": [{"endpoint": where}]}
        return web.json_response({"code": 0, "data": data})

    app = web.Application()
    app.router.add_post("/{tail:.*}", answer)
    return app


def acknowledges(venue: Venue, said: Any) -> list[str | bytes]:
    return [json.dumps({"id": said["id"], "type": "ack"})]


async def test_each_connection_goes_where_it_was_told_to_with_its_own_token(virtual_world: World) -> None:
    asked: list[str] = []
    rest = gives_addresses(asked, "wss://ws-api.quoin.example/endpoint")
    async with staged(virtual_world, "negotiated-address", acknowledges, rest=rest) as it:
        await asyncio.sleep(1)
        assert it.stream.is_live
        it.stream.reconnect("for the test")
        await asyncio.sleep(3)
        assert asked == ["/bullet-public"] * 2  # the user's own token is none of this socket's business
        assert [each.path_qs for each in it.venue.handshakes] == [
            f"/endpoint?token=t{number}&connectId={'0' * 32}" for number in (1, 2)
        ]
        assert [each["topic"] for each in it.venue.heard[:2]] == [
            "/market/level2:BTCUSDT,ETHUSDT",
            "/market/match:BTCUSDT,ETHUSDT",
        ]


async def test_an_address_that_is_not_listed_is_refused(virtual_world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    asked: list[str] = []
    rest = gives_addresses(asked, "wss://ws-api.quoin.example.evil.example/endpoint?token=abc")
    async with staged(virtual_world, "negotiated-address", acknowledges, rest=rest) as it:
        await asyncio.sleep(1)
        assert asked and not it.stream.is_live and it.venue.handshakes == []
    said = "the exchange gave wss://ws-api.quoin.example.evil.example for 'ws', which is not listed; nothing was sent"
    assert said in caplog.text and "abc" not in caplog.text


async def test_a_gap_in_the_connections_count_ends_it(virtual_world: World) -> None:
    async with staged(virtual_world, "token-subscriptions", lambda venue, said: []) as it:
        await asyncio.sleep(1)
        for number in (0, 1, 3):
            await it.venue.say(json.dumps({"channel": "heartbeats", "sequence_num": number}))
        await asyncio.sleep(0.5)
        assert "closed: frames were lost: the count of this connection has a gap" in it.listener.told
        await asyncio.sleep(5)
        assert it.stream.connects == 2
        await it.venue.say('{"channel": "heartbeats", "sequence_num": 0}')  # each connection counts anew
        await it.venue.say('{"channel": "heartbeats"}')
        await it.venue.say('{"channel": "heartbeats", "sequence_num": 1}')
        await asyncio.sleep(1)
        assert it.stream.connects == 2


async def test_frames_and_ages_keep_their_limits(virtual_world: World) -> None:
    async with staged(virtual_world, "token-subscriptions", lambda venue, said: ['{"channel": "subscriptions"}']) as it:
        await asyncio.sleep(3)
        first, second = it.venue.heard_at[:2]
        assert second - first >= 1  # one frame a second
        await asyncio.sleep(320)
        assert it.listener.told.count("closed: as old as a connection may be, 300 s") == 1
        assert it.stream.is_live and it.stream.connects == 2


async def test_connections_keep_their_limit(virtual_world: World) -> None:
    def hang_up(venue: Venue, said: Any) -> list[str | bytes]:
        venue.sockets[-1].get_extra_info("transport").close()
        return []

    async with staged(virtual_world, "token-subscriptions", hang_up) as it:
        await asyncio.sleep(300)
    at = it.venue.handshakes_at
    assert len(at) > 10
    assert all(later - earlier >= 60 for earlier, later in zip(at, at[5:], strict=False))  # five a minute


async def test_a_signed_handshake_and_a_token_in_the_subscription(virtual_world: World) -> None:
    asked: list[str] = []

    async def token(request: web.Request) -> web.Response:
        asked.append(request.headers["X-KEY"])
        return web.json_response({"code": 0, "data": {"token": f"token-{len(asked)}"}})

    def subscribed(venue: Venue, said: Any) -> list[str | bytes]:
        return ['{"method": "subscribe", "success": true}']

    rest = web.Application()
    rest.router.add_post("/token", token)
    async with staged(virtual_world, "token-subscriptions", subscribed, "user", rest) as it:
        await asyncio.sleep(1)
        it.stream.reconnect("for the test")
        await asyncio.sleep(3)
        assert it.stream.is_live and asked == ["demo", "demo"]
        assert [said["params"]["token"] for said in it.venue.heard] == ["token-1", "token-2"]
        for handshake in it.venue.handshakes:
            told = handshake.headers
            signed = f"{told['X-TIME']}GET/v2".encode()
            assert told["X-SIGN"] == hmac.new(b"demo", signed, "sha256").hexdigest()


async def test_a_refused_token_keeps_no_public_socket_away(virtual_world: World) -> None:
    rest = web.Application()  # knows no /token
    async with staged(virtual_world, "token-subscriptions", lambda venue, said: [], rest=rest) as it:
        await asyncio.sleep(1)
        assert len(it.venue.handshakes) == 1
