"""Looking orders up: what an order that is not there, or an answer that did not come, proves.

Row 2 has no mutant: what a lookup among open orders alone would miss, the stream and the history of fills tell
anyway, and none of 200 seeds showed the difference. Nor has row 28: two lookups would have to fail after the fence, and
the stream to be silent that long, about an order that arrived.
"""

from exconn.market.tracking import Phase
from exconn.market.tracking.apply import _failed

from ..mutant import mutant


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
