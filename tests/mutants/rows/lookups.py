"""Looking orders up: what an order that is not there, or an answer that did not come, proves.

Row 2 has no mutant: what a lookup among open orders alone would miss, the stream and the history of fills tell
anyway, and none of 200 seeds showed the difference.
"""

from exconn.errors import ExconnError
from exconn.market.tracking import Phase
from exconn.market.tracking.apply import _failed

from ..mutant import mutant

_ASK = "exconn.market.lookups:Lookups._ask"


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
