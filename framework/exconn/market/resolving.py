"""Resolving submits of unknown outcome: looking until the order is seen, or can no longer arrive.

Rules: an unresolved order is asked for soon, then at its fence, then again and again, until the tracker knows. A fence
that is no moment has passed when its proof is there: `nonce`, a later request with a higher nonce was taken, which the
lookup itself is; `cancel_by_client_id`, a cancel of our id was answered with "no such order". A fence of the kind
`resend` never proves an absence: the same request, sent again while the exchange takes an id once, makes sure that the
order is there; it is sent a few times soon after the first and never later, nor once a cancel is wanted, nor if it was
first sent by somebody else. Whatever the kind, an id that is another order's for ever leaves no room for ours.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from exconn.errors import ExchangeError, ExconnError, Meaning
from exconn.market.lookups import NANOSECONDS, Lookup, Lookups
from exconn.market.placing import placing_of, tell_placed
from exconn.market.rest import Rest
from exconn.market.tracking import TrackedOrder, Tracker, Unresolved

_SOON = (0.5, 1.0, 2.0)
_MARGIN = 0.25
_RESENT_AT_MOST = 3
_RESENT_WITHIN = 60.0
_UNCLEAR = (
    "the exchange shows an order of this client id that may be this one, changed there, or another, that hides it; "
    "look there which it is, cancel it there where it is this one, and forget this one by stop_tracking_order"
)
_SAME_ORDER = frozenset({"refused", "same_order"})

_log = logging.getLogger(__name__)


class Resolving:
    """`ask_cancel` sends one cancel of an order and tells what comes of it."""

    def __init__(
        self, rest: Rest, tracker: Tracker, lookups: Lookups, ask_cancel: Callable[[str], Awaitable[bool]]
    ) -> None:
        self._rest = rest
        self._tracker = tracker
        self._lookups = lookups
        self._ask_cancel = ask_cancel
        self._kind = rest.codec.facts.fence.kind

    async def resolve(self, client_id: str) -> None:
        """Look an unresolved order up until it is resolved."""
        tries = resent = 0
        was_unclear = False
        while (order := self._lookups.unresolved(client_id)) is not None:
            least = self._rest.settings.poll_open if was_unclear else 0.0
            await asyncio.sleep(max(self._pause(order, tries), least))
            tries += 1
            try:
                lookup = await self._lookups.look_up(client_id)
            except ExconnError as error:
                _log.warning("order %s of unknown outcome could not be looked up: %s", client_id, error)
                continue
            if lookup is not None and lookup.is_unclear and not was_unclear:
                was_unclear = True
                _log.error("order %s stays of unknown outcome: %s", client_id, _UNCLEAR)
            still = self._lookups.unresolved(client_id)
            if lookup is None or not lookup.absent or still is None or still.fence_ns is not None:
                continue
            if lookup.is_taken:
                self.fence_now(client_id, "its id is another order's for ever")
            elif self._kind == "nonce":
                self._fence_by_nonce(still, lookup)
            elif self._kind == "cancel_by_client_id" and self._would_show(still):
                await self._ask_cancel(client_id)
            elif self._may_resend(still, resent):
                resent += 1
                await self._resend(still)

    def _pause(self, order: TrackedOrder, tries: int) -> float:
        """Seconds until the next lookup can teach something."""
        if tries < len(_SOON):
            return _SOON[tries]
        longest = self._rest.settings.poll_open
        until_fence = self._lookups.until_fence(order)
        if until_fence is None or order.sees_ns is None:
            return longest
        if until_fence > 0:
            return min(until_fence + _MARGIN, longest)
        return max(1.0, order.sees_ns / NANOSECONDS) + _MARGIN

    def _would_show(self, order: TrackedOrder) -> bool:
        """Whether the order would show by now, had its request been taken at once: what it waits for is then lost, or
        late."""
        return self._rest.time.now() > self._age_ends(order, (order.sees_ns or 0) / NANOSECONDS)

    def _age_ends(self, order: TrackedOrder, seconds: float) -> float:
        return order.created_ns / NANOSECONDS + seconds

    def _fence_by_nonce(self, order: TrackedOrder, lookup: Lookup) -> None:
        """The lookup was signed after the placing, with a nonce of the same stock, and the exchange has taken it."""
        unit = self._rest.endpoint("place_order").nonce
        if unit is not None and all(self._rest.endpoint(each).nonce == unit for each in lookup.operations):
            self.fence_now(order.client_id, "a request with a higher nonce was taken")

    def fence_now(self, client_id: str, why: str) -> None:
        """From now on the request cannot execute any more."""
        now = self._rest.time.now()
        self._tracker.tell(client_id, Unresolved(why, self._rest.clock.time_ns(), now), now)

    def _may_resend(self, order: TrackedOrder, resent: int) -> bool:
        if self._kind != "resend" or self._rest.codec.facts.same_id not in _SAME_ORDER:
            return False
        if order.cancel_wanted or order.earliest_ns is not None:
            return False
        in_time = self._rest.time.now() < self._age_ends(order, _RESENT_WITHIN)
        return in_time and resent < _RESENT_AT_MOST and self._would_show(order)

    async def _resend(self, order: TrackedOrder) -> None:
        """An error says something of this request alone; that the id is taken, that the order is there."""
        try:
            asked = await self._rest.ask("place_order", placing_of(order))
        except ExconnError as error:
            is_there = isinstance(error, ExchangeError) and error.meaning is Meaning.DUPLICATE_CLIENT_ID
            _log.info("order %s sent again: %s", order.client_id, "it is there" if is_there else error)
            return
        tell_placed(self._tracker, order.client_id, asked, self._rest.time.now())
