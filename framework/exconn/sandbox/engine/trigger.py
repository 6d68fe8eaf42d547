"""Triggers: what an order waits for before it works, and when a price is that.

Rules:
- A stop-loss waits for the price to go against its side (up for a buy, down for a sell), a take-profit for the other
  way.
- A trailing trigger follows the price: a buy fires so far above the lowest price since it began, a sell so far below
  the highest; a price beside the trail is the one from which on it follows.
- The price is that of the last trade. Pure: nothing here knows an order, a book or a clock.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from .amounts import EXACT


class Aim(StrEnum):
    """What a trigger guards: against a loss, or a profit."""

    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"


class Distance(Struct, frozen=True):
    """A distance of prices: `amount` of quote per base, or, when `relative`, that fraction of the price."""

    amount: Decimal
    relative: bool = False

    def above(self, price: Decimal) -> Decimal:
        """The price this far above `price`; a negative distance lies below."""
        return EXACT.add(price, self._at(price))

    def below(self, price: Decimal) -> Decimal:
        """The price this far below `price`."""
        return EXACT.subtract(price, self._at(price))

    def _at(self, price: Decimal) -> Decimal:
        return EXACT.multiply(price, self.amount) if self.relative else self.amount


class Trigger(Struct, frozen=True):
    """What an order waits for. `limit` gives a limit order its price when it fires, from the price that fired it."""

    aim: Aim
    price: Decimal | None = None
    trail: Distance | None = None
    limit: Distance | None = None

    def is_reached(self, price: Decimal, *, buys: bool) -> bool:
        """Whether a trade at `price` reaches the trigger's own price; without one, any does."""
        if self.price is None:
            return True
        rises = buys is (self.aim is Aim.STOP_LOSS)
        return price >= self.price if rises else price <= self.price

    def level(self, peak: Decimal | None, *, buys: bool) -> Decimal | None:
        """The price that fires it now: its own, or the one that the trail has reached (None before it began)."""
        if self.trail is None:
            return self.price
        if peak is None:
            return None
        return self.trail.above(peak) if buys else self.trail.below(peak)

    def follow(self, peak: Decimal | None, price: Decimal, *, buys: bool) -> Decimal | None:
        """The best price after a trade at `price`; None while a trailing trigger has not begun, or nothing trails."""
        if self.trail is None or (peak is None and not self.is_reached(price, buys=buys)):
            return None
        if peak is None:
            return price
        return min(peak, price) if buys else max(peak, price)

    def fires(self, peak: Decimal | None, price: Decimal, *, buys: bool) -> bool:
        """Whether a trade at `price` fires it, `peak` being the best price before."""
        if self.trail is None:
            return self.is_reached(price, buys=buys)
        level = self.level(peak, buys=buys)
        return level is not None and (price >= level if buys else price <= level)
