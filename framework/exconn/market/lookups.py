"""Looking one order up on the exchange.

Rules: an order is looked up by the exchange's id once that is known, else by client id, among open and closed ones
where those are two lists, and then both must say no. Only a decoded "not found" is told as NotFound, or another order
that bears the id where the exchange then has no room for ours, and none of an order that is older than closed orders
are shown; it holds the moment of asking on the market's clock and on the exchange's, moved back by what that may be
wrong. Another order is one that ours cannot have become, whoever changed it there: of another pair or side, or older
than our submit. Where the answer may end an order of unknown outcome, the exchange is asked for its time first: its
clock may have been set back meanwhile.
"""

import asyncio
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from exconn.codec import Arguments, Request
from exconn.errors import ExchangeError, Meaning, UsageError
from exconn.market.rest import Asked, Rest
from exconn.market.tracking import NotFound, Phase, TrackedOrder, Tracker
from exconn.model import FillReport, OrderReport

_UNSYNCED = 1.0
_OLDER_BY = 60.0
"""Seconds that something must be older than our submit to be none of it: an exchange's clock may have been off."""
NANOSECONDS = 1_000_000_000


class Lookup(Struct, frozen=True):
    """What one lookup said: `absent` that there is no such order, `operations` what was asked for it. `is_taken`: the
    id is another order's for ever. `is_unclear`: an order of this id was shown that may be ours, changed there, or
    another."""

    absent: bool
    operations: tuple[str, ...]
    is_taken: bool = False
    is_unclear: bool = False


