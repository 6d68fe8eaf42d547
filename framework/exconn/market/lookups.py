"""Looking one order up on the exchange, and resolving submits of unknown outcome by it.

Rules: an order is looked up by the exchange's id once that is known, else by client id, among open and closed ones
where those are two lists, and then both must say no. Only a decoded "not found" is told as NotFound, with the moment
of asking on the exchange's clock, moved back by what that clock may be wrong. An unresolved order is asked for soon,
then at its fence, then again and again, until the tracker knows.
"""

import asyncio
import logging

from exconn.codec import Arguments, Request
from exconn.errors import ExchangeError, ExconnError, Meaning, UsageError
from exconn.market.rest import Rest
from exconn.market.tracking import NotFound, Phase, TrackedOrder, Tracker
from exconn.model import FillReport, OrderReport

_SOON = (0.5, 1.0, 2.0)
_MARGIN = 0.25
_UNSYNCED = 1.0
_NANOSECONDS = 1_000_000_000

_log = logging.getLogger(__name__)


class Lookups:
    def __init__(self, rest: Rest, tracker: Tracker) -> None:
        self._rest = rest
        self._tracker = tracker

    def ways(self, order: TrackedOrder) -> tuple[str, ...]:
        """The operations to ask, one after the other, until one finds the order; none where there is no lookup."""
        if order.exchange_order_id is not None and self._rest.offers("order_by_exchange_id"):
            return ("order_by_exchange_id",)
        if self._rest.offers("order_by_client_id"):
            return ("order_by_client_id",)
        both = ("open_order_by_client_id", "closed_order_by_client_id")
        return both if all(self._rest.offers(operation) for operation in both) else ()

    async def look_up(self, client_id: str) -> TrackedOrder | None:
        """Ask the exchange about an order and tell the tracker; gives the order as it is known then.

        Raises what `Rest.ask` raises; UsageError where the exchange has no lookup that fits.
        """
        order = self._tracker.find(client_id)
        if order is None:
            return None
        ways = self.ways(order)
        if not ways:
            raise UsageError("this exchange has no lookup of a single order; it is found by open orders and fills")
        absent_ns: int | None = None
        for operation in ways:
            absent_ns = await self._ask(operation, order)
            if absent_ns is None:
                break
        if absent_ns is not None:
            self._tracker.tell(client_id, NotFound(absent_ns), self._rest.time.now())
        return self._tracker.find(client_id)

    async def _ask(self, operation: str, order: TrackedOrder) -> int | None:
        """None where the order was found (and told), else the moment at which it was absent."""
        moments: list[int] = []

        def note(_: Request) -> None:
            moments.append(self._rest.clock.time_ns())

        try:
            asked = await self._rest.ask(operation, arguments_of(order), before=note)
        except ExchangeError as error:
            if error.meaning is not Meaning.ORDER_NOT_FOUND or not moments:
                raise
            return moments[-1] - round(self._uncertainty() * _NANOSECONDS)
        now = self._rest.time.now()
        for report in asked.reply.reports:
            if isinstance(report, OrderReport | FillReport):
                self._tracker.tell(order.client_id, report, now)
        return None

    def _uncertainty(self) -> float:
        round_trip = self._rest.clock.round_trip
        return _UNSYNCED if round_trip is None else round_trip

    async def resolve(self, client_id: str) -> None:
        """Look an unresolved order up until it is resolved."""
        tries = 0
        while (order := self._tracker.find(client_id)) is not None and order.phase is Phase.UNRESOLVED:
            await asyncio.sleep(self._pause(order, tries))
            tries += 1
            try:
                await self.look_up(client_id)
            except ExconnError as error:
                _log.warning("order %s of unknown outcome could not be looked up: %s", client_id, error)

    def _pause(self, order: TrackedOrder, tries: int) -> float:
        """Seconds until the next lookup can teach something."""
        if tries < len(_SOON):
            return _SOON[tries]
        settings = self._rest.settings
        if order.fence_ns is None:
            return settings.poll_open
        margin = self._uncertainty() + _MARGIN
        until_fence = (order.fence_ns - self._rest.clock.time_ns()) / _NANOSECONDS + margin
        if until_fence > 0:
            return min(until_fence, settings.poll_open)
        return max(1.0, (order.sees_ns or 0) / _NANOSECONDS) + _MARGIN


def arguments_of(order: TrackedOrder) -> Arguments:
    """What a request about this order may read; never what would place it."""
    return Arguments(
        pair=order.pair,
        order_type=order.order_type,
        side=order.side,
        client_id=order.client_id,
        exchange_order_id=order.exchange_order_id,
        created_ns=order.created_ns,
    )
