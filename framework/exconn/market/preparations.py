"""Preparations: requests that give values (a token, an account's id, a listen key) which other requests carry.

Rules: what lasts a session is asked for at the start, what lasts a connection before each connection that carries it,
what lasts seconds again at half its life; what can be renewed is kept alive instead. A value that has run out, or whose
renewal is refused, is taken away: what needs it is not sent. Values are in the codec's context and nowhere else.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from exconn.codec import Arguments, Endpoint, Socket
from exconn.errors import ExchangeError, ExconnError
from exconn.market.rest import Rest

RENEWAL = ".renew"
_AGAIN_AFTER = 5.0
_log = logging.getLogger(__name__)

Lost = Callable[[frozenset[str]], None]
"""Called with the names of values that the exchange let go before their time, or that could not be kept alive."""


class Standing(Struct):
    """One preparation. `gave`: the names it gave, empty before it ran; `since`: the steady time from which these last;
    `asked_at`: of the last try, whatever became of it."""

    endpoint: Endpoint
    renewal: Endpoint | None
    gave: frozenset[str] = frozenset()
    since: float = 0.0
    asked_at: float = 0.0
    is_late: bool = False

    @property
    def name(self) -> str:
        return self.endpoint.operation

    @property
    def lasts(self) -> float | None:
        """Seconds; None where it does not end by time."""
        lasts = self.endpoint.lasts or ""
        return float(lasts) if lasts.isdigit() else None

    @property
    def is_of_connection(self) -> bool:
        return self.endpoint.lasts == "connection"

    def ends_at(self) -> float | None:
        return None if self.lasts is None or not self.gave else self.since + self.lasts

    def due_at(self) -> float | None:
        """When it is asked for again, or renewed; None while nothing ends."""
        if self.is_late:
            return self.asked_at + _AGAIN_AFTER
        if not self.gave:
            return None if self.is_of_connection else self.asked_at
        if self.endpoint.renew_every is not None:
            return self.since + self.endpoint.renew_every
        return None if self.lasts is None else self.since + self.lasts / 2


class Preparations:
    """`has_keys`: without credentials, what would have to be signed is left out."""

    def __init__(self, rest: Rest, has_keys: bool) -> None:
        self.lost: list[Lost] = []
        self._rest = rest
        endpoints = rest.codec.endpoints
        found = [each for each in endpoints.values() if each.lasts is not None and (has_keys or not each.signed)]
        self._all = [Standing(each, endpoints.get(each.operation + RENEWAL)) for each in _in_order(found)]

    @property
    def need_keeping(self) -> bool:
        """Whether something that was given ends by time, or is kept alive."""
        return any(each.lasts is not None or each.renewal is not None for each in self._all)

    async def run(self) -> None:
        """What has not run, but for what lasts a connection, and what is due. Raises what `Rest.ask` raises."""
        for each in self._all:
            due = each.due_at()
            if due is not None and (not each.gave or due <= self._rest.time.steady()):
                await self._keep_up(each)

    async def run_for_connection(self, socket: Socket) -> None:
        """What lasts a connection and is carried by this socket, after what is due anyway."""
        await self.run()
        for each in self._carried_by(socket):
            if each.is_of_connection:
                await self._ask(each)

    async def keep(self) -> None:
        """Renew and ask again in time, until cancelled; what has run out is taken away."""
        while True:
            await asyncio.sleep(max(0.0, self._next_moment() - self._rest.time.steady()))
            for each in self._all:
                ends, due = each.ends_at(), each.due_at()
                if ends is not None and ends <= self._rest.time.steady():
                    _log.warning("%s: what it gave has run out", each.name)
                    names = self._take_away(each)
                    if each.renewal is not None:
                        self._tell_lost(names)
                if due is None or due > self._rest.time.steady():
                    continue
                try:
                    await self._keep_up(each)
                except ExconnError as error:
                    _log.warning("%s: %s; tried again in %g s", each.name, error, _AGAIN_AFTER)

    def _next_moment(self) -> float:
        moments = [at for each in self._all for at in (each.due_at(), each.ends_at()) if at is not None]
        return min(moments, default=self._rest.time.steady() + _AGAIN_AFTER)

    def _carried_by(self, socket: Socket) -> list[Standing]:
        """The preparations whose values the socket carries, and those that these need, in their order."""
        wanted, carried = set(socket.uses), []
        for each in reversed(self._all):
            if not wanted.isdisjoint(each.endpoint.gives):
                wanted.update(each.endpoint.uses)
                carried.append(each)
        return carried[::-1]

    async def _keep_up(self, each: Standing) -> None:
        if not each.gave or each.renewal is None:
            await self._ask(each)
        else:
            await self._renew(each)

    async def _ask(self, each: Standing) -> None:
        each.asked_at, each.is_late = self._rest.time.steady(), True
        asked = await self._rest.ask(each.name, Arguments())
        self._rest.context.given.update(asked.reply.given)
        each.gave, each.since, each.is_late = frozenset(asked.reply.given), each.asked_at, False

    async def _renew(self, each: Standing) -> None:
        """Keep alive what was given. What the exchange proves not to know any more is lost, and asked for anew."""
        each.asked_at, each.is_late = self._rest.time.steady(), True
        try:
            await self._rest.ask(each.name + RENEWAL, Arguments())
        except ExchangeError as error:
            if not error.not_executed or error.retry_safe:
                raise
            _log.warning("%s: its renewal is refused: %s", each.name, error)
            names = self._take_away(each)
            try:
                if not each.is_of_connection:
                    await self._ask(each)
            finally:
                self._tell_lost(names)
        else:
            each.since, each.is_late = each.asked_at, False

    def _tell_lost(self, names: frozenset[str]) -> None:
        for tell in self.lost:
            tell(names)

    def _take_away(self, each: Standing) -> frozenset[str]:
        names, each.gave, each.is_late = each.gave, frozenset(), False
        for name in names:
            self._rest.context.given.pop(name, None)
        return names


def _in_order(endpoints: Sequence[Endpoint]) -> Iterable[Endpoint]:
    """Those first whose values others carry; the checker has proved that there is such an order."""
    waiting = list(endpoints)
    while waiting:
        missing = {name for endpoint in waiting for name in endpoint.gives}
        ready = [each for each in waiting if missing.isdisjoint(each.uses)] or waiting
        yield from ready
        waiting = [each for each in waiting if each not in ready]
