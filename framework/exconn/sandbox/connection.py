"""One websocket connection: its deadlines, its subscriptions, and the frames on their way out.

Rules:
- Answers and events leave alike, in the order in which they were decided.
- Deadlines are loop timers: silence counts from the client's last text frame, login and age from the handshake.
- A reader that is too far behind is closed. After a close is decided nothing more is sent, and a client that does not
  take its end is cut off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
from aiohttp import WSMessage, WSMsgType, web

from .actions.market_data import BookRow
from .audience import Place
from .dialect.scope import Scope
from .dialect.socket_rules import SocketRules
from .feed import Feed
from .interference import Frame, Interference
from .keys import Key
from .outgoing import Goodbye, Outgoing, Ping
from .pinging import Pinger
from .seats import Seat, Seats
from .timers import Silence, Timers

_log = logging.getLogger(__name__)
_SIZE = 16 << 20
_ALIVE = (WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG)
_PATIENCE = 10.0  # seconds in which a client must take what is on its way, and the close


class Connection:
    """A connection as the server holds it; hashed by identity. `key` and `since` (ns) are set by the login."""

    __slots__ = (
        "_closing",
        "_feed",
        "_interference",
        "_out",
        "_pinger",
        "_quiet",
        "_silence",
        "_timers",
        "_transport",
        "_ws",
        "address",
        "connected",
        "key",
        "name",
        "rules",
        "seats",
        "since",
        "tokens",
        "unit",
        "wrapped",
    )

    def __init__(
        self, name: str, rules: SocketRules, feed: Feed, interference: Interference, address: str, now: int
    ) -> None:
        self.name, self.rules, self.address, self.connected = name, rules, address, now
        self.key: Key | None = None
        self.since: int | None = None
        self.seats = Seats(feed.audience, self)
        self.tokens: dict[str, Key] = {}
        self.wrapped = False
        self.unit: str | None = None
        self._feed, self._interference = feed, interference
        self._ws = web.WebSocketResponse(max_msg_size=_SIZE, compress=True, timeout=5.0, autoping=False)
        self._transport: asyncio.Transport | None = None
        self._out = Outgoing(self._ws)
        self._closing = False
        self._timers = Timers()
        self._silence = None if rules.silence is None else Silence(rules.silence, self._timers, self._fall_silent)
        self._quiet = None if rules.heartbeat is None else Silence(rules.heartbeat.seconds, self._timers, self._beat)
        end = partial(self.close, "unanswered")
        self._pinger = None if rules.pings is None else Pinger(rules.pings, self._ping, self._timers.later, end)

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
        try:
            self._interference.meet(self)
            begin(self)
            while True:
                message = await self._ws.receive()
                if message.type not in _ALIVE:
                    break
                if message.type is WSMsgType.TEXT and self._silence is not None:
                    self._silence.hear()
                if self._interference.passes(self):
                    await self._take(message, hear)
        finally:
            self._end()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return self._ws

    async def _write(self) -> None:
        try:
            await self._out.write()
        except Exception:
            _log.exception("the writer of %s failed, its connection is cut", self.name)
            self.abort()

    async def _take(self, message: WSMessage, hear: Callable[[Connection, WSMessage], None]) -> None:
        if message.type is WSMsgType.PING:
            with suppress(ConnectionError):  # a client that has gone meanwhile: what is read next says so
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
            self._out.drop()
            self.close("too_slow")
            return
        self._out.put(data.decode())
        if self._quiet is not None:
            self._quiet.hear()

    def _ping(self, payload: bytes) -> bool:
        """Send a ping; whether it goes out."""
        if self._closing or not self._interference.passes(self):
            return False
        self._out.put(Ping(payload))
        return True

    def count(self, place: Place) -> int:
        """The number of the next frame of a subscription."""
        return self.seats.count(place)

    def wants(self, place: Place, asked: str) -> bool:
        """Whether any of the client's subscriptions of a place asks for something."""
        return any(seat.wanted(asked) for seat in self.seats.of(place))

    def sent(self, place: Place) -> Mapping[str, Any]:
        """What the client's first subscription of a place was asked for with."""
        return next((seat.sent for seat in self.seats.of(place)), {})

    def see(self, channel: str, row: BookRow) -> BookRow:
        """What this client is told of a book."""
        return self._interference.book(self, channel, row)

    def tell(self, event: str, place: Place, topic: str, data: bytes) -> None:
        """Send an event frame to each of the client's subscriptions of a place, unless something comes between."""
        for seat in self.seats.of(place):
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
            self._out.put(Goodbye(code))
            self.seats.leave_all()
            self.later(_PATIENCE, self.abort)

    def abort(self) -> None:
        """Cut the connection without a word."""
        self._closing = True
        if self._transport is not None:
            self._transport.abort()

    def logged_in(self, key: Key, now: int) -> None:
        """From now on the connection is the key's."""
        self.key, self.since = key, now

    def log_out(self) -> None:
        """Forget the login without a word: what is the account's is heard no more."""
        self.key = self.since = None
        for name, seat in tuple(self.seats.topics.items()):
            if seat.place is not None and self.rules.channels[seat.place[1]].private:
                self.seats.leave(name)

    def _start_deadlines(self) -> None:
        rules = self.rules
        if self._silence is not None:
            self._silence.start()
        if rules.login_within is not None and rules.needs_login:
            self.later(rules.login_within, self._check_login)
        if rules.lives is not None:
            self.later(rules.lives, lambda: self.close("too_old"))
        if self._pinger is not None:
            self._pinger.start()
        if self._quiet is not None:
            self._quiet.start()

    def _greet(self) -> None:
        if self.rules.greeting is not None:
            number = int(self.name.rpartition("-")[2])
            self.say(
                msgspec.json.encode(self.rules.greeting({}, Scope(self._feed.now_ns(), count=number, unit=self.unit)))
            )

    def _beat(self) -> None:
        """Say that there is nothing to say, where that has been so for long enough."""
        heartbeat = self.rules.heartbeat
        if heartbeat is not None and self.seats.topics:
            self.say(msgspec.json.encode(heartbeat.render({}, Scope(self._feed.now_ns()))))

    def later(self, delay: float, act: Callable[[], None]) -> None:
        """Call after some seconds, unless the connection has ended."""
        self._timers.later(delay, act)

    def _fall_silent(self) -> None:
        self.close("silence")

    def _check_login(self) -> None:
        if self.key is None:
            self.close("login_late")

    def _end(self) -> None:
        self._closing = True
        self.seats.leave_all()
        self._timers.cancel()
