"""Tops: the best prices of books as they were, where an exchange tells them.

Rules:
- A top is kept when one of its two prices has changed, at the end of the operation that changed it, and the latest
  KEPT of each symbol stay. A book that has one side alone has no top.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from .engine import BookChanged, Event, Exchange

KEPT = 200


class Top(NamedTuple):
    """The best prices of a symbol from a moment on (ns)."""

    symbol: str
    bid: Decimal
    ask: Decimal
    time: int


class Tops:
    """What the tops of all symbols were."""

    __slots__ = ("_exchange", "_kept")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._kept: dict[str, deque[Top]] = {}

    def of(self, symbol: str) -> Sequence[Top]:
        """Those of a symbol, oldest first."""
        return tuple(self._kept.get(symbol, ()))

    def hear(self, events: Iterable[Event]) -> None:
        """Keep what an operation changed."""
        for symbol, time in {event.symbol: event.time for event in events if isinstance(event, BookChanged)}.items():
            book = self._exchange.book(symbol, 1)
            if not book.bids or not book.asks:
                continue
            top = Top(symbol, book.bids[0][0], book.asks[0][0], time)
            kept = self._kept.setdefault(symbol, deque(maxlen=KEPT))
            if not kept or kept[-1][1:3] != top[1:3]:
                kept.append(top)
