"""First fills: what they give back to the pools that count orders.

Rules:
- An order counts once, by its first fill, however many follow, and whenever it was placed.
- All keys of its account are given back to. House accounts have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .engine import Event, OrderClosed, OrderUpdated
from .keys import Key
from .limits import Limits


class FirstFills:
    """Hears the engine's orders, and tells the limits. `true_ns` is the clock that limits are counted by."""

    __slots__ = ("_keys", "_limits", "_true_ns")

    def __init__(self, limits: Limits, keys: Mapping[str, Key], true_ns: Callable[[], int]) -> None:
        self._limits, self._keys, self._true_ns = limits, keys, true_ns

    def hear(self, events: Iterable[Event]) -> None:
        """What happened in one operation."""
        for event in events:
            if not isinstance(event, OrderUpdated | OrderClosed) or event.fill is None:
                continue
            order, fill = event.order, event.fill
            if fill.trade_id != order.fills[0].trade_id:
                continue
            for key in self._keys.values():
                if key.account == order.account:
                    self._limits.give_back(str(fill.liquidity), key.api_key, self._true_ns())
