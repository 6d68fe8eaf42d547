"""One websocket connection: its deadlines, its subscriptions, and the frames on their way out.

Rules:
- Frames leave in the order in which they were decided, answers and events alike, one writer a connection.
- Deadlines are loop timers: silence counts from the client's last text frame, login and age from the handshake.
- A reader that is too far behind is closed. After a close is decided nothing more is sent, and a client that does not
  take its end is cut off.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec
from aiohttp import WSMessage, WSMsgType, web

from .actions.market_data import BookRow
from .audience import Place
from .dialect.scope import Scope
from .dialect.sockets import SocketRules
from .feed import Feed
from .interference import Frame, Interference
from .keys import Key
from .pinging import Pinger

_SIZE = 16 << 20
_ALIVE = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG)
_PATIENCE = 10.0  # seconds in which a client must take what is on its way, and the close


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The end of the outgoing frames: close with a code."""

    code: int


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping among the outgoing frames."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Seat:
    """One subscription: the topic as the client named it, what is heard (None: nothing), its number, whose it is."""

    topic: str
    place: Place | None
    number: int | None
    key: Key | None


class Connection:
    """A connection as the server holds it; hashed by identity. `key` and `since` (ns) are set by the login."""

    __slots__ = (
        "_closing",
        "_counts",
        "_feed",
        "_heard",
        "_interference",
        "_loop",
        "_out",
        "_pinger",
        "_said",
        "_seats",
        "_timers",
        "_transport",
        "_wake",
        "_ws",
        "address",
        "connected",
        "key",
        "name",
        "number",
        "rules",
        "since",
        "tokens",
        "topics",
        "wrapped",
    )

    def __init__(
        self, name: str, rules: SocketRules, feed: Feed, interference: Interference, address: str, now: int
    ) -> None:
        self.name, self.rules, self.address, self.connected = name, rules, address, now
        self.key: Key | None = None
        self.since: int | None = None
        self.topics: dict[str, Seat] = {}
        self._seats: dict[Place, list[Seat]] = {}
        self.tokens: dict[str, Key] = {}
        self._counts: dict[Place, int] = {}
        self.wrapped = False
        self.number = 0
        self._feed, self._interference = feed, interference
        self._ws = web.WebSocketResponse(max_msg_size=_SIZE, compress=True, timeout=5.0, autoping=False)
        self._transport: asyncio.Transport | None = None
        self._out: deque[str | Ping | Goodbye] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._loop = asyncio.get_running_loop()
        self._heard = self._said = self._loop.time()
        self._timers: list[asyncio.TimerHandle] = []
        end = partial(self.close, "unanswered")
        self._pinger = None if rules.pings is None else Pinger(rules.pings, self._ping, self.later, end)

    async def serve(
        self,
        request: web.Request,
        hear: Callable[[Connection, WSMessage], None],
        begin: Callable[[Connection], None],
    ) -> web.WebSocketResponse:
        """Shake hands and `begin`, then pass every message of the client to `hear` until the connection ends."""
        await self._ws.prepare(request)
        self._transport = request.transport
        self._start_deadlines()
        self._greet()
        writer = asyncio.create_task(self._write(), name=f"sandbox writer {self.name}")
        self._interference.meet(self)
        begin(self)
        try:
            while True:
                message = await self._ws.receive()
                if message.type not in _ALIVE:
                    break
                if message.type is WSMsgType.TEXT:
                    self._heard = self._loop.time()
                if self._interference.passes(self):
                    await self._take(message, hear)
        finally:
            self._end()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return self._ws

    async def _take(self, message: WSMessage, hear: Callable[[Connection, WSMessage], None]) -> None:
        if message.type is WSMsgType.PING:
            await self._ws.pong(message.data)
        elif message.type is WSMsgType.PONG and self._pinger is not None:
            self._pinger.hear(bytes(message.data))
        elif message.type is not WSMsgType.PONG and not self._closing:
            hear(self, message)

    def say(self, data: bytes) -> None:
        """Send a frame."""
        if self._closing or not self._interference.passes(self):
            return
        if len(self._out) >= self.rules.behind:
            self._out.clear()
            self.close("too_slow")
            return
        self._out.append(data.decode())
        self._said = self._loop.time()
        self._wake.set()

    def _ping(self, payload: bytes) -> bool:
        """Send a ping; whether it goes out."""
        if self._closing or not self._interference.passes(self):
            return False
        self._out.append(Ping(payload))
        self._wake.set()
        return True

    def count(self, place: Place) -> int:
        """The number of the next frame of a subscription."""
        self._counts[place] = self._counts.get(place, 0) + 1
        return self._counts[place]

    def see(self, channel: str, row: BookRow) -> BookRow:
        """What this client is told of a book."""
        return self._interference.book(self, channel, row)

    def tell(self, event: str, place: Place, topic: str, data: bytes) -> None:
        """Send an event frame to each of the client's subscriptions of a place, unless something comes between."""
        for seat in tuple(self._seats.get(place, ())):
            for delivery in self._interference.frames(Frame(event, self, place[1], topic, self._wrap(seat, data))):
                if delivery.after:
                    self.later(delivery.after, partial(self.say, delivery.data))
                else:
                    self.say(delivery.data)

    def _wrap(self, seat: Seat, data: bytes) -> bytes:
        if self.rules.event is None or not self.wrapped:
            return data
        scope = Scope(0, reply=msgspec.Raw(data), topic=seat.topic, subscription=seat.number)
        return msgspec.json.encode(self.rules.event({}, scope))

    def close(self, why: str) -> None:
        """Close, after what is on its way, with the code that the dialect has for the reason (1000 without one)."""
        self.close_with(self.rules.closes.get(why, 1000))

    def close_with(self, code: int) -> None:
        """Close with a code, after what is on its way."""
        if not self._closing:
            self._closing = True
            self._out.append(Goodbye(code))
            self._wake.set()
            self._leave_all()
            self.later(_PATIENCE, self.abort)

    def abort(self) -> None:
        """Cut the connection without a word."""
        self._closing = True
        if self._transport is not None:
            self._transport.abort()

    def take_number(self) -> int:
        """The number of the next subscription."""
        self.number += 1
        return self.number - 1

    def join(self, name: str, seat: Seat) -> None:
        """Hear what a subscription is for from now on."""
        self.leave(name)
        self.topics[name] = seat
        if seat.place is not None:
            self._seats.setdefault(seat.place, []).append(seat)
            self._feed.audience.join(seat.place, self)

    def leave(self, name: str) -> None:
        """End a subscription."""
        seat = self.topics.pop(name, None)
        if seat is None or seat.place is None:
            return
        self._seats[seat.place].remove(seat)
        if not self._seats[seat.place]:
            del self._seats[seat.place]
            self._counts.pop(seat.place, None)
            self._feed.audience.leave(seat.place, self)

    def logged_in(self, key: Key, now: int) -> None:
        """From now on the connection is the key's."""
        self.key, self.since = key, now

    def log_out(self) -> None:
        """Forget the login without a word: what is the account's is heard no more."""
        self.key = self.since = None
        for name, seat in tuple(self.topics.items()):
            if seat.place is not None and self.rules.channels[seat.place[1]].private:
                self.leave(name)

    def _start_deadlines(self) -> None:
        rules = self.rules
        if rules.silence is not None:
            self._heard = self._loop.time()
            self.later(rules.silence, self._check_silence)
        if rules.login_within is not None and rules.needs_login:
            self.later(rules.login_within, self._check_login)
        if rules.lives is not None:
            self.later(rules.lives, lambda: self.close("too_old"))
        if self._pinger is not None:
            self._pinger.start()
        if rules.heartbeat is not None:
            self.later(rules.heartbeat.seconds, self._beat)

    def _greet(self) -> None:
        if self.rules.greeting is not None:
            number = int(self.name.rpartition("-")[2])
            self.say(msgspec.json.encode(self.rules.greeting({}, Scope(self._feed.now_ns(), count=number))))

    def _beat(self) -> None:
        """Say that there is nothing to say, where that has been so for long enough."""
        heartbeat = self.rules.heartbeat
        if heartbeat is None or self._closing:
            return
        left = self._said + heartbeat.seconds - self._loop.time()
        if left <= 0:
            left = heartbeat.seconds
            if self.topics:
                self.say(msgspec.json.encode(heartbeat.render({}, Scope(self._feed.now_ns()))))
        self.later(left, self._beat)

    def later(self, delay: float, check: Callable[[], None]) -> None:
        """Call after some seconds, unless the connection has ended."""
        self._timers = [timer for timer in self._timers if timer.when() > self._loop.time()]
        self._timers.append(self._loop.call_later(delay, check))

    def _check_silence(self) -> None:
        silence = self.rules.silence or 0
        left = self._heard + silence - self._loop.time()
        if left <= 0:
            self.close("silence")
        else:
            self.later(left, self._check_silence)

    def _check_login(self) -> None:
        if self.key is None:
            self.close("login_late")

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._out:
                item = self._out.popleft()
                try:
                    if isinstance(item, Goodbye):
                        await self._ws.close(code=item.code)
                        return
                    if isinstance(item, Ping):
                        await self._ws.ping(item.payload)
                    else:
                        await self._ws.send_str(item)
                except (ConnectionError, RuntimeError):
                    return  # the client is gone; the reading side ends the connection

    def _leave_all(self) -> None:
        for topic in tuple(self.topics):
            self.leave(topic)

    def _end(self) -> None:
        self._closing = True
        self._leave_all()
        for timer in self._timers:
            timer.cancel()
