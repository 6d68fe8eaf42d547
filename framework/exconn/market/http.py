"""The HTTP client: sends a codec's request exactly as it was signed, and reads an answer no longer than it may be.

Rules: the bytes of target, headers and body go out as they are, once: aiohttp's own resending is off. No redirect is
followed, no environment is asked for a proxy, no cookie is kept; every URL passes the pinned hosts just before it is
sent, also handshakes. A failure before the first byte is NotSent, any later one Unanswered; no message holds a URL,
header or body.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias, TypeVar

import aiohttp
from multidict import CIMultiDict

from exconn.codec import Answer, Request
from exconn.errors import ExconnError, NotSent, Redirected, Throttled, Unanswered, UsageError
from exconn.market.hosts import PinnedHosts
from exconn.market.limit_answers import BANNED, TOO_MANY
from exconn.market.settings import MarketSettings

Connectors: TypeAlias = Callable[[], aiohttp.BaseConnector]
"""Makes the connector of a session, inside the running loop."""

WebSocket: TypeAlias = aiohttp.ClientWebSocketResponse[bool]

T = TypeVar("T")

_OWN_HEADERS = (("User-Agent", "exconn"), ("Accept-Encoding", "gzip, deflate"))
_NOT_ADDED = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")


class Http:
    """One client session. Made anywhere, opened by its first use inside a running loop, closed once."""

    def __init__(self, hosts: PinnedHosts, settings: MarketSettings, connector: Connectors | None = None) -> None:
        self._hosts = hosts
        self._settings = settings
        self._connector = connector or aiohttp.TCPConnector
        self._sessions: _Sessions | None = None
        self._closed = False

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session; every request through it passes the pinned hosts too."""
        return self._opened().shared

    def _opened(self) -> "_Sessions":
        if self._closed:
            raise UsageError("this market is stopped; make a new one to send requests")
        if self._sessions is None:
            connector = self._connector()
            self._sessions = _Sessions(
                self._session(connector, (self._gate,), owns=True),
                self._session(connector),
                self._session(connector, traced=True),
            )
        return self._sessions

    def _session(
        self,
        connector: aiohttp.BaseConnector,
        gates: Sequence[aiohttp.ClientMiddlewareType] = (),
        owns: bool = False,
        traced: bool = False,
    ) -> aiohttp.ClientSession:
        session = aiohttp.ClientSession(
            connector=connector,
            connector_owner=owns,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            skip_auto_headers=_NOT_ADDED,
            middlewares=gates,
            timeout=self._timeout(),
            trace_configs=[_writing_traced()] if traced else None,
        )
        # aiohttp would send a GET or DELETE again, byte for byte, when a pooled connection was closed meanwhile.
        session._retry_connection = False
        return session

    def _timeout(self) -> aiohttp.ClientTimeout:
        connect = self._settings.connect_timeout
        return aiohttp.ClientTimeout(total=self._settings.request_timeout, connect=connect, sock_connect=connect)

    async def _gate(self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        """What every request through the shared session passes last, the handshakes of websockets and each step of a
        redirect among them."""
        self._hosts.check(request.url)
        return _not_redirected(await handler(request))

    async def send(self, request: Request, written: "asyncio.Future[None] | None" = None) -> Answer:
        """The answer to one request. `written` is done as soon as the request has been handed to its connection."""
        outcome = await self._tried(self._exchange(request, written), request, written)
        if isinstance(outcome, ExconnError):
            raise outcome
        return outcome

    async def _tried(
        self, work: Coroutine[Any, Any, T], request: Request, written: "asyncio.Future[None] | None"
    ) -> T | ExconnError:
        """What came of it, a failure as a value: the frames of the way down hold the signed URL and the headers, so no
        error may carry them with it, neither as its traceback nor as its context."""
        try:
            return await work
        except ExconnError as error:
            return error.with_traceback(None)
        except (aiohttp.ClientError, OSError) as error:
            return self._named(error, request, written)

    async def _exchange(self, request: Request, written: "asyncio.Future[None] | None") -> Answer:
        url = self._hosts.url_of(request)
        sessions, session, context = self._opened(), None, None
        if written is not None:
            session, context = sessions.traced, SimpleNamespace(written=written, by_body=bool(request.body))
        response = await (session or sessions.plain).request(
            request.method,
            url,
            headers=_headers(request),
            data=request.body or None,
            allow_redirects=False,
            trace_request_ctx=context,
        )
        async with _not_redirected(response):
            body = await self._body(response, request)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, body)

    async def _body(self, response: aiohttp.ClientResponse, request: Request) -> bytes:
        limit = self._settings.body_limit
        length = response.content_length
        if length is not None and length <= limit and "Content-Encoding" not in response.headers:
            return await response.read()
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > limit:
                response.close()
                raise Unanswered(f"{request.method}: the answer is longer than {limit} bytes")
        return bytes(body)

    async def connect(self, request: Request) -> WebSocket:
        """A websocket. Throttled where the exchange wants fewer handshakes, NotSent or Unanswered for others."""
        outcome = await self._tried(self._handshake(request), request, None)
        if isinstance(outcome, ExconnError):
            raise outcome
        return outcome

    async def _handshake(self, request: Request) -> WebSocket:
        url = self._hosts.url_of(request)
        settings = self._settings
        async with asyncio.timeout(settings.handshake_timeout):
            return await self.session.ws_connect(
                url,
                headers=_headers(request),
                autoping=False,
                max_msg_size=settings.frame_limit,
                timeout=aiohttp.ClientWSTimeout(ws_close=settings.close_timeout),
                decode_text=True,
            )

    def _named(
        self, error: Exception, request: Request, written: "asyncio.Future[None] | None"
    ) -> NotSent | Unanswered | Throttled:
        """One of aiohttp's failures as ours, saying nothing that the request holds."""
        if isinstance(error, aiohttp.WSServerHandshakeError):
            wait = _seconds(error.headers.get("Retry-After") if error.headers else None)
            why = f"handshake: HTTP {error.status}"
            is_throttled, is_banned = error.status in (TOO_MANY, BANNED), error.status == BANNED
            return Throttled(why, wait, is_banned) if is_throttled else Unanswered(why)
        if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
            told = error.strerror if isinstance(error, OSError) else None
            return NotSent(f"{request.method}: no connection to {request.origin}: {told or type(error).__name__}")
        why = f"no answer within {self._settings.request_timeout:g} s"
        why = f"{request.method}: {why if isinstance(error, TimeoutError) else type(error).__name__}"
        if written is not None and not written.done():
            return NotSent(f"{why}, before anything was written")
        return Unanswered(why)

    async def close(self) -> None:
        """Close all connections. Sending afterwards is a UsageError."""
        self._closed = True
        sessions, self._sessions = self._sessions, None
        for session in reversed(sessions or ()):
            await session.close()


