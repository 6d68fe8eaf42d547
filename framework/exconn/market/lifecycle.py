"""A market's life: starting its network, keeping it, stopping it.

Rules: nothing is subscribed to before the rules have taught the symbols; each step of starting is tried until it
works, so a market started while the exchange is away comes up by itself. Stopping closes the gate first, then waits
for submits under way, then cancels what is open where the user has set that, then closes everything; what may still be
open is named. A network that was stopped may start again, with all that ran in it; a stopped market may not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from exconn.codec import Arguments
from exconn.errors import ExconnError, UsageError
from exconn.market.backoff import Backoff
from exconn.market.order_book_tracker import PUBLIC_KINDS
from exconn.market.parts import Parts
from exconn.market.tasks import Work
from exconn.market.tracking import Phase, TrackedOrder
from exconn.model import NetworkStatus

_CHECKS = ("server_time", "trading_rules")
_log = logging.getLogger(__name__)


class Lifecycle:
    """`timestamp`: of the last tick of an outer clock, NaN without one. `is_checked`: what must be settled before the
    first order is: the key's rights, and the dead man's switch where it is wanted."""

    def __init__(self, parts: Parts, is_trading: bool) -> None:
        self.timestamp = float("nan")
        self._parts = parts
        self._is_trading = is_trading
        self.is_checked = not is_trading
        self._is_stopped = False
        self._stopping = asyncio.Lock()
        self._own: dict[str, Callable[[], Work]] = {}
        if not is_trading:  # nothing would follow an order: no stream, no polling
            parts.trading.refusal = "this market was made with trading_required=False: it reads, and takes no orders"

    async def start_alone(self) -> None:
        """Run by itself, until the market is stopped."""
        self._own = {"ticks": self.tick_alone, "network check": self.watch_network}
        await self.start_network()

    def start_by_clock(self, timestamp: float) -> None:
        """An outer clock ticks from now on; the network starts when the exchange answers."""
        self._check_not_stopped()
        self.timestamp = timestamp
        self._own = {"network check": self.watch_network}
        self._run_own()

    def _run_own(self) -> None:
        """What the market runs besides its network; it ends with it, and begins again with it."""
        for name, work in self._own.items():
            if name not in self._parts.network:
                self._parts.network.keep(name, work)

    def _check_not_stopped(self) -> None:
        if self._is_stopped:
            raise UsageError("this market is stopped for good; make a new one")

    async def start_network(self) -> None:
        """Begin; returns at once, the market is ready when its status says so. What runs already runs on. UsageError
        once it is stopped."""
        self._check_not_stopped()
        parts = self._parts
        if not parts.ground.health.is_started:
            parts.ground.health.is_started = True
            parts.network.start("start", self._start())
        self._run_own()

    async def _start(self) -> None:
        parts, rest = self._parts, self._parts.ground.rest
        await parts.network.left(parts.ground.settings.settle_timeout)
        await self._insist("preparations", parts.ground.preparations.run)
        await self._insist("the exchange's time", rest.sync_clock)
        parts.network.keep("trading rules", parts.standing.poll_rules)
        await parts.standing.loaded.wait()
        self._follow_books()
        parts.network.keep("clock", self._again_and_again(rest.sync_clock, parts.ground.settings.clock_every))
        if parts.ground.preparations.need_keeping:
            parts.network.keep("preparations", parts.ground.preparations.keep)
        if self._is_trading:
            await self._start_trading()

    def _follow_books(self) -> None:
        parts = self._parts
        for pair in parts.ground.pairs:
            if pair not in parts.rules.rules:
                parts.ground.health.failed(UsageError(f"{pair} is not traded here; this market will not be ready"))
                _log.error("%s: %s", parts.ground.codec.name, parts.ground.health.last_error)
        sockets = [
            socket
            for socket in parts.ground.codec.sockets.values()
            if not PUBLIC_KINDS.isdisjoint(socket.kinds) and socket.name not in parts.user.sockets
        ]
        parts.books.follow(sockets, parts.user.sharing(PUBLIC_KINDS))
        if parts.books.is_polled:
            parts.network.keep("books", parts.books.poll)
        for stream in parts.books.streams:
            parts.network.start(f"socket {stream.socket.name}", stream.run())

    async def _start_trading(self) -> None:
        parts = self._parts
        self._find_out()
        parts.network.keep("user events", parts.user_events.listen)
        parts.network.keep("status polling", parts.polling.run)
        for stream in parts.user.streams:
            parts.network.start(f"socket {stream.socket.name}", stream.run())
        try:
            await self._insist("the key's rights", parts.standing.check_rights)
        except UsageError as error:
            parts.ground.health.failed(error)
            parts.trading.refusal = str(error)
            _log.error("%s: %s", parts.ground.codec.name, error)
        if parts.switch.is_wanted:
            await self._insist("the dead man's switch", parts.switch.arm)
            parts.network.keep("dead man's switch", parts.switch.keep)
        self.is_checked = True

    def take_up(self, orders: Sequence[TrackedOrder]) -> None:
        """Track orders of an earlier life, or of somebody else; what became of them is found out as soon as the market
        runs."""
        self._parts.tracker.restore(orders)
        if "status polling" in self._parts.network:
            self._find_out()

    def _find_out(self) -> None:
        """Read from the oldest open order on, and look for those of unknown outcome."""
        self._parts.reconciler.begin()
        for order in list(self._parts.tracker.open.values()):
            if order.phase is Phase.UNRESOLVED:
                self._parts.orders.resolve(order.client_id)
        self._parts.polling.ask_now()

    async def _insist(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """Try until it works. A UsageError is raised: trying again cannot help there."""
        settings = self._parts.ground.settings
        source = self._parts.ground.surroundings.random
        pause = Backoff(source, settings.backoff_first, settings.backoff_greatest, settings.healthy_after)
        while True:
            try:
                await work()
            except UsageError:
                raise
            except ExconnError as error:
                _log.warning("%s: %s: %s", self._parts.ground.codec.name, what, error)
                pause.ended(0.0)
                await asyncio.sleep(pause.delay())
            else:
                return

    def _again_and_again(self, work: Callable[[], Awaitable[None]], every: float) -> Callable[[], Work]:
        async def run() -> None:
            while True:
                await asyncio.sleep(every)
                await self._insist("keeping up", work)

        return run

    async def check_network(self) -> NetworkStatus:
        """Ask something harmless of the exchange."""
        parts = self._parts
        operation = next(operation for operation in _CHECKS if parts.ground.rest.offers(operation))
        try:
            async with asyncio.timeout(parts.ground.settings.network_timeout):
                await parts.ground.rest.ask(operation, Arguments())
        except (ExconnError, TimeoutError):
            return NetworkStatus.NOT_CONNECTED
        trouble = parts.ground.health.account_trouble
        return NetworkStatus.CONNECTED if trouble is None else NetworkStatus.NOT_CONNECTED

    async def watch_network(self) -> None:
        """Start the network when the exchange answers for the first time; check it from then on."""
        parts = self._parts
        while True:
            is_there = await self.check_network() is NetworkStatus.CONNECTED
            if is_there and not parts.ground.health.is_started and not self._is_stopped:
                await self.start_network()
            await asyncio.sleep(parts.ground.settings.network_every)

    async def tick_alone(self) -> None:
        """The market's own clock, where no outer one drives it."""
        while True:
            await asyncio.sleep(self._parts.ground.settings.tick_size)
            self._parts.tracker.tick(self._parts.ground.time.now())

    def tick(self, timestamp: float) -> None:
        """An outer clock's tick."""
        self.timestamp = timestamp
        self._parts.tracker.tick(self._parts.ground.time.now())
        self._parts.polling.ticked()

    def halt_network(self) -> None:
        """End the network's tasks without waiting for them."""
        self._parts.ground.health.is_started = False
        self._parts.network.cancel_all()

    async def stop_network(self) -> None:
        self._parts.ground.health.is_started = False
        self._parts.network.cancel_all()
        await self._parts.network.left(self._parts.ground.settings.settle_timeout)
        await self._parts.switch.release()

    async def stop(self) -> list[str]:
        """Stop for good; gives the client ids of the orders that may still be open on the exchange."""
        async with self._stopping:
            parts, grace = self._parts, self._parts.ground.settings.settle_timeout
            parts.trading.refusal = "this market is stopped; it takes no new orders"
            is_canceling = parts.ground.settings.cancel_on_stop and not self._is_stopped
            self._is_stopped = True
            # cancels begin at once: each waits until its own order has been sent
            cancels = parts.trading.cancel_all(grace) if is_canceling else asyncio.sleep(0)
            await asyncio.gather(parts.trading.settle(grace), cancels)
            parts.ground.health.is_started = False
            await parts.network.close(grace)
            await parts.work.close(grace)
            left = self._may_be_open()
            if left and is_canceling:
                parts.switch.leave()
            await parts.switch.release()
            await parts.ground.http.close()
        if left:
            _log.warning("%s is stopped; these orders may still be open: %s", parts.ground.codec.name, ", ".join(left))
        return left

    def _may_be_open(self) -> list[str]:
        """What the exchange has not said to be over; an order whose fills alone are missing is."""
        return [order.client_id for order in self._parts.tracker.open.values() if order.phase < Phase.ENDING]
