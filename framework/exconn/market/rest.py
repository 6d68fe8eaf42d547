"""REST calls: one way out for every request, from arguments to reports.

Rules: the limiter's slot is held until the answer is there; what the answer says of limits is heard before it is
read. A nonce is drawn, signed and written in order, which several connections may still bring in another order; a
call that the exchange proved not to have done (nonce; time skew, after asking for its time) is made again once,
signed anew, with nobody after it until it is answered or hangs; a placing too, under its own id, which no order bears
then. Where one id may make two orders, a placing is alone from the first, so that its nonce is not overtaken by ours.
Everything else is raised as it is.
"""

import asyncio
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from exconn.codec import Answer, Arguments, Codec, Context, Endpoint, Reply, Request
from exconn.codec.keys import unshown
from exconn.errors import ExchangeError, ExconnError, Meaning, Throttled, UsageError
from exconn.market.ages import at_age
from exconn.market.clock_sync import ClockSync
from exconn.market.freshness import Freshness, MarketTime
from exconn.market.health import Health
from exconn.market.http import Http
from exconn.market.limit_answers import BANNED, TOO_MANY, hear_limits
from exconn.market.limiter import Kind, Limiter
from exconn.market.settings import MarketSettings
from exconn.model import ServerTime

_SAME_ORDER = frozenset({"refused", "same_order"})


class Asked(Struct, frozen=True):
    """What was answered. `at`: when it was asked, seconds of the market's clock; `at_ns`: on the exchange's."""

    reply: Reply
    answer: Answer
    at: float
    at_ns: int


Before = Callable[[Request], None]
"""Called with the signed request just before it is written."""


class Rest(Struct, frozen=True):
    """The exchange's endpoints, to be asked."""

    codec: Codec
    context: Context
    http: Http
    limiter: Limiter
    freshness: Freshness
    clock: ClockSync
    time: MarketTime
    health: Health
    settings: MarketSettings

    __repr__ = object.__repr__
    __rich_repr__ = unshown

    def offers(self, operation: str) -> bool:
        return operation in self.codec.endpoints

    def endpoint(self, operation: str) -> Endpoint:
        endpoint = self.codec.endpoints.get(operation)
        if endpoint is None:
            raise UsageError(f"{self.codec.name} has no {operation}; it has {', '.join(self.codec.endpoints)}")
        return endpoint

    async def ask(
        self,
        operation: str,
        arguments: Arguments | None = None,
        kind: Kind = Kind.OTHER,
        before: Before | None = None,
        age: float | None = None,
    ) -> Asked:
        """One call. `age`: at least how old the order is that it is about, in seconds, where it may cost by that.
        Raises the tree of `exconn.errors`."""
        endpoint = at_age(self.endpoint(operation), age)
        arguments = arguments if arguments is not None else Arguments()
        try:
            try:
                asked = await self._once(endpoint, arguments, kind, before, alone=self._is_alone(endpoint))
            except ExchangeError as error:
                if not await self._is_mended(endpoint, error):
                    raise
                asked = await self._once(endpoint, arguments, kind, before, alone=True)
        except ExconnError as error:
            self.health.failed(error)
            raise
        self.health.succeeded(endpoint.signed)
        return asked

    async def ask_all(self, operation: str, arguments: Arguments) -> Asked:
        """All pages of an answer as one; `at` is the first page's. UsageError where the pages do not end."""
        first = asked = await self.ask(operation, arguments, Kind.LIST)
        reports = list(asked.reply.reports)
        for _ in range(self.settings.pages_at_most):
            if asked.reply.next is None:
                return Asked(Reply(reports), first.answer, first.at, first.at_ns)
            asked = await self.ask(operation, replace(arguments, cursor=asked.reply.next), Kind.LIST)
            reports += asked.reply.reports
        raise UsageError(f"{operation}: more than {self.settings.pages_at_most} pages; ask for a later beginning")

    async def sync_clock(self) -> None:
        """Learn the exchange's time, where it tells it and the user wants it."""
        if self._can_sync():
            await self.clock.sync(self._server_time)

    def _can_sync(self) -> bool:
        return self.settings.sync_clock and self.offers("server_time")

    async def _server_time(self) -> int:
        asked = await self._once(self.endpoint("server_time"), Arguments(), Kind.OTHER, None, alone=False)
        for report in asked.reply.reports:
            if isinstance(report, ServerTime):
                return report.time_ns
        raise ExchangeError("server_time", Meaning.UNLISTED, text="the reply holds no time")

    async def _once(
        self, endpoint: Endpoint, arguments: Arguments, kind: Kind, before: Before | None, alone: bool
    ) -> Asked:
        each = {"symbol": arguments.pair}
        way = self.limiter.way(endpoint.costs, kind, each, self.settings.longest_wait)
        if not way.enter():
            await way.wait()
        try:
            at, at_ns = self.time.now(), self.clock.time_ns()
            if endpoint.nonce is None:
                answer = await self.http.send(self._signed(endpoint, arguments, before))
            else:
                answer = await self._send_in_order(endpoint, arguments, before, alone)
            ban = self.settings.ban_without_header
            hear_limits(self.codec.facts, self.limiter, endpoint.costs, answer, each, self.time.steady(), ban)
        finally:
            way.settle()
        try:
            reply = endpoint.read(answer, arguments, self.context)
        except ExchangeError as error:
            if error.throttled and answer.status not in (TOO_MANY, BANNED):  # those were heard
                self._throttle(endpoint, error.retry_after)
            raise
        return Asked(reply, answer, at, at_ns)

    def _signed(self, endpoint: Endpoint, arguments: Arguments, before: Before | None) -> Request:
        """The request, about to be written."""
        request = endpoint.build(arguments, self.freshness.fresh(endpoint.nonce), self.context)
        if before is not None:
            before(request)
        return request

    async def _send_in_order(
        self, endpoint: Endpoint, arguments: Arguments, before: Before | None, alone: bool
    ) -> Answer:
        async with self.freshness.in_order:
            banned = self.limiter.throttled_for(endpoint.costs)
            if banned > 0:
                raise Throttled("the exchange has forbidden requests while this one waited for its nonce", banned)
            request = self._signed(endpoint, arguments, before)
            written = asyncio.get_running_loop().create_future()
            sending = asyncio.create_task(self.http.send(request, written))
            try:
                if alone:
                    await asyncio.wait([sending], timeout=self.settings.alone_at_most)
                else:
                    await asyncio.wait([sending, written], return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                sending.cancel()
                raise
        return await sending

    def _is_alone(self, endpoint: Endpoint) -> bool:
        return endpoint.operation == "place_order" and self.codec.facts.same_id not in _SAME_ORDER

    async def _is_mended(self, endpoint: Endpoint, error: ExchangeError) -> bool:
        """Whether the cause of a proven refusal is mended, and the call may be made again."""
        if error.meaning is Meaning.BAD_NONCE:
            return endpoint.nonce is not None
        if error.meaning is not Meaning.TIME_SKEW or not self._can_sync():
            return False
        try:
            await self.sync_clock()
        except ExconnError:
            return False
        return True

    def _throttle(self, endpoint: Endpoint, retry_after: float | None) -> None:
        for pool in self.codec.facts.pools:
            if any(name == pool.name for name, _ in endpoint.costs):
                wait = retry_after if retry_after is not None else pool.per
                self.limiter.throttled(pool.name, self.time.steady() + wait)