class Lookups:
    def __init__(self, rest: Rest, tracker: Tracker) -> None:
        self._rest = rest
        self._tracker = tracker
        self._turn = asyncio.Lock()
        self._anothers: set[str] = set()
        rule = rest.codec.facts.client_id
        self._unique = "never" if rule is None else rule.unique

    def ways(self, order: TrackedOrder) -> tuple[str, ...]:
        """The operations to ask, one after the other, until one finds the order; none where there is no lookup."""
        if order.exchange_order_id is not None and self._rest.offers("order_by_exchange_id"):
            return ("order_by_exchange_id",)
        if self._rest.offers("order_by_client_id"):
            return ("order_by_client_id",)
        both = ("open_order_by_client_id", "closed_order_by_client_id")
        return both if all(self._rest.offers(operation) for operation in both) else ()

    async def look_up(self, client_id: str) -> Lookup | None:
        """Ask the exchange about an order and tell the tracker; None for an order that is not tracked. One order after
        the other: many at once would use up limits that then let none of them finish.

        Raises what `Rest.ask` raises; UsageError where the exchange has no lookup that fits.
        """
        async with self._turn:
            return await self._look_up(client_id)

    async def _look_up(self, client_id: str) -> Lookup | None:
        order = self._tracker.find(client_id)
        if order is None:
            return None
        ways = self.ways(order)
        if not ways:
            raise UsageError("this exchange has no lookup of a single order; it is found by open orders and fills")
        if order.phase is Phase.UNRESOLVED and self.until_fence(order) == 0.0:
            await self._rest.sync_clock()
        absences: list[NotFound] = []
        for operation in ways:
            absence = await self._ask(operation, order)
            if absence is None:
                self._anothers.discard(client_id)
                return Lookup(False, ways, is_unclear=self.unresolved(client_id) is not None)
            absences.append(absence)
        if not self._would_show(order, ways):
            return Lookup(False, ways)
        is_taken = any(absence.is_taken for absence in absences)
        self._anothers = {each for each in self._anothers if each in self._tracker.open and each != client_id}
        if is_taken:
            self._anothers.add(client_id)
        # the earliest holds: what was not in the first list may have come into it while the second was asked for
        self._tracker.tell(client_id, replace(absences[0], is_taken=is_taken), self._rest.time.now())
        return Lookup(True, ways, is_taken and self._unique == "forever")

    def unresolved(self, client_id: str) -> TrackedOrder | None:
        """The order as it is now, where its outcome is still unknown."""
        order = self._tracker.find(client_id)
        return order if order is not None and order.phase is Phase.UNRESOLVED else None

    def is_of_older(self, report: OrderReport | FillReport) -> bool:
        """Whether a list shows by this an order that is older than ours of the same id, whose outcome is unknown."""
        order = self._tracker.find_report(report)
        return order is not None and order.phase is Phase.UNRESOLVED and self._is_older(order, report)

    def is_anothers(self, order: TrackedOrder) -> bool:
        """Whether the client id, where it is all that is known of an order, is another order's: the exchange has said
        so to our submit, or the newest lookup has proven it."""
        if order.exchange_order_id is not None:
            return False
        return order.id_is_taken or (order.client_id in self._anothers and order.phase is Phase.UNRESOLVED)

    def _would_show(self, order: TrackedOrder, ways: tuple[str, ...]) -> bool:
        """Whether these lookups still show an order of this age, were it closed at once: one that was filled long ago
        and is shown no more must not pass for one that never arrived."""
        shown = [sees.closed_for for way in ways if (sees := self._rest.codec.facts.sees.get(way)) is not None]
        least = min((each for each in shown if each is not None), default=None)
        return least is None or self._rest.time.now() - order.made_from_ns / NANOSECONDS < least

    async def _ask(self, operation: str, order: TrackedOrder) -> NotFound | None:
        """None where the order was found (and told)."""
        moments: list[NotFound] = []

        def note(_: Request) -> None:
            at_ns = self._rest.clock.time_ns() - round(self.uncertainty() * NANOSECONDS)
            moments.append(NotFound(at_ns, self._rest.time.now()))

        try:
            asked = await self._rest.ask(operation, arguments_of(order), before=note)
        except ExchangeError as error:
            if error.meaning is not Meaning.ORDER_NOT_FOUND or not moments:
                raise
            return moments[-1]
        told = self.take(order.client_id, asked)
        unresolved = self.unresolved(order.client_id)
        is_taken = unresolved is not None and self._leaves_no_room(unresolved, told)
        return replace(moments[-1], is_taken=True) if is_taken else None

    def take(self, client_id: str, asked: Asked) -> list[OrderReport | FillReport]:
        """Tell the tracker what the answer to a lookup says of the order, and nothing of an older one of its id; gives
        all that it says."""
        told = told_of_orders(asked)
        unresolved = self.unresolved(client_id)
        older = [] if unresolved is None else [report for report in told if self._is_older(unresolved, report)]
        for report in told:
            if not any(_is_of_one(report, each) for each in older):
                self._tracker.tell(client_id, report, self._rest.time.now())
        return told

    def _leaves_no_room(self, order: TrackedOrder, told: Sequence[OrderReport | FillReport]) -> bool:
        """Whether the answer to a lookup of an unresolved order's client id shows another order, and ids are unique, so
        that ours is not there: unique for ever, or among open orders, of which it is one and was before ours was sent.
        Terms prove nothing, as ours may have been changed on the exchange."""
        shown = [report for report in told if isinstance(report, OrderReport)]
        if not shown or any(each.client_id not in (None, order.client_id) for each in shown):
            return False
        if self._unique == "forever":
            return all(_is_elsewhere(order, each) or self._is_older(order, each) for each in shown)
        return self._unique == "while_open" and all(
            each.state is not None
            and not each.state.is_final
            and each.pair in (None, order.pair)
            and self._is_older(order, each)
            for each in shown
        )

    def _is_older(self, order: TrackedOrder, told: OrderReport | FillReport) -> bool:
        """Whether this was so before the unresolved order was sent, by the exchange's clock as it was then and as it is
        known now. An order found elsewhere and tracked here may be of any age."""
        if order.sent_ns is None or not told.time_ns:
            return False
        earliest = min(order.sent_ns, on_exchange_clock(self._rest, order.created_ns))
        return told.time_ns < earliest - _OLDER_BY * NANOSECONDS

    def uncertainty(self) -> float:
        """Seconds that the exchange's clock may be away from what is known of it."""
        round_trip = self._rest.clock.round_trip
        return _UNSYNCED if round_trip is None else round_trip

    def until_fence(self, order: TrackedOrder) -> float | None:
        """Seconds until a lookup asked then is behind the order's fence by both clocks, None where it has none."""
        if order.fence_ns is None:
            return None
        left = (order.fence_ns - self._rest.clock.time_ns()) / NANOSECONDS + self.uncertainty()
        if order.fence_at is not None:
            left = max(left, order.fence_at - self._rest.time.now())
        return max(0.0, left)


def _is_elsewhere(order: TrackedOrder, told: OrderReport) -> bool:
    return told.pair not in (None, order.pair) or told.side not in (None, order.side)


def _is_of_one(report: OrderReport | FillReport, older: OrderReport | FillReport) -> bool:
    """Whether a report is of the order of an older one."""
    return report is older or report.exchange_order_id == older.exchange_order_id is not None


def told_of_orders(asked: Asked) -> list[OrderReport | FillReport]:
    """What an answer tells of orders and of their fills."""
    return [report for report in asked.reply.reports if isinstance(report, OrderReport | FillReport)]


def on_exchange_clock(rest: Rest, at_ns: int) -> int:
    """A moment of the market's clock, which a step of the wall clock does not move, on the exchange's clock as it is
    known now."""
    return at_ns + rest.clock.time_ns() - round(rest.time.now() * NANOSECONDS)


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
