"""The user's own limits on orders, held against the very values that are about to be sent.

Rules: they are the user's and never a spec's, because a wrong spec may swap price and amount; each limit is off until
it is set; an order that breaks one is refused before it is recorded. The minute is a sliding one, summed in O(1).
"""

from collections import deque
from decimal import Decimal

from exconn.errors import RuleBroken
from exconn.market.settings import MarketSettings
from exconn.market.tracking import TrackedOrder
from exconn.model import TradeType

_MINUTE = 60.0


class OrderSanity:
    """Checks one order after the other. `is_on`: whether there is any limit."""

    def __init__(self, settings: MarketSettings) -> None:
        self._settings = settings
        self._sent: deque[tuple[float, Decimal]] = deque()
        self._sum = Decimal(0)
        limits = (settings.max_order_notional, settings.max_notional_per_minute, settings.price_collar)
        self.is_on = any(limit is not None for limit in limits)

    def check(self, order: TrackedOrder, best: Decimal | None, now: float) -> None:
        """RuleBroken where the order breaks a limit. `best`: the price that the order meets first, None if unknown."""
        price = order.price if order.order_type.is_limit_type() else best
        self._check_collar(order, best)
        limits = (self._settings.max_order_notional, self._settings.max_notional_per_minute)
        if limits == (None, None):
            return
        if price is None:
            raise RuleBroken(f"the notional of this {order.pair} order cannot be told without a live book")
        notional = price * order.amount if order.quote_amount is None else order.quote_amount
        if limits[0] is not None and notional > limits[0]:
            raise RuleBroken(f"notional {notional:f} is over the market's max_order_notional {limits[0]:f}")
        self._count(notional, limits[1], now)

    def _check_collar(self, order: TrackedOrder, best: Decimal | None) -> None:
        collar = self._settings.price_collar
        if collar is None or best is None or not order.order_type.is_limit_type():
            return
        buys = order.side is TradeType.BUY
        worst = best * (1 + collar) if buys else best * (1 - collar)
        if (order.price > worst) if buys else (order.price < worst):
            raise RuleBroken(f"price {order.price:f} is outside the market's collar of {collar:f} around {best:f}")

    def _count(self, notional: Decimal, limit: Decimal | None, now: float) -> None:
        while self._sent and self._sent[0][0] <= now - _MINUTE:
            self._sum -= self._sent.popleft()[1]
        if limit is None:
            return
        if self._sum + notional > limit:
            raise RuleBroken(f"{self._sum + notional:f} in a minute is over max_notional_per_minute {limit:f}")
        self._sent.append((now, notional))
        self._sum += notional
