"""How far an order's price may lie from what was paid lately.

Rules:
- A band has factors of the average price of its last minutes of trading, for each side a least and a greatest one;
  with 0 minutes, or where nothing was traded in them, they are of the last price.
- Before the first trade every price is near enough. An order without a price has none that could be too far.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from .engine import Exchange, Minute, Side
from .engine.amounts import divide, plus
from .limits import SECOND


@dataclass(frozen=True, slots=True)
class PriceBand:
    """The band of one instrument; bounds are factors."""

    minutes: int
    buy_least: Decimal
    buy_most: Decimal
    sell_least: Decimal
    sell_most: Decimal

    def holds(self, side: Side, price: Decimal, paid: Decimal) -> bool:
        """Whether a price of a side is near enough to what was paid."""
        least, most = (self.buy_least, self.buy_most) if side is Side.BUY else (self.sell_least, self.sell_most)
        return paid * least <= price <= paid * most


def mean_price(minutes: Iterable[Minute], since: int) -> Decimal | None:
    """The average price of the minutes (newest first) that began after a moment (ns), by size; None where nothing was
    traded."""
    lately = list(takewhile(lambda minute: minute.start > since, minutes))
    volume = plus(minute.volume for minute in lately)
    return divide(plus(minute.quote_volume for minute in lately), volume) if volume else None


def paid_lately(exchange: Exchange, symbol: str, count: int, now: int) -> Decimal | None:
    """The average price of the last `count` minutes, else the last price; None before the first trade."""
    mean = mean_price(exchange.minutes(symbol, now), now - count * 60 * SECOND) if count else None
    return exchange.last_price(symbol) if mean is None else mean
