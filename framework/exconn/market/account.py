"""The account as a trader sees it: totals, and what is available for new orders.

Rules: where the user stream pushes what is available, it is what it and REST say, less what orders lock that the
exchange has not shown yet: one of unknown outcome stays reserved. Where it does not, the last REST answer is carried
forward by the default calculation of the market contract, from the orders as they were then, the orders as they are now
and the fills since; an order that came while it was asked for counts as not in it. Of a total that is all that was
told, our own orders are taken, and a fill that may be in it or not counts where it lessens it. A user's limit on an
asset comes last.
"""

import copy
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from exconn.errors import UsageError
from exconn.market.balance_sheet import BalanceSheet, FillRecord, computed_available, limited, locked
from exconn.market.fees import FeeRates
from exconn.market.freshness import MarketTime
from exconn.market.in_flight_order import InFlightOrder
from exconn.market.settings import MarketSettings
from exconn.market.tracking import Phase
from exconn.market.tracking.fills import EXACT
from exconn.model import OrderFilledEvent, s_decimal_0


class Account:
    """`orders`: the orders in flight, by client id. `is_real_time`: whether the stream pushes what is available.
    `snapshot`: the orders as they were when the balances were read, at `snapshot_timestamp`."""

    def __init__(
        self, orders: Mapping[str, InFlightOrder], fees: FeeRates, time: MarketTime, settings: MarketSettings
    ) -> None:
        self.balances = BalanceSheet()
        self.is_real_time = False
        self.snapshot: dict[str, InFlightOrder] = {}
        self.snapshot_timestamp = 0.0
        self._shown: frozenset[str] = frozenset()
        self._fills = FillRecord()
        self._orders = orders
        self._fees = fees
        self._time = time
        self._settings = settings

    @property
    def is_loaded(self) -> bool:
        """Whether the balances have been read; an account may well hold nothing."""
        return self.snapshot_timestamp > 0

    def loaded(self, shown: Collection[str]) -> None:
        """The balances have just been read. `shown`: the orders that they are known to hold for; what was on its way
        may have come too late."""
        self._shown = frozenset(shown)
        self.snapshot = {client_id: copy.copy(order) for client_id, order in self._orders.items()}
        self.snapshot_timestamp = self._time.now()
        self.balances.answered(self.snapshot_timestamp)
        self._fills.forget_until(min((self.snapshot_timestamp, *self.balances.alone.values())))

    def filled(self, event: OrderFilledEvent) -> None:
        self._fills.add(event)

    def total(self, asset: str) -> Decimal:
        return self.balances.totals.get(asset, s_decimal_0)

    def available(self, asset: str) -> Decimal:
        """What new orders may use of an asset."""
        told = self.balances.available.get(asset, s_decimal_0)
        alone = self.balances.alone.get(asset)
        if alone is not None:
            now = self._locked(self._orders.values())
            added = self._fills.beside(asset, alone, self.balances.doubtful_until.get(asset, alone))
            told = computed_available(asset, told, {}, now, {asset: added})
        elif self.is_real_time:
            unseen = [order for order in self._orders.values() if order.order.phase < Phase.OPEN]
            told = EXACT.subtract(told, self._locked(unseen).get(asset, s_decimal_0)) if unseen else told
        else:
            shown = [order for client_id, order in self.snapshot.items() if client_id in self._shown]
            then, now = self._locked(shown), self._locked(self._orders.values())
            told = computed_available(asset, told, then, now, self._fills.since(self.snapshot_timestamp))
        limit = self._settings.balance_limits.get(asset)
        if limit is None:
            return told
        return limited(asset, told, limit, self._locked(self._orders.values()), self._fills.of_all)

    def _locked(self, orders: Iterable[InFlightOrder]) -> dict[str, Decimal]:
        tracked = [order.order for order in orders]
        return locked(tracked, self._maker_fee(), self._settings.buy_lock)

    def _maker_fee(self) -> Decimal:
        try:
            return self._fees.rate("").maker
        except UsageError:
            return s_decimal_0
