"""The sandbox: one dialect's exchange as an aiohttp application, HTTP and websockets, with its market alive.

Rules:
- It takes its clock and its chance from outside and waits only by the loop's timers, so that it runs unmodified over
  sockets and in virtual time.
- A request for a host that is not ours is answered 421 before anything else, so that no web page can reach it by name.
- One chore drives the living market, one each cadence of the books; all end with the application.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from typing import Any

from aiohttp import hdrs, web

from . import chores
from .clock import ExchangeClock
from .connection import Connection
from .control import PREFIX, control
from .conversation import Conversation
from .counter import Counter
from .desk import Desk
from .dialect import Dialect
from .dialect.meanings import Refused
from .dialect.scope import Scope
from .dialect.socket_rules import Entrance, SocketRules
from .engine import BookChanged, Event, Exchange, Life, OrderClosed, OrderUpdated, temper_for
from .faults import Fault, Player
from .feed import Feed
from .first_fills import FirstFills
from .history import History, PastBook
from .interference import Interference
from .keys import Opening
from .limits import Limits
from .log import Log
from .reception import rate_limited
from .timekeeper import Timekeeper

LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
LARGEST = 4 << 20


class Sandbox:
    """One exchange. `app` is what a server serves; everything else is for tests and for the control interface.

    `now_ns` is a right clock, and `clock` the exchange's own; `seed` decides all chance; `hosts` are further names that
    it answers to; `life_every` is the beat of the living market in seconds, None for a market without life. `faults`
    come from the moment on when it begins to serve; `interference` takes the place of the player that plays them.
    """

    def __init__(
        self,
        dialect: Dialect,
        accounts: Sequence[Opening],
        *,
        now_ns: Callable[[], int],
        token: str,
        seed: int = 0,
        hosts: Iterable[str] = (),
        life_every: float | None = 0.25,
        faults: Sequence[Fault] = (),
        interference: Interference | None = None,
    ) -> None:
        self.clock: ExchangeClock = ExchangeClock(now_ns)
        self.dialect, self.now_ns, self.token = dialect, self.clock.now_ns, token
        self.log = Log(self.now_ns)
        self.desk = Desk(dialect, accounts, self.now_ns(), seed)
        self.faults = Player(self, seed)
        self._scheduled = tuple(faults)
        self.interference: Interference = interference or self.faults
        self.alive = life_every is not None
        self._life_every = life_every
        self._hosts = frozenset((*LOOPBACK, *(host.lower() for host in hosts)))
        self._history = History(dialect.venue.first_sequence)
        self.desk.exchange.subscribe(self._record, BookChanged)
        self._limits = Limits(dialect.pools)
        first_fills = FirstFills(self._limits, self.desk.keys, self.clock.true_ns)
        if any(pool.first_fill for pool in dialect.pools.values()):
            self.desk.exchange.subscribe(first_fills.hear, OrderUpdated, OrderClosed)
        self._feed = Feed(self.desk, self.interference, self.now_ns)
        self._counter = Counter(self.desk, self._limits, self.log, self.interference, self.clock)
        self._conversation = Conversation(self.desk, self._feed, self._limits, self.log, self.interference, self.clock)
        self._timekeeper = Timekeeper(self.desk.exchange, self.now_ns)
        self.clock.tell(self._timekeeper.look_again)
        self._connections: dict[Connection, None] = {}
        self._connected = 0
        self._entrances = [(each, socket) for socket in dialect.sockets.values() for each in socket.entrances]
        self._life = self._begin_life(seed)
        self.app = web.Application(client_max_size=LARGEST)
        self.app.router.add_route("*", "/{path:.*}", self._answer)
        self.app.cleanup_ctx.append(self._run)
        self.app.on_shutdown.append(self._hang_up)

    @property
    def exchange(self) -> Exchange:
        """The engine."""
        return self.desk.exchange

    def state(self) -> dict[str, Any]:
        """The ledger, in our words, with the exchange's names of the symbols, and its ids of the fills' trades."""
        ledger = self.exchange.ledger()
        for account in ledger["accounts"].values():
            for fill in account["fills"]:
                fill["trade_id"] = self.dialect.trade_id(int(fill["trade_id"]))
        return {
            **ledger,
            "dialect": self.dialect.name,
            "time_ns": str(self.now_ns()),
            "symbols": {form: dict(names) for form, names in self.dialect.names.symbols.items()},
        }

    def symbol(self, name: str) -> str:
        """Our name of a symbol, of any name that it has. Raises KeyError for none of them."""
        if name in self.dialect.venue.prices:
            return name
        known = self.dialect.names.read_symbols[""]
        if name not in known:
            raise KeyError(f"no symbol {name!r}; there is {', '.join(self.dialect.venue.prices)}")
        return known[name]

    def book_at(self, symbol: str, sequence: int) -> PastBook | None:
        """The book of one of our symbols right after change number `sequence`, or None when it is not known."""
        return self._history.book(symbol, sequence)

    def close_sockets(self, socket: str | None = None, code: int | None = None) -> int:
        """Close the connections of a socket, or all; without a code they are cut. The number of them."""
        closed = [each for each in self._connections if socket in (None, each.rules.name)]
        for connection in closed:
            if code is None:
                connection.abort()
            else:
                connection.close_with(code)
        return len(closed)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The open websocket connections, oldest first."""
        return tuple(self._connections)

    @property
    def history(self) -> History:
        """The books as they were."""
        return self._history

    async def refuse(self, request: web.Request, refused: Refused) -> web.Response:
        """The reply to a request as if it had come to this error."""
        return await self._counter.refuse_as(request, refused)

    def revoke_key(self, api_key: str) -> None:
        """From now on the key is unknown; what is logged in with it, or hears of its account by it, is closed.

        Raises KeyError for no such key.
        """
        key = self.desk.keys[api_key]
        key.revoked = True
        for connection in tuple(self._connections):
            heard = any(seat.key is key for seat in connection.seats.topics.values())
            if heard or connection.key is key or key in connection.tokens.values():
                connection.close("key_revoked")

    def set_maintenance(self, active: bool) -> None:
        """Begin or end maintenance; its beginning closes every connection."""
        self._counter.maintenance = active
        if active:
            for connection in tuple(self._connections):
                connection.close("maintenance")

    def _begin_life(self, seed: int) -> Life | None:
        if self._life_every is None:
            return None
        venue = self.dialect.venue
        tempers = [temper_for(each, venue.prices[each.symbol]) for each in venue.instruments]
        life = Life(self.exchange, random.Random(f"{seed}:life"), tempers)
        life.open(self.now_ns())
        return life

    def _record(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, BookChanged):
                self._history.record(event, self.clock.true_ns())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = request.headers.get(hdrs.HOST, "").lower()
        name, _, port = host.rpartition(":")
        if (name if port.isdecimal() and name else host) not in self._hosts:
            return web.Response(status=421, text="this host is not served here")
        if request.path.startswith(PREFIX):
            return await control(self, request)
        if request.headers.get(hdrs.UPGRADE, "").lower() == "websocket":
            for entrance, socket in self._entrances:
                topics = entrance.topics_of(request.path, request.query)
                if topics is not None:
                    enter = partial(self._connect, request, socket, entrance, topics)
                    return await self.interference.reply(request, enter)
        self._counter.know(request)
        return await self.interference.reply(request, lambda: self._counter.answer(request))

    async def _connect(
        self, request: web.Request, socket: SocketRules, entrance: Entrance, topics: list[str]
    ) -> web.StreamResponse:
        try:
            if self._counter.maintenance:
                raise Refused("maintenance")
            if socket.handshakes is not None:
                count = self._limits.take(
                    {socket.handshakes: 1}, {"address": request.remote or ""}, self.clock.true_ns()
                )[0]
                if count.wait:
                    raise rate_limited(count, self.now_ns())
            unit = self.dialect.time_units.asked(request.query, self.dialect.time_units.query)
        except Refused as refused:
            return self._counter.refuse(refused, Scope(self.now_ns()), request)
        self._connected += 1
        name, address = f"{socket.name}-{self._connected}", request.remote or ""
        connection = Connection(name, socket, self._feed, self.interference, address, self.now_ns())
        connection.wrapped, connection.unit = entrance.wrapped, unit
        self._connections[connection] = None
        self.log.add("connected", connection=connection.name)
        try:
            begin = partial(self._conversation.begin, topics=topics)
            return await connection.serve(request, self._conversation.hear, begin)
        finally:
            del self._connections[connection]
            self.log.add("disconnected", connection=connection.name)

    async def _run(self, app: web.Application) -> AsyncIterator[None]:
        cadences = self._feed.cadences
        tasks = [chores.start(f"sandbox books {beat}", partial(cadences.run, beat)) for beat in cadences.beats]
        tasks.append(chores.start("sandbox time", self._timekeeper.run))
        if self._life is not None:
            tasks.append(chores.start("sandbox life", partial(self._live, self._life)))
        self.faults.play(self._scheduled)
        try:
            yield
        finally:
            self.faults.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _live(self, life: Life) -> None:
        while True:
            await asyncio.sleep(self._life_every or 0)
            if self.alive:
                life.step(self.now_ns())

    async def _hang_up(self, app: web.Application) -> None:
        for connection in tuple(self._connections):
            connection.close("maintenance")
        await asyncio.sleep(0)