class _Sessions(NamedTuple):
    """Three ways through one connector. `shared` is also for others, so it has the gate; `plain` and `traced` are for
    what `send` has checked itself, and only the last tells when a request is written: both cost time."""

    shared: aiohttp.ClientSession
    plain: aiohttp.ClientSession
    traced: aiohttp.ClientSession


def _not_redirected(response: aiohttp.ClientResponse) -> aiohttp.ClientResponse:
    if 300 <= response.status < 400:
        response.close()
        raise Redirected(f"{response.method}: HTTP {response.status}, a redirect; redirects are never followed")
    return response


def _headers(request: Request) -> CIMultiDict[str]:
    for name, value in request.headers:
        if not value.isprintable():
            raise UsageError(f"the header {name} would hold a line end or the like; were the credentials pasted whole?")
    headers = CIMultiDict(request.headers)
    for name, value in _OWN_HEADERS:
        headers.setdefault(name, value)
    return headers


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 7 else None


def _writing_traced() -> aiohttp.TraceConfig:
    """Marks a request as written when its last part, head or body, is handed to the connection."""

    async def head_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        if not context.trace_request_ctx.by_body:
            _mark(context.trace_request_ctx.written)

    async def body_sent(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        _mark(context.trace_request_ctx.written)

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(head_sent)
    trace.on_request_chunk_sent.append(body_sent)
    return trace


def _mark(written: "asyncio.Future[None]") -> None:
    if not written.done():
        written.set_result(None)
