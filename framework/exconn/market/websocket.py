"""One socket of an exchange, kept open: a `Stream` connects again and again, and tells its receiver what comes.

Rules: between two connections it waits with full jitter, or as long as the exchange asked, or until the budget that all
sockets share allows another; one that was refused something soon after it was live has to live for a while without an
error before the next is called live; a ban that a handshake met holds for all requests. The receiver learns of
every opening, so that books and orders are read again each time, and of every end. A socket older than it may be is
replaced. Nothing is queued here: a frame is handed on as it is read, so a slow receiver slows the connection down and
loses nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from exconn.codec import Context, Socket
from exconn.codec.keys import unshown
from exconn.errors import ExchangeError, ExconnError, Throttled
from exconn.market.backoff import Backoff, Budget
from exconn.market.connection import Connection
from exconn.market.freshness import Freshness, MarketTime
from exconn.market.health import Health
from exconn.market.http import Http, WebSocket
from exconn.market.limit_answers import hear_handshake
from exconn.market.limiter import Kind, Limiter
from exconn.market.settings import MarketSettings
from exconn.market.surroundings import Surroundings
from exconn.market.under_way import SUBSCRIBE, Asked
from exconn.model import Report

Pairs: TypeAlias = Callable[[], Sequence[str]]
USER_KINDS = frozenset({"order", "fill", "balance"})
"""What a socket tells of the user."""

_log = logging.getLogger(__name__)


class Receiver(Protocol):
    """Who a stream is for. All are plain calls, in the order in which things happened."""

    def opening(self) -> None:
        """The subscriptions are about to be sent on a new connection."""

    def opened(self) -> None:
        """All subscriptions are in force."""

    def received(self, reports: Sequence[Report]) -> None:
        """What a frame said."""

    def doubted(self, why: str) -> None:
        """A frame could not be read, or the exchange sent an error: something may have been missed."""

    def lost(self, pair: str, why: str) -> None:
        """The exchange refused to go on telling of a pair that was subscribed to again."""

    def refused(self, why: str) -> None:
        """The exchange refused something that was subscribed to; `closed` follows."""

    def closed(self, why: str) -> None:
        """The connection is gone."""


class Wire(Struct, frozen=True):
    """What streams need of their market. `prepare` runs the preparations that last as long as one connection
    of the socket."""

    context: Context
    http: Http
    limiter: Limiter
    freshness: Freshness
    time: MarketTime
    health: Health
    surroundings: Surroundings
    settings: MarketSettings
    prepare: Callable[[Socket], Awaitable[None]]
    budget: Budget

    __repr__ = object.__repr__
    __rich_repr__ = unshown


class Stream:
    """One socket for some pairs, asked for anew with each connection: an exchange refuses a whole subscription for one
    pair that it trades no more. `pairs`: those of the present connection; `connects`: how many connections were tried;
    `last_recv_time`: of the last frame, in seconds of the market's clock, 0.0 before the first.
    `answers_pings`: whether one of our pings was answered, on this connection or an earlier one.
    `is_public`: whether it tells nothing of the user."""

    def __init__(self, socket: Socket, pairs: Pairs, wire: Wire, *receivers: Receiver) -> None:
        settings = wire.settings
        self.socket = socket
        self.connects = 0
        self.last_recv_time = 0.0
        self.pairs: tuple[str, ...] = ()
        self.answers_pings = False
        self.is_public = USER_KINDS.isdisjoint(socket.kinds)
        self._settles = 0.0
        self._choose = pairs
        self._wire = wire
        self._receivers = receivers
        self._connection: Connection | None = None
        self._backoff = Backoff(
            wire.surroundings.random, settings.backoff_first, settings.backoff_greatest, settings.healthy_after
        )

    def __repr__(self) -> str:
        return f"<Stream {self.socket.name}, {'live' if self.is_live else 'down'}, {self.connects} connects>"

    @property
    def is_live(self) -> bool:
        return self._connection is not None and self._connection.is_live

    def tell(self, receiver: Receiver) -> None:
        """From now on tell this one, too."""
        self._receivers = (*self._receivers, receiver)

    def reconnect(self, why: str) -> None:
        """Leave this connection for a new one."""
        if self._connection is not None:
            self._connection.end(why)

    async def resubscribe(self, pair: str) -> None:
        """Leave and join one pair's channels, where the socket can; otherwise connect again."""
        connection = self._connection
        if connection is None or not connection.is_live:
            return
        try:
            left = await connection.send_subscriptions((pair,), "unsubscribe")
            if left:
                await connection.send_subscriptions((pair,), "subscribe")
        except (ExconnError, OSError) as error:
            connection.end(f"subscribing again failed: {error}")
            return
        if not left:
            connection.end("the channel of one pair cannot be left alone")

    async def ask_snapshot(self, pair: str) -> bool:
        """Ask for the book of a pair; False where the socket is not open, or cannot ask."""
        connection = self._connection
        if connection is None or not connection.is_live:
            return False
        try:
            return await connection.ask_snapshot(pair)
        except (ExconnError, OSError) as error:
            connection.end(f"asking for a book failed: {error}")
            return False

    async def run(self) -> None:
        """Keep the socket open until cancelled."""
        while True:
            lived, asked_wait = 0.0, 0.0
            try:
                lived, why = await self._live_once()
            except Throttled as error:
                why, asked_wait = str(error), error.retry_after or 0.0
            except ExconnError as error:
                self._wire.health.failed(error)
                why = str(error)
            except Exception as error:
                # A defect of ours; without this socket the market would go on deaf.
                _log.exception("socket %s failed", self.socket.name)
                why = f"{type(error).__name__}, which is a defect"
            self._backoff.ended(lived)
            delay = max(self._backoff.delay(), asked_wait, self._budget_delay(lived))
            _log.info("socket %s: %s; next try in %.2f s", self.socket.name, why, delay)
            await asyncio.sleep(delay)

    def _budget_delay(self, lived: float) -> float:
        """What was healthy for long enough costs nothing."""
        wire = self._wire
        return 0.0 if lived >= wire.settings.healthy_after else wire.budget.delay(wire.time.steady())

    async def _live_once(self) -> tuple[float, str]:
        """One connection from handshake to end: how long it was live, and why it ended."""
        self.connects += 1
        await self._wire.prepare(self.socket)
        context = self._wire.context.of_connection()
        each = {"connection": f"{self.socket.name} {self.connects}"}
        try:
            return await self._serve(each, context)
        finally:
            self._wire.limiter.forget(each)

    async def _serve(self, each: Mapping[str, str], context: Context) -> tuple[float, str]:
        wire = self._wire
        async with wire.limiter.slot(self.socket.costs, Kind.OTHER, each):
            websocket = await self._shake_hands(context)
        self.pairs = tuple(self._choose())
        connection = Connection(self.socket, self.pairs, websocket, wire, self, each, context, self._settles)
        self._connection = connection
        why = "cancelled"
        try:
            why = await connection.serve()
        finally:
            self._connection = None
            for receiver in self._receivers:
                receiver.closed(why)
        if connection.was_live:
            is_doubtful = connection.error is not None and connection.lived < wire.settings.healthy_after
            self._settles = wire.settings.handshake_timeout if is_doubtful else 0.0
        return connection.lived, why

    async def _shake_hands(self, context: Context) -> WebSocket:
        wire = self._wire
        fresh = wire.freshness.fresh(self.socket.nonces.get("connect"))
        try:
            return await wire.http.connect(self.socket.connect(fresh, context))
        except Throttled as error:
            ban = wire.settings.ban_without_header
            wait = hear_handshake(wire.limiter, self.socket.costs, error, wire.time.steady(), ban)
            raise Throttled(str(error), wait, error.banned) from None

    def opening(self) -> None:
        for receiver in self._receivers:
            receiver.opening()

    def opened(self) -> None:
        self._wire.health.succeeded(self.socket.login is not None)
        for receiver in self._receivers:
            receiver.opened()

    def received(self, reports: Sequence[Report]) -> None:
        for receiver in self._receivers:
            receiver.received(reports)

    def heard(self) -> None:
        """Something came, whatever it was."""
        self.last_recv_time = self._wire.time.now()

    def doubted(self, why: str, error: ExchangeError | None = None) -> None:
        _log.warning("socket %s: %s", self.socket.name, why)
        if error is not None:
            self._wire.health.failed(error)
        for receiver in self._receivers:
            receiver.doubted(why)

    def denied(self, asked: Asked, error: ExchangeError) -> None:
        """The exchange answered something of ours with an error, and the rest goes on."""
        _log.warning("socket %s: the exchange refused %s: %s", self.socket.name, asked, error)
        self._wire.health.failed(error)
        if asked.what == SUBSCRIBE:
            for receiver in self._receivers:
                receiver.lost(asked.pair, f"the exchange does not tell it: {error}")

    def refused(self, why: str, error: ExchangeError, is_login: bool = False) -> None:
        _log.warning("socket %s is given up and connected anew: %s", self.socket.name, why)
        self._wire.health.failed(error)
        for receiver in () if is_login else self._receivers:
            receiver.refused(why)
