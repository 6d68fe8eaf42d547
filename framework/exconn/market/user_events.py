"""What the user stream says, told to the tracker and the account in its own order.

Rules: a report is applied as it comes, whatever REST says at the same time, because states and amounts only rise;
what one frame says of an order is one step, and its balances are taken together; a row that cannot be read asks for a
reconcile and costs nothing else.
"""

import logging
from collections.abc import Sequence

from exconn.market.account import Account
from exconn.market.freshness import MarketTime
from exconn.market.polling import StatusPolling
from exconn.market.tracking import Tracker
from exconn.market.user_stream_tracker import UserStreamTracker
from exconn.model import BalanceReport, FillReport, OrderReport, Report, Unreadable

_log = logging.getLogger(__name__)


class UserEvents:
    def __init__(
        self, user: UserStreamTracker, tracker: Tracker, account: Account, time: MarketTime, polling: StatusPolling
    ) -> None:
        self._user = user
        self._tracker = tracker
        self._account = account
        self._time = time
        self._polling = polling

    async def listen(self) -> None:
        """Take frame after frame until cancelled."""
        while True:
            reports = await self._user.user_stream.get()
            try:
                self.take(reports)
            except Exception:
                self._polling.ask_now()  # what the rest of the frame said is read by REST
                raise

    def take(self, reports: Sequence[Report]) -> None:
        """One frame."""
        now = self._time.now()
        orders: list[OrderReport | FillReport] = []
        balances: list[BalanceReport] = []
        for report in reports:
            if type(report) is OrderReport or type(report) is FillReport:
                orders.append(report)
            elif type(report) is BalanceReport:
                balances.append(report)
            elif type(report) is Unreadable:
                _log.warning("user stream: %s: %s", report.where, report.why)
                self._polling.ask_now()
        if orders:
            self._tracker.take(orders, now)
        if balances:
            self._account.balances.update(balances, now)
