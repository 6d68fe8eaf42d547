"""Light trading: one order now and then, at random, for hours of virtual time.

Rules: all chance is one seeded source; an order is of any type and side that the exchange offers, around the middle of
the book; an order that still rests when its turn is over is cancelled; nothing is placed while the book is withheld. At
the end everything open is cancelled.
"""

import asyncio
import random
from decimal import Decimal

from exconn.market import Market
from exconn.model import OrderType, TradeType

_CANCEL_LIMIT = 30.0
_VALUES = (50, 1000)
_NEAR = 0.0015


class LightTrader:
    """Trades one pair of a ready market; `placed` counts the orders."""

    def __init__(self, market: Market, pair: str, source: random.Random) -> None:
        self._market = market
        self._pair = pair
        self._source = source
        self.placed = 0

    async def run(self, seconds: float, every: float) -> None:
        """An order about every `every` virtual seconds until `seconds` are over."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            self._turn()
            await asyncio.sleep(min(self._source.uniform(0.5, 1.5) * every, max(0.0, end - loop.time())))
        await self._market.cancel_all(_CANCEL_LIMIT)

    def _turn(self) -> None:
        market = self._market
        for client_id in list(market.in_flight_orders):
            market.cancel(self._pair, client_id)
        book = market.order_books.get(self._pair)
        if book is None or book.best_bid is None or book.best_ask is None:
            return
        middle = Decimal(str((book.best_bid[0] + book.best_ask[0]) / 2))
        kind = self._source.choice([each for each in OrderType if each in market.supported_order_types()])
        side = self._source.choice(list(TradeType))
        price = market.quantize_order_price(self._pair, middle * self._factor())
        amount = market.quantize_order_amount(self._pair, Decimal(self._source.randint(*_VALUES)) / middle, price)
        send = market.buy if side is TradeType.BUY else market.sell
        send(self._pair, amount, kind, Decimal(0) if kind is OrderType.MARKET else price)
        self.placed += 1

    def _factor(self) -> Decimal:
        return Decimal(str(round(self._source.uniform(1 - _NEAR, 1 + _NEAR), 6)))
