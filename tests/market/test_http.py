"""What goes out is what was signed, once; what comes back is bounded; each failure says what it proves."""

import asyncio
from traceback import walk_tb
from typing import Any

import pytest
from aiohttp import web

from exconn.codec import Request
from exconn.errors import ExconnError, HostRefused, NotSent, Redirected, Throttled, Unanswered, UsageError
from exconn.market import MarketSettings
from exconn.market.hosts import PinnedHosts
from exconn.market.http import Http
from exconn.testing.virtual import Link, Route, World

ORIGIN = "https://api.x.example"
SETTINGS = MarketSettings(body_limit=1000)


class Exchange:
    """Keeps what it got, byte for byte, and answers as its paths are called."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, list[tuple[str, str]], bytes]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        headers = [(name.decode(), value.decode()) for name, value in request.raw_headers]
        self.got.append((request.method, request.raw_path, headers, await request.read()))
        what = request.path.rpartition("/")[2]
        if what == "redirect":
            return web.Response(status=307, headers={"Location": "https://evil.example/"})
        if what == "cookie":
            return web.Response(headers={"Set-Cookie": "a=b"})
        if what == "long":
            return web.Response(body=b"x" * 1001)
        if what == "slow":
            await asyncio.sleep(60)
        if what in ("reset", "late-reset"):
            assert request.transport is not None
            request.transport.abort()
        if what in ("429", "503"):
            return web.Response(status=int(what), headers={"Retry-After": "7"})
        return web.Response(body=b"fine", headers={"X-Used": "3"})


async def serve(world: World) -> tuple[Exchange, Http]:
    exchange, app = Exchange(), web.Application()
    app.router.add_route("*", "/{path:.*}", exchange.answer)
    await world.network.serve(ORIGIN, app)
    return exchange, Http(PinnedHosts({"rest": ORIGIN}), SETTINGS, world.connector)


@pytest.mark.parametrize("is_ordered", [False, True])
@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("DELETE", b""), ("POST", b'{"a":"\xc3\xa9"}')])
async def test_a_request_goes_out_as_it_is(virtual_world: World, method: str, body: bytes, is_ordered: bool) -> None:
    exchange, http = await serve(virtual_world)
    given = (("X-B", "2"), ("x-a", "1"), ("X-C", "a b"))
    target = "/v1/%7E?b=1&a=%2F+%20"
    written = asyncio.get_running_loop().create_future() if is_ordered else None
    answer = await http.send(Request(method, ORIGIN, target, given, body), written)
    await http.close()
    assert (answer.status, answer.body, answer.headers["x-used"]) == (200, b"fine", "3")
    assert written is None or written.done()
    sent_method, sent_target, headers, sent_body = exchange.got[0]
    assert (sent_method, sent_target, sent_body) == (method, target, body)
    assert headers[0] == ("Host", "api.x.example")
    assert [pair for pair in headers if pair[0].lower().startswith("x-")] == list(given)
    others = {name for name, _ in headers} - {"Host", "X-B", "x-a", "X-C"}
    assert others <= {"User-Agent", "Accept-Encoding", "Content-Length"}


FAILURES: list[tuple[str, type[ExconnError], str]] = [
    ("/redirect", Redirected, "GET: HTTP 307, a redirect; redirects are never followed"),
    ("/long", Unanswered, "GET: the answer is longer than 1000 bytes"),
    ("/slow", Unanswered, "GET: no answer within 10 s"),
    ("/reset", Unanswered, "GET: ServerDisconnectedError"),
]


@pytest.mark.parametrize(("target", "kind", "message"), FAILURES)
async def test_failures_say_what_they_prove(
    virtual_world: World, target: str, kind: type[ExconnError], message: str
) -> None:
    exchange, http = await serve(virtual_world)
    with pytest.raises(kind) as caught:
        await http.send(Request("GET", ORIGIN, f"{target}?signature=s3cret"))
    await http.close()
    assert str(caught.value) == message
    assert caught.value.__context__ is None and caught.value.__cause__ is None  # theirs hold the signed URL
    assert len(exchange.got) == 1


async def test_a_refused_connection_sends_nothing(virtual_world: World) -> None:
    exchange, http = await serve(virtual_world)
    virtual_world.network.set_route(Route(entry="refuse"))
    with pytest.raises(NotSent, match=r"GET: no connection to https://api\.x\.example: "):
        await http.send(Request("GET", ORIGIN, "/?signature=s3cret"))
    virtual_world.network.set_route(Route(entry="stall"))
    with pytest.raises(NotSent, match="ConnectionTimeoutError"):
        await http.send(Request("POST", ORIGIN, "/", (), b"x"))
    await http.close()
    assert exchange.got == []


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
async def test_nothing_is_ever_sent_again(virtual_world: World, method: str) -> None:
    exchange, http = await serve(virtual_world)
    await http.send(Request("GET", ORIGIN, "/warm"))
    with pytest.raises(Unanswered):
        await http.send(Request(method, ORIGIN, "/late-reset"))
    await http.close()
    assert [target for _, target, _, _ in exchange.got] == ["/warm", "/late-reset"]


async def test_cookies_are_not_kept(virtual_world: World) -> None:
    exchange, http = await serve(virtual_world)
    for _ in range(2):
        await http.send(Request("GET", ORIGIN, "/cookie"))
    await http.close()
    assert all(name != "Cookie" for name, _ in exchange.got[1][2])


async def test_the_shared_session_reaches_the_exchange_only(virtual_world: World) -> None:
    _, http = await serve(virtual_world)
    async with http.session.get(f"{ORIGIN}/fine") as response:
        assert await response.read() == b"fine"
    with pytest.raises(HostRefused, match=r"https://evil.example:443 is not a host of this exchange"):
        await http.session.get("https://evil.example/")
    with pytest.raises(Redirected):
        await http.session.get(f"{ORIGIN}/redirect")
    await http.close()
    with pytest.raises(UsageError, match="this market is stopped"):
        await http.send(Request("GET", ORIGIN, "/"))


HANDSHAKES: list[tuple[str, type[ExconnError], str]] = [
    ("/redirect", Redirected, "a redirect"),
    ("/429", Throttled, "handshake: HTTP 429"),
    ("/503", Unanswered, "handshake: HTTP 503"),
    ("/fine", Unanswered, "handshake: HTTP 200"),
]


@pytest.mark.parametrize(("target", "kind", "message"), HANDSHAKES)
async def test_handshakes_that_fail(virtual_world: World, target: str, kind: type[ExconnError], message: str) -> None:
    exchange, http = await serve(virtual_world)
    with pytest.raises(kind, match=message) as caught:
        await http.connect(Request("GET", ORIGIN.replace("https", "wss"), target))
    await http.close()
    assert caught.value.retry_after == (7 if target == "/429" else None)
    assert len(exchange.got) == 1


async def test_written_comes_before_the_answer(virtual_world: World) -> None:
    _, http = await serve(virtual_world)
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    sending = asyncio.create_task(http.send(Request("POST", ORIGIN, "/slow", (), b"x"), written))
    await written
    assert virtual_world.time() < 1 and not sending.done()
    with pytest.raises(Unanswered):
        await sending
    await http.close()


async def test_a_body_that_stalls_is_unanswered(virtual_world: World) -> None:
    _, http = await serve(virtual_world)
    await http.send(Request("GET", ORIGIN, "/fine"))
    virtual_world.network.set_route(Route(down=Link(flow="stall")))
    outcome: Any = await asyncio.gather(http.send(Request("GET", ORIGIN, "/fine")), return_exceptions=True)
    await http.close()
    assert isinstance(outcome[0], Unanswered)


def shown(error: BaseException) -> str:
    """What a traceback with the locals of our frames would show, of the error and of what it came from."""
    texts = [repr(error)]
    for frame, _ in walk_tb(error.__traceback__):
        if frame.f_code.co_filename != __file__:
            texts += [f"{name}={value!r}" for name, value in frame.f_locals.items()]
    texts += [shown(other) for other in (error.__cause__, error.__context__) if other is not None]
    return "\n".join(texts)


@pytest.mark.parametrize("target", ["/redirect", "/long", "/slow", "/reset", "/%0a#x"])
@pytest.mark.parametrize("is_handshake", [False, True])
async def test_an_error_brings_nothing_of_the_request_with_it(
    virtual_world: World, target: str, is_handshake: bool
) -> None:
    _, http = await serve(virtual_world)
    origin = ORIGIN.replace("https", "wss") if is_handshake else ORIGIN
    send = http.connect if is_handshake else http.send
    with pytest.raises(ExconnError) as caught:
        await send(Request("GET", origin, f"{target}?signature=s3cret", (("X-KEY", "s3cret"),)))
    await http.close()
    assert "s3cret" not in shown(caught.value)


async def test_a_credential_with_a_line_end_is_named(virtual_world: World) -> None:
    exchange, http = await serve(virtual_world)
    with pytest.raises(UsageError, match="the header X-KEY would hold a line end or the like") as caught:
        await http.send(Request("GET", ORIGIN, "/", (("X-KEY", "s3cret\n"),)))
    await http.close()
    assert exchange.got == [] and "s3cret" not in str(caught.value)
