"""What a trader asks for, from the call to its task: buy, sell, cancel, cancel everything.

Rules: an order that may not be sent is told as a failure before it is recorded, and then raised; what happens after it
is recorded is told by events alone. Once the gate is closed nothing new is sent, while cancels still are. Only what the
exchange says is cancelled counts as cancelled.
"""

import asyncio
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from exconn.errors import ExconnError, UsageError
from exconn.market.client_ids import ClientIds
from exconn.market.fees import FeeRates
from exconn.market.freshness import MarketTime
from exconn.market.intents import Intents
from exconn.market.orders import Orders, is_canceled
from exconn.market.rest import Asked
from exconn.market.settings import MarketSettings
from exconn.market.tasks import Tasks
from exconn.market.tracking import TrackedOrder, Tracker
from exconn.market.tracking.announce import kind_of
from exconn.model import CancellationResult, MarketEvent, MarketOrderFailureEvent, OrderType, TradeType

_log = logging.getLogger(__name__)


class Trading:
    """`refusal`: why nothing new may be sent, None while the gate is open."""

    def __init__(
        self,
        intents: Intents,
        orders: Orders,
        tracker: Tracker,
        fees: FeeRates,
        client_ids: ClientIds,
        tasks: Tasks,
        time: MarketTime,
        settings: MarketSettings,
        emit: Callable[[MarketEvent, Any], None],
    ) -> None:
        self.refusal: str | None = None
        self._under_way = 0
        self._intents = intents
        self._orders = orders
        self._tracker = tracker
        self._fees = fees
        self._client_ids = client_ids
        self._tasks = tasks
        self._time = time
        self._settings = settings
        self._emit = emit

    def begin(self, side: TradeType, pair: str, amount: Decimal, order_type: OrderType, price: Decimal) -> str:
        """Place an order in the background; gives its client id at once."""
        client_id = self._client_ids.draw()
        work = self._quietly(client_id, pair, side, amount, order_type, price)
        if not self._tasks.start(f"place {client_id}", work):
            refused = UsageError(self.refusal or "this market is stopped")
            asyncio.get_running_loop().call_soon(self._tell_failure, client_id, order_type, refused)
        return client_id

    async def _quietly(
        self, client_id: str, pair: str, side: TradeType, amount: Decimal, order_type: OrderType, price: Decimal
    ) -> None:
        try:
            await self.execute(client_id, pair, side, amount, order_type, price)
        except ExconnError as error:
            _log.info("order %s was not sent: %s", client_id, error)

    async def execute(
        self, client_id: str, pair: str, side: TradeType, amount: Decimal, order_type: OrderType, price: Decimal
    ) -> None:
        """Place an order and wait for the answer. Raises only what kept it from being sent; the rest is told by
        events."""
        order = self._recorded(client_id, pair, side, amount, order_type, price)
        try:
            await self._submit(order)
        except ExconnError as error:
            _log.info("order %s: %s", client_id, error)

    async def place(
        self, client_id: str, pair: str, side: TradeType, amount: Decimal, order_type: OrderType, price: Decimal
    ) -> Asked:
        """As `execute`, for one who wants the answer and every error."""
        return await self._submit(self._recorded(client_id, pair, side, amount, order_type, price))

    async def _submit(self, order: TrackedOrder) -> Asked:
        self._under_way += 1
        try:
            return await self._orders.submit(order)
        finally:
            self._under_way -= 1

    def _recorded(
        self, client_id: str, pair: str, side: TradeType, amount: Decimal, order_type: OrderType, price: Decimal
    ) -> TrackedOrder:
        """The order, checked and tracked. What forbids it, a store that cannot keep it included, is told as a failure
        and raised; but nothing is told of an id that is another order's."""
        self._tracker.check_new(client_id)
        try:
            if self.refusal is not None:
                raise UsageError(self.refusal)
            order = self._intents.make(client_id, pair, side, amount, order_type, price)
            self._tracker.start(order)
        except Exception as error:
            self._tell_failure(client_id, order_type, error)
            raise
        fee = self._fee_text(pair, order_type)
        _log.info("%s %s %s at %s, %s", side.name, f"{order.amount:f}", pair, f"{order.price:f}", fee)
        return order

    def _fee_text(self, pair: str, order_type: OrderType) -> str:
        """What the order is about to pay. It is tracked already, so nothing may be raised here."""
        try:
            return f"fee {self._fees.estimate(pair, order_type).percent:f}"
        except UsageError:
            return "fee not known"

    def _tell_failure(self, client_id: str, order_type: OrderType, error: Exception) -> None:
        event = MarketOrderFailureEvent(self._time.now(), client_id, order_type, str(error), kind_of(error))
        self._emit(MarketEvent.OrderFailure, event)

    def begin_cancel(self, client_id: str) -> str:
        """Cancel an order in the background."""
        self._tasks.start(f"cancel {client_id}", self.cancel(client_id))
        return client_id

    async def cancel(self, client_id: str) -> str | None:
        """Cancel an order; its id once it is cancelled or needs no tracking any more, None where that is not proven."""
        await self._begun_are_tracked()
        order = await self._orders.cancel(client_id, self._settings.cancel_evidence)
        if order is None:
            _log.warning("cancel: no order %s is tracked", client_id)
            return client_id
        return client_id if order.is_closed or is_canceled(order) else None

    async def cancel_all(self, timeout_seconds: float) -> list[CancellationResult]:
        """Cancel every open order at once; success is what the exchange says is cancelled within the time."""
        await self._begun_are_tracked()
        client_ids = list(self._tracker.open)
        work = [asyncio.create_task(self._orders.cancel(each, timeout_seconds)) for each in client_ids]
        try:
            if work:
                await asyncio.wait(work, timeout=timeout_seconds)
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        return [CancellationResult(client_id, self._is_proven(client_id)) for client_id in client_ids]

    @staticmethod
    async def _begun_are_tracked() -> None:
        """An order begun a moment ago is tracked by the first step of its task, which has to come first."""
        await asyncio.sleep(0)

    def _is_proven(self, client_id: str) -> bool:
        order = self._tracker.find(client_id)
        return order is not None and is_canceled(order)

    async def settle(self, timeout: float) -> None:
        """Wait until no submit is under way, whoever waits for it."""
        deadline = asyncio.get_running_loop().time() + timeout
        while self._under_way or self._tasks.running("place "):
            if asyncio.get_running_loop().time() >= deadline:
                break
            await asyncio.sleep(0.05)
