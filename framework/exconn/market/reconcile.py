"""Reading orders, fills and balances again by REST, so that nothing a stream lost stays lost.

Rules: open orders are asked for in one list; what is ours and not on it is looked up by itself, absence from a list
proves nothing. Fills are read from the last confirmed point on, to the last page, with an overlap of what the exchange
may show late. Orders and fills that are not ours are never adopted. What one reading fails at does not stop the others,
nor what one pair fails at the others: it is raised when all else was read.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from exconn.codec import Arguments
from exconn.errors import ExchangeError, ExconnError, Unread, UsageError
from exconn.market.balance_sheet import BalanceSheet
from exconn.market.lookups import NANOSECONDS, arguments_of, on_exchange_clock, told_of_orders
from exconn.market.orders import Orders
from exconn.market.probing import Needs
from exconn.market.rest import Asked, Rest
from exconn.market.tracking import FillsRead, Phase, TrackedOrder, Tracker, needs_fills
from exconn.model import BalanceReport, Unreadable

_OVERLAP = 1.0
_log = logging.getLogger(__name__)


class Reconciler:
    """`confirmed_ns`: every fill before this moment of the exchange's clock has been read, or is none of ours.
    `sees`: how long the exchange may hide a change from its answers, seconds. `loaded`: called after balances were
    read, with the orders that the exchange had shown when they were asked for."""

    def __init__(
        self,
        rest: Rest,
        tracker: Tracker,
        orders: Orders,
        needs: Needs,
        balances: BalanceSheet,
        pairs: Sequence[str],
        loaded: Callable[[frozenset[str]], None],
    ) -> None:
        self.confirmed_ns = 0
        self._beginnings = 0
        self._balances_at = float("-inf")
        self._further: dict[str, int] = {}
        self._searched: frozenset[str] = frozenset()
        self.sees = max((sees.new_after for sees in rest.codec.facts.sees.values()), default=0.0)
        self._rest = rest
        self._tracker = tracker
        self._orders = orders
        self._needs = needs
        self._balances = balances
        self._pairs = tuple(pairs)
        self._loaded = loaded

    def begin(self) -> None:
        """Fills count from now on, from the oldest order that was restored, or from where an earlier reading ended."""
        self._beginnings += 1
        known = self.confirmed_ns or self._rest.clock.time_ns()
        self.confirmed_ns = min((known, *self._created(self._tracker.open.values())))
        self._further.clear()
        self._searched = frozenset()

    def _created(self, orders: Iterable[TrackedOrder]) -> list[int]:
        """When orders were made, at the earliest, on the exchange's clock. Of one that was found elsewhere, older fills
        are asked for by themselves where that can be."""
        by_order = self._rest.offers("fills_of_order")
        made = [order.created_ns if by_order else order.made_from_ns for order in orders]
        return [on_exchange_clock(self._rest, made_ns) for made_ns in made]

    async def all(self) -> None:
        """Orders, fills, balances. The first error is raised after everything has been tried."""
        failure: ExconnError | None = None
        for read in (self.orders, self.fills, self.balances):
            try:
                await read()
            except ExconnError as error:
                _log.warning("reconciling: %s", error)
                failure = failure or error
        if failure is not None:
            raise failure

    async def orders(self) -> None:
        """Bring every order that the exchange has shown up to date, and repeat the cancels that are still wanted."""
        at = self._rest.time.now()
        working = [order for order in self._tracker.open.values() if order.phase is Phase.OPEN]
        seen: dict[str, None] = {}
        listed = [*working, *self._shown_by_lists_alone()]
        failure = await self._list_open(listed, seen) if len(listed) > 1 or listed != working else None
        is_listed = failure is None
        for order in working:
            if order.client_id in seen or at - order.created_ns / NANOSECONDS < self.sees:
                continue
            try:
                await self._orders.lookups.look_up(order.client_id)
            except ExconnError as error:
                failure = failure or error
                if not is_listed and not _is_answer(error):
                    break  # the exchange is away, it seems: each order would wait for nothing
        self._orders.repeat_cancels()
        if failure is not None:
            raise failure

    def _shown_by_lists_alone(self) -> list[TrackedOrder]:
        """Orders of unknown outcome that no lookup of a single order can find."""
        unresolved = [order for order in self._tracker.open.values() if order.phase is Phase.UNRESOLVED]
        return [order for order in unresolved if not self._orders.lookups.ways(order)]

    async def _list_open(self, orders: Sequence[TrackedOrder], seen: dict[str, None]) -> ExconnError | None:
        """Puts the client ids of our orders that the list of open orders holds into `seen`."""
        if not self._rest.offers("open_orders"):
            return None

        def take(pair: str, asked: Asked) -> None:
            _is_readable(asked)
            for report in told_of_orders(asked):
                if self._orders.lookups.is_of_older(report):
                    continue
                order = self._tracker.report(report, self._rest.time.now())
                if order is not None:
                    seen[order.client_id] = None

        return await self._read("open_orders", [order.pair for order in orders], take)

    async def _read(
        self,
        operation: str,
        pairs: Iterable[str],
        take: Callable[[str, Asked], None],
        since_ns: Callable[[str], int | None] = lambda _: None,
    ) -> ExconnError | None:
        """Let `take` have each whole answer; asked pair by pair where the exchange takes it no other way, else of the
        pair "". A pair that the exchange refuses keeps the others from nothing; the first error is given back."""
        failure: ExconnError | None = None
        for pair in dict.fromkeys(pairs) if self._needs.pair(operation) else ("",):
            try:
                asked = await self._rest.ask_all(operation, Arguments(pair=pair, since_ns=since_ns(pair)))
            except ExconnError as error:
                failure = failure or error
                if not _is_answer(error):
                    break
            else:
                take(pair, asked)
        return failure

    async def fills(self) -> None:
        """Read the fills since the confirmed point, and those of the orders that miss some after that, those among them
        that were told as over without."""
        failure = await self._fills_since() if self._rest.offers("fills_since") else None
        for order in (*self._short(), *self._tracker.incomplete) if self._rest.offers("fills_of_order") else ():
            try:
                asked = await self._rest.ask_all("fills_of_order", arguments_of(order))
            except ExconnError as error:
                failure = failure or error
                if not _is_answer(error):
                    break
            else:
                if self._take_fills(asked):
                    self._tracker.tell(order.client_id, FillsRead(asked.at), self._rest.time.now())
        if failure is not None:
            raise failure

    def _short(self) -> list[TrackedOrder]:
        return [order for order in self._tracker.open.values() if needs_fills(order)]

    async def _fills_since(self) -> ExconnError | None:
        """Orders are told that their fills were read; a pair that was not read is read again from where it ended."""
        answered: dict[str, Asked] = {}
        whole: dict[str, Asked] = {}
        beginning, known, short = self._beginnings, list(self._tracker.open), self._found_and_short()

        def take(pair: str, asked: Asked) -> None:
            answered[pair] = asked
            if self._take_fills(asked):
                whole[pair] = asked

        failure = await self._read("fills_since", self._pairs_of_fills(), take, self._since_ns)
        if beginning == self._beginnings:  # else orders were taken up meanwhile that may be older than all this
            self._further |= {pair: asked.at_ns for pair, asked in answered.items()}
            if failure is None and answered:
                self.confirmed_ns = min(asked.at_ns for asked in answered.values())
                self._further.clear()
                self._searched = self._searched.intersection(known) | (short if len(whole) == len(answered) else set())
        for client_id in known:
            order = self._tracker.open.get(client_id)
            of_order = None if order is None else whole.get("") or whole.get(order.pair)
            if of_order is not None:
                self._tracker.tell(client_id, FillsRead(of_order.at), self._rest.time.now())
        return failure

    def _since_ns(self, pair: str) -> int:
        """Where to read from. An order that misses fills is read from its beginning where its own cannot be asked for:
        the exchange's clock may have been set back since the confirmed point."""
        short = [] if self._rest.offers("fills_of_order") else self._short()
        short = [order for order in short if order.client_id not in self._searched]
        overlap = round((self.sees + _OVERLAP) * NANOSECONDS)
        wanted = max(0, min((self._further.get(pair, self.confirmed_ns), *self._created(short))) - overlap)
        reach = self._rest.codec.facts.reach.get("fills_since")
        if reach is None:
            return wanted
        earliest = self._rest.clock.time_ns() - round(reach * NANOSECONDS)
        if wanted < earliest:
            _log.warning("fills older than %g s are not shown by this exchange; some may never be seen", reach)
        return max(wanted, earliest)

    def _found_and_short(self) -> frozenset[str]:
        """Orders found elsewhere that miss fills: all that there is, is searched for them once, as it may be long."""
        found = [order for order in self._short() if order.earliest_ns is not None and order.exchange_order_id]
        return frozenset(order.client_id for order in found)

    def _pairs_of_fills(self) -> list[str]:
        """Ours, but for those that were never traded here: nothing can be asked about them."""
        ours = [pair for pair in self._pairs if self._is_known(pair)]
        return [*ours, *(order.pair for order in self._tracker.open.values())]

    def _is_known(self, pair: str) -> bool:
        forms = self._rest.context.symbols.texts.values()
        return not forms or any(pair in texts for texts in forms)

    def _take_fills(self, asked: Asked) -> bool:
        """False where a row could not be read: it may be a fill of anybody, and then nobody's are all there."""
        for report in told_of_orders(asked):
            self._tracker.report(report, self._rest.time.now())
        return _is_readable(asked)

    async def balances(self) -> None:
        """Read all balances. A row that cannot be read leaves its asset as it was."""
        if not self._rest.offers("balances"):
            return
        shown = frozenset(name for name, order in self._tracker.open.items() if order.phase >= Phase.OPEN)
        asked = await self._rest.ask_all("balances", Arguments())
        if asked.at < self._balances_at:  # whoever asked later was answered sooner
            return
        self._balances_at = asked.at
        rows = [row for row in asked.reply.reports if isinstance(row, BalanceReport)]
        self._balances.load(rows, asked.at, is_whole=_is_readable(asked))
        self._loaded(shown)


def _is_readable(asked: Asked) -> bool:
    """Whether all rows of an answer could be read; those that could not are named."""
    unread = [report for report in asked.reply.reports if isinstance(report, Unreadable)]
    for report in unread:
        _log.warning("a row could not be read: %s: %s", report.where, report.why)
    return not unread


def _is_answer(error: ExconnError) -> bool:
    """Whether the error speaks of what was asked, and not of the way to the exchange."""
    return isinstance(error, ExchangeError | UsageError | Unread)
