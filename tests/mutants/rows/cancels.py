"""Cancels: what an error proves, and how long a cancel is wanted."""

from exconn.errors import ExchangeError, ExconnError, Meaning
from exconn.market.tracking import CancelFailed
from exconn.model import OrderReport, OrderState

from ..mutant import mutant


@mutant(
    25,
    "an order that a cancel does not find is cancelled",
    "exconn.market.orders:Orders._ask_cancel",
    ["I3", "I9"],
    ["lost"],
)
def unknown_is_cancelled(right):
    async def ask_cancel(self, client_id):
        try:
            reports = await self._cancels.ask(self._tracker.find(client_id))
        except ExconnError as error:
            if isinstance(error, ExchangeError) and error.meaning is Meaning.ORDER_NOT_FOUND:
                self._tell(client_id, OrderReport(client_id=client_id, state=OrderState.CANCELED))
                return True
            self._tell(client_id, CancelFailed(str(error)))
            return False
        for report in reports:
            self._tell(client_id, report)
        return True

    return ask_cancel


@mutant(
    26,
    "a cancel that could not be done in time is forgotten",
    "exconn.market.orders:Orders.repeat_cancels",
    ["I9"],
    ["maintenance"],
)
def cancel_forgotten(right):
    def repeat_cancels(self):
        """Nobody wants them any more."""

    return repeat_cancels
