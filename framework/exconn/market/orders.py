"""Placing and cancelling: what is sent, and what its answer proves.

Rules: an order is tracked before its request exists. A placing ends accepted, proven refused, or unresolved, and then
it is looked up; it is never sent under another id. An error of a cancel proves nothing about the order: a lookup
decides. Cancelled is only what the exchange says is cancelled; a wanted cancel is repeated until the order is closed.
"""

import asyncio
import logging
from collections.abc import Callable

from exconn.codec import Request
from exconn.errors import ExchangeError, ExconnError, Meaning, UsageError
from exconn.market.ages import Ages
from exconn.market.cancels import Cancels
from exconn.market.changes import Changes
from exconn.market.lookups import NANOSECONDS, Lookups
from exconn.market.placing import placing_of, tell_placed
from exconn.market.resolving import Resolving
from exconn.market.rest import Asked, Rest
from exconn.market.tasks import Tasks
from exconn.market.tracking import (
    CancelFailed,
    CancelRequested,
    Fact,
    Phase,
    Refused,
    Submitted,
    TrackedOrder,
    Tracker,
    Unresolved,
    refusal,
)
from exconn.model import OrderReport, OrderState

_ENDED_EARLY = frozenset({OrderState.CANCELED, OrderState.EXPIRED})
_ANSWERED_WITHIN = 2.0
_BEFORE_AGAIN = 1.0
_log = logging.getLogger(__name__)


def is_canceled(order: TrackedOrder) -> bool:
    """Whether the exchange says that the order was cancelled, though some of its fills may not have been seen yet."""
    ending = order.phase is Phase.ENDING and order.end in _ENDED_EARLY
    return ending or order.phase in (Phase.CANCELED, Phase.EXPIRED)


def _has_ended(order: TrackedOrder) -> bool:
    return order.phase >= Phase.ENDING


def _was_sent(order: TrackedOrder) -> bool:
    return order.phase > Phase.INTENT


