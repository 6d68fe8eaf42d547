"""What orders were and became: each client's order as it was placed, and after every amendment.

Rules:
- The first step of an order is its placing; reductions, amendments, and one that ended it are the others.
- An order is shown as it was right after the step; `before` is the order after the step before that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from .engine import Change, Close, Event, Order, OrderAccepted, OrderClosed, OrderUpdated

_AMENDING = (Change.AMEND, Change.REDUCE)


@dataclass(frozen=True, slots=True)
class Amendment:
    """One step. `before` is None for the placing."""

    order: Order
    before: Order | None

    @property
    def symbol(self) -> str:
        return self.order.symbol


class Amendments:
    """The steps of all orders of clients."""

    __slots__ = ("_accounts", "_steps")

    def __init__(self) -> None:
        self._accounts: set[str] = set()
        self._steps: dict[int, list[Amendment]] = {}

    def open(self, account: str) -> None:
        """Keep what a client's orders become from now on."""
        self._accounts.add(account)

    def of(self, order_id: int) -> Sequence[Amendment]:
        """An order's steps, oldest first."""
        return self._steps.get(order_id, ())

    def since(self, order: Order) -> int:
        """When an order was placed, or amended last (ns)."""
        steps = self._steps.get(order.id)
        return steps[-1].order.updated if steps else order.created

    def hear(self, events: Iterable[Event]) -> None:
        """Keep what an operation amended."""
        for event in events:
            if isinstance(event, OrderAccepted):
                if event.order.account in self._accounts:
                    self._steps[event.order.id] = [Amendment(event.order, None)]
            elif _is_amended(event):
                self._amend(event.order)

    def _amend(self, order: Order) -> None:
        steps = self._steps.get(order.id)
        if steps is not None:
            steps.append(Amendment(order, steps[-1].order))


def _is_amended(event: Event) -> TypeGuard[OrderUpdated | OrderClosed]:
    if isinstance(event, OrderClosed):
        return event.order.reason is Close.AMENDED
    return isinstance(event, OrderUpdated) and event.change in _AMENDING
