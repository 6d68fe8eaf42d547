"""Looking orders up: what an order that is not there, or an answer that did not come, proves."""

from exconn.errors import ExchangeError, ExconnError, Meaning
from exconn.market.lookups import arguments_of
from exconn.market.tracking import Phase
from exconn.market.tracking.apply import _failed
from exconn.model import OrderReport

from ..mutant import mutant

_ASK = "exconn.market.lookups:Lookups._ask"


@mutant(2, "an unresolved order is looked for among the open ones alone", _ASK, ["I3"], ["accepted_then_reset"])
def open_orders_alone(right):
    async def ask(self, operation, order):
        try:
            asked = await self._rest.ask(operation, arguments_of(order))
        except ExchangeError as error:
            if error.meaning is not Meaning.ORDER_NOT_FOUND:
                raise
            return self._rest.clock.time_ns()
        told = [each for each in asked.reply.reports if isinstance(each, OrderReport)]
        if order.phase is Phase.UNRESOLVED and any(each.state is not None and each.state.is_final for each in told):
            return self._rest.clock.time_ns()
        for report in told:
            self._tracker.tell(order.client_id, report, self._rest.time.now())
        return None

    return ask


@mutant(
    3,
    "the first answer that does not know an order proves that it never arrived",
    "exconn.market.tracking.apply:_RULES[NotFound]",
    ["I3"],
    ["accepted_late"],
)
def first_absence_is_proof(right):
    def not_found(order, fact, now):
        if order.phase is not Phase.UNRESOLVED:
            return order, ()
        return _failed(order, "the exchange does not know this order", "never_arrived", now)

    return not_found


@mutant(
    28, "a lookup that fails counts as one that found nothing", _ASK, ["I3"], ["accepted_then_reset", "maintenance"]
)
def failure_is_absence(right):
    async def ask(self, operation, order):
        try:
            return await right(self, operation, order)
        except ExconnError:
            return self._rest.clock.time_ns()

    return ask