class Orders:
    """`rejected`: called when the exchange rejects an order that kept our rules, which may be out of date."""

    def __init__(
        self, rest: Rest, tracker: Tracker, changes: Changes, tasks: Tasks, rejected: Callable[[], None]
    ) -> None:
        self.lookups = Lookups(rest, tracker)
        self._rest = rest
        self._tracker = tracker
        self._changes = changes
        self._tasks = tasks
        self._rejected = rejected
        self._resolving = Resolving(rest, tracker, self.lookups, self._ask_cancel)
        self._cancels = Cancels(rest, tasks)
        self._canceled_at: dict[str, float] = {}
        self._ages = Ages()

    def _tell(self, client_id: str, fact: Fact) -> TrackedOrder | None:
        return self._tracker.tell(client_id, fact, self._rest.time.now())

    async def submit(self, order: TrackedOrder) -> Asked:
        """Send a tracked order. Raises what `Rest.ask` raises, after the tracker has been told what it proves."""
        signed: list[Request] = []

        def about_to_write(request: Request) -> None:
            signed.append(request)
            self._tell(order.client_id, self._submitted(request.fence_ns))

        try:
            asked = await self._rest.ask("place_order", placing_of(order), before=about_to_write)
        except ExconnError as error:
            self._settle(order.client_id, self._answered(refusal(error)))
            if isinstance(error, ExchangeError) and error.meaning is Meaning.REJECTED:
                self._rejected()
            raise
        except BaseException as error:
            why = f"{type(error).__name__} while the order was being sent"
            unsent = Refused(UsageError(f"{why}; nothing was written"), proven=True)
            self._settle(order.client_id, Unresolved(why) if signed else unsent)
            raise
        self._ages.answered(order.client_id, self._rest.time.now())
        tell_placed(self._tracker, order.client_id, asked, self._rest.time.now())
        self._settle(order.client_id, None)
        return asked

    def _submitted(self, fence_ns: int | None) -> Submitted:
        """The fence by both clocks: a step of either moves one of them only."""
        now_ns = self._rest.clock.time_ns()
        sent_ns = None if self._rest.clock.round_trip is None else now_ns
        if fence_ns is None:
            return Submitted(sent_ns=sent_ns)
        return Submitted(fence_ns, self._rest.time.now() + (fence_ns - now_ns) / NANOSECONDS, sent_ns)

    def _answered(self, proves: Refused | Unresolved) -> Refused | Unresolved:
        """What was answered with "this id is taken" has been judged: it can no longer execute."""
        if isinstance(proves, Refused) or not proves.id_is_taken:
            return proves
        return Unresolved(proves.why, self._rest.clock.time_ns(), self._rest.time.now(), id_is_taken=True)

    def _settle(self, client_id: str, fact: Fact | None) -> None:
        """After a submit an order is no intent any more; what is unresolved is looked up."""
        order = self._tracker.find(client_id) if fact is None else self._tell(client_id, fact)
        if order is not None and order.phase is Phase.INTENT:
            order = self._tell(client_id, Unresolved("the answer does not show this order"))
        if order is not None and order.phase is Phase.UNRESOLVED:
            self.resolve(client_id)

    def resolve(self, client_id: str) -> None:
        """Find out, in the background, what became of an unresolved order."""
        self._tasks.start(f"resolve {client_id}", self._resolving.resolve(client_id))

    async def cancel(self, client_id: str, evidence: float) -> TrackedOrder | None:
        """Cancel an order and wait up to `evidence` seconds for its end; gives the order as it is known then, None
        where it is not tracked. An error of the exchange is told to the tracker and not raised."""
        order = self._tell(client_id, CancelRequested())
        if order is None or order.is_closed:
            return order
        deadline = asyncio.get_running_loop().time() + evidence
        await self._until(client_id, _was_sent, deadline, evidence)
        while True:
            is_asked = await self._ask_cancel(client_id)
            order = await self._until(client_id, _has_ended, deadline, _ANSWERED_WITHIN if is_asked else 0.0)
            if order is None or _has_ended(order):
                return order
            await self._look(client_id)
            order = await self._until(client_id, _has_ended, deadline, _BEFORE_AGAIN)
            if order is None or _has_ended(order) or asyncio.get_running_loop().time() >= deadline:
                return order

    async def _until(
        self, client_id: str, holds: Callable[[TrackedOrder], bool], deadline: float, longest: float
    ) -> TrackedOrder | None:
        order = self._tracker.find(client_id)
        if order is None or holds(order):
            return order
        left = deadline - asyncio.get_running_loop().time()
        return await self._changes.until(self._tracker, client_id, holds, min(left, longest))

    async def _ask_cancel(self, client_id: str) -> bool:
        """Send one cancel. False where its answer says nothing good, and a lookup has to decide."""
        order = self._tracker.find(client_id)
        if order is None or _has_ended(order):
            return True
        if self.lookups.is_anothers(order):
            return False  # a cancel of this id might meet somebody else's order
        self._canceled_at[client_id] = self._rest.time.now()
        try:
            age = self._ages.of(order, self._rest.time.now(), self._rest.clock.time_ns())
            reports = await self._cancels.ask(order, age)
        except ExconnError as error:
            self._tell(client_id, CancelFailed(str(error)))
            self._note_absence(order, error)
            return False
        for report in reports:
            self._tell(client_id, report)
        says_end = any(isinstance(report, OrderReport) and report.state is not None for report in reports)
        if self._rest.codec.facts.effect == "done" and not says_end:
            self._tell(client_id, OrderReport(client_id=client_id, state=OrderState.CANCELED))
        return True

    def _note_absence(self, order: TrackedOrder, error: ExconnError) -> None:
        """A cancel of our own id that finds nothing ends the time in which the order may arrive, where the exchange
        says so."""
        is_absent = isinstance(error, ExchangeError) and error.meaning is Meaning.ORDER_NOT_FOUND
        is_fence = self._rest.codec.facts.fence.kind == "cancel_by_client_id" and order.fence_ns is None
        if is_absent and is_fence and order.phase is Phase.UNRESOLVED and order.exchange_order_id is None:
            self._resolving.fence_now(order.client_id, "a cancel of its id found nothing")

    async def _look(self, client_id: str) -> None:
        try:
            await self.lookups.look_up(client_id)
        except ExconnError as error:
            _log.info("order %s could not be looked up: %s", client_id, error)

    def repeat_cancels(self) -> None:
        """Ask again, in the background, for the cancels that are still wanted and were not asked for lately: one that
        hangs holds up neither the others nor what is read."""
        open_orders = self._tracker.open
        self._canceled_at = {each: at for each, at in self._canceled_at.items() if each in open_orders}
        self._ages.keep(open_orders)
        latest = self._rest.time.now() - self._rest.settings.repeat_cancel_after
        for order in list(open_orders.values()):
            is_wanted = order.cancel_wanted and order.phase is Phase.OPEN
            if is_wanted and self._canceled_at.get(order.client_id, 0.0) <= latest:
                self._tasks.start(f"cancel again {order.client_id}", self._cancel_again(order.client_id))

    async def _cancel_again(self, client_id: str) -> None:
        if not await self._ask_cancel(client_id):
            await self._look(client_id)
