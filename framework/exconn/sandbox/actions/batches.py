"""Several orders in one request, with a result each.

Rules:
- `orders` is a list of a type `object`, whose readings are those of one order; `symbol` may stand once for all of them.
- Each is placed for itself, in the list's order: one that is refused leaves the others as they are.
- With `checked_first` all of them pass the dialect's checks before the first is placed, or the request is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.engine import Order
from exconn.sandbox.order_checks import examine

from .call import Call, Refusal
from .proposal import propose
from .trading import place_order


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one of them: an order, or a refusal."""

    order: Sequence[Order] = ()
    refusal: Sequence[Refusal] = ()

    @property
    def is_done(self) -> bool:
        return bool(self.order)


@dataclass(frozen=True, slots=True)
class ResultsRow:
    """What came of all of them, in the request's order."""

    results: Sequence[Result]

    @property
    def done(self) -> int:
        return sum(result.is_done for result in self.results)

    @property
    def failed(self) -> int:
        return len(self.results) - self.done


def place_orders(call: Call) -> ResultsRow:
    """Place several orders; `validate` only checks them."""
    common = {name: value for name, value in call.args.items() if name not in ("orders", "checked_first")}
    calls = [call.having({**common, **_given(order)}) for order in call.args["orders"]]
    if call.args.get("checked_first"):
        for each in calls:
            examine(propose(each), call.desk.dialect.placing)
    return ResultsRow([_place(each) for each in calls])


def _given(order: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in order.items() if value is not None}


def _place(call: Call) -> Result:
    try:
        return Result(order=(place_order(call, counts_as="batch"),))
    except Refused as refused:
        return Result(refusal=(call.said(refused),))
