"""One websocket connection from its handshake to its end: login, subscriptions, pings, the silence watchdog.

Rules: the steps to being live follow `codec.login`, each with a deadline; three tasks share the socket (one opens it,
one reads frames, one keeps time) and the first to end ends the connection with its reason; a gap in the exchange's own
count of a connection's frames ends it too, and so does an error that answers nothing which is under way, unless it is
about pace: what was agreed on before may be gone. Any frame, a pong too, counts as a sign of life. Closing has a limit
in time whatever the other side does.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from aiohttp import ClientConnectionError, WSMsgType

from exconn.codec import Context, Frame, FrameKind, Socket, login, remember
from exconn.errors import ExchangeError, Meaning
from exconn.market.http import WebSocket
from exconn.market.limiter import Kind
from exconn.market.pulse import Pulse
from exconn.market.under_way import PING, SNAPSHOT, SUBSCRIBE, UnderWay

if TYPE_CHECKING:
    from exconn.market.websocket import Stream, Wire

_ENDS = frozenset({Meaning.AUTH, Meaning.MAINTENANCE})
"""Errors that end a live connection: a login that expired, an exchange that goes down."""

_DATA = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})


class Connection:
    """`context`: this connection's own. `settles`: how long no error may come before it is live. `lived`: seconds since
    it became live. `error`: the exchange's own, where one ended it."""

    def __init__(
        self,
        socket: Socket,
        pairs: Sequence[str],
        websocket: WebSocket,
        wire: "Wire",
        stream: "Stream",
        each: Mapping[str, str],
        context: Context,
        settles: float = 0.0,
    ) -> None:
        now, step_seconds = wire.time.steady(), wire.settings.handshake_timeout
        self.error: ExchangeError | None = None
        self._socket = socket
        self._context = context
        self._pairs = pairs
        self._websocket = websocket
        self._wire = wire
        self._stream = stream
        self._each = each
        self._login = login.start(socket.login is not None, socket.acknowledges, now, step_seconds, settles)
        self._under_way, self._pulse = UnderWay(step_seconds), Pulse(socket.ping, socket.silence)
        self._began = self._last_frame = self._last_ping = now
        self._live_since: float | None = None
        self._request_id = 0
        self._count: int | None = None
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def is_live(self) -> bool:
        return self._live_since is not None and not self._ended.done()

    @property
    def was_live(self) -> bool:
        return self._live_since is not None

    @property
    def lived(self) -> float:
        return 0.0 if self._live_since is None else self._wire.time.steady() - self._live_since

    def end(self, why: str) -> None:
        """Leave as soon as possible."""
        if not self._ended.done():
            self._ended.set_result(why)

    async def serve(self) -> str:
        """Live until something ends it; gives the reason."""
        tasks = [asyncio.create_task(work) for work in (self._open(), self._read(), self._keep_time())]
        try:
            await asyncio.wait([*tasks, self._ended], return_when=asyncio.FIRST_COMPLETED)
            return self._reason(tasks)
        except (ClientConnectionError, OSError) as error:
            return f"the connection broke: {type(error).__name__}"
        finally:
            await self._close(tasks)

    async def _open(self) -> str:
        """Log in and subscribe; then there is nothing to do but to stay."""
        await self._take(login.Connected())
        return await asyncio.shield(self._ended)

    def _reason(self, tasks: Sequence["asyncio.Task[str]"]) -> str:
        if self._ended.done():
            return self._ended.result()
        return next(task.result() for task in tasks if task.done())

    async def _close(self, tasks: Sequence["asyncio.Task[str]"]) -> None:
        self.end("closed")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(self._wire.settings.close_timeout):
                await self._websocket.close()
        except (TimeoutError, ClientConnectionError, OSError):
            pass

    async def _read(self) -> str:
        websocket, stream, time = self._websocket, self._stream, self._wire.time
        while True:
            message = await websocket.receive()
            self._last_frame = time.steady()
            stream.heard()
            if message.type in _DATA:
                await self._frame(self._socket.read(message.data, self._context))
            elif message.type is WSMsgType.PING:
                await websocket.pong(message.data)
            elif message.type is WSMsgType.PONG:
                stream.answers_pings = True
            else:
                return f"closed with code {websocket.close_code}"

    async def _frame(self, frame: Frame) -> None:
        kind = frame.kind
        if frame.count is not None and self._has_gap(frame.count):
            self.end("frames were lost: the count of this connection has a gap")
            return
        if kind is FrameKind.MESSAGE:
            if self._under_way.waiting:
                self._under_way.came(frame.reports)
            self._stream.received(frame.reports)
        elif kind is FrameKind.SUBSCRIBED:
            remember(self._context, frame)
            self._under_way.acknowledged(self._wire.time.steady())
            await self._take(login.Acknowledged())
        elif kind is FrameKind.LOGGED_IN:
            await self._take(login.LoggedIn())
        elif kind is FrameKind.SERVER_PING:
            await self._send(frame.answer or "")
        elif kind is FrameKind.RECONNECT:
            self.end("the exchange asked for a new connection")
        elif kind is FrameKind.ERROR:
            await self._refused(frame.error or ExchangeError(self._socket.name, Meaning.UNLISTED))
        elif kind is FrameKind.PONG:
            self._stream.answers_pings = True
            mistaken = self._under_way.pong()
            if mistaken is not None:
                await self._refused(mistaken)
        elif kind in (FrameKind.UNKNOWN, FrameKind.UNREADABLE):
            self._stream.doubted(f"a frame is {kind.value}")

    def _has_gap(self, count: int) -> bool:
        before, self._count = self._count, count
        return before is not None and count != before + 1

    async def _refused(self, error: ExchangeError) -> None:
        if self._ended.done():
            return
        if self.is_live:
            self._judge(error)
        elif not (self._is_settling and error.meaning is Meaning.ALREADY_REQUESTED):
            self.error, phase = error, self._login.phase
            is_login = phase is login.LoginPhase.LOGGING_IN
            self._stream.refused(f"refused while {phase.value}: {error}", error, is_login)
            await self._take(login.Refused(str(error)))

    @property
    def _is_settling(self) -> bool:
        return self._login.phase is login.LoginPhase.SETTLING

    def _judge(self, error: ExchangeError) -> None:
        """An error on a live connection: the answer to something, or the end of what was relied on."""
        asked = self._under_way.blame(error, self._wire.time.steady())
        if error.meaning is Meaning.ALREADY_REQUESTED:  # what was asked for comes already, and nothing was missed
            return
        if error.meaning in _ENDS:
            self._lose(error, str(error))
        elif asked is not None and (asked.what != SUBSCRIBE or self._stream.is_public):
            self._stream.denied(asked, error)
        elif error.meaning is Meaning.RATE_LIMITED and self.lived >= self._wire.settings.handshake_timeout:
            self._stream.doubted(f"the exchange sent an error: {error}", error)
        else:
            self._lose(error, f"an error that answers nothing: {error}")

    def _lose(self, error: ExchangeError, why: str) -> None:
        """What the connection tells may be gone, without another word of it."""
        self.error = error
        self._stream.refused(why, error)
        self.end(why)

    async def _take(self, event: login.LoginEvent) -> None:
        """A step on the way to being live."""
        self._login, effects = login.step(self._login, event, self._wire.time.steady())
        for effect in effects:
            if isinstance(effect, login.SendLogin):
                await self._send_login()
            elif isinstance(effect, login.SendSubscriptions):
                self._stream.opening()
                await self._take(login.Sent(await self.send_subscriptions(self._pairs, "subscribe")))
            elif isinstance(effect, login.Ready):
                self._live_since = self._wire.time.steady()
                self._stream.opened()
            else:
                self.end(effect.why)

    async def _send_login(self) -> None:
        if self._socket.login is None:
            return
        async with self._wire.freshness.in_order:
            fresh = self._wire.freshness.fresh(self._socket.nonces.get("login"), self._next_id())
            await self._send(self._socket.login(fresh, self._context))

    async def send_subscriptions(self, pairs: Sequence[str], verb: str) -> int:
        """How many frames were sent; 0 where this socket has none for the verb."""
        unit, freshness = self._socket.nonces.get("subscribe"), self._wire.freshness
        async with freshness.in_order if unit is not None else nullcontext():
            fresh = freshness.fresh(unit, self._next_id())
            frames = self._socket.subscribe(pairs, verb, fresh, self._context)
            following = max(0, len(frames) - 1)
            self._request_id += following
            if unit is not None:
                freshness.nonces.raise_to(unit, fresh.nonce + following)
            for frame in frames:
                if self.is_live and (verb == SUBSCRIBE or self._socket.acknowledges):
                    self._under_way.asked(verb, self._wire.time.steady(), ",".join(pairs))
                await self._send(frame)
        return len(frames)

    async def ask_snapshot(self, pair: str) -> bool:
        """Ask for the book of a pair; False where this socket has no frame for it."""
        if self._socket.ask_snapshot is None:
            return False
        fresh = self._wire.freshness.fresh(None, self._next_id())
        self._under_way.asked(SNAPSHOT, self._wire.time.steady(), pair)
        await self._send(self._socket.ask_snapshot(pair, fresh, self._context))
        return True

    def _next_id(self) -> int:
        self._request_id += 1
        return self._request_id

    async def _send(self, text: str) -> None:
        if self._socket.sends is not None:
            async with self._wire.limiter.slot(((self._socket.sends, 1),), Kind.OTHER, self._each):
                pass
        await self._websocket.send_str(text)

    async def _keep_time(self) -> str:
        time = self._wire.time
        while True:
            await asyncio.sleep(max(0.0, self._next_moment() - time.steady()))
            now = time.steady()
            if now >= self._last_frame + (silence := self._pulse.silence(self._stream.answers_pings)):
                return f"silent for {silence:g} s"
            if self._socket.lives is not None and now >= self._began + self._socket.lives:
                return f"as old as a connection may be, {self._socket.lives:g} s"
            if self._live_since is None and now >= self._login.deadline:
                await self._take(login.Passed())
            if now >= self._ping_due():
                self._last_ping = now
                await self._ping()

    def _next_moment(self) -> float:
        moments = [self._last_frame + self._pulse.silence(self._stream.answers_pings), self._ping_due()]
        if self._socket.lives is not None:
            moments.append(self._began + self._socket.lives)
        if self._live_since is None and not self._ended.done():
            moments.append(self._login.deadline)
        return min(moments)

    def _ping_due(self) -> float:
        return self._pulse.ping_due(self._last_frame, self._last_ping)

    async def _ping(self) -> None:
        ping = self._socket.ping
        if ping is None or ping.frame is None:
            await self._websocket.ping()
        else:
            if self._stream.answers_pings:
                self._under_way.asked(PING, self._wire.time.steady())
            await self._send(ping.frame(self._wire.freshness.fresh(None, self._next_id()), self._context))
