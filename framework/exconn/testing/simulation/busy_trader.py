"""Busy trading: everything that a trader can ask of a market, at random, in several pairs at once.

Rules: all chance is one seeded source; orders are of every type and side that the exchange offers, around the last
price known, some of them too small, too large or off the steps; what rests is cancelled one by one, all at once, or
never; nothing waits for a book or for an answer. Everything that is asked is written into the chronicle.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from exconn.market import Market
from exconn.model import CancellationResult, OrderType, TradeType
from exconn.testing.simulation.chronicle import Chronicle

_WAITS = (1.0, 5.0, 20.0)
_NEAR, _FAR = 0.0015, 0.01
_VALUES = (20, 1500)
_ODD = (Decimal("0.0001"), Decimal("1.000001"), Decimal(500))

_INSTANT = 1e-6
"""Seconds that are none: a clock of floats may not move by less."""


class BusyTrader:
    """Trades pairs of a market. `prices`: where each pair begins; `worth`: of one quote unit of a pair in the unit that
    order values are in. `proven`: the orders that `cancel_all` said are cancelled, with the moment."""

    def __init__(
        self,
        market: Market,
        pairs: Sequence[str],
        source: random.Random,
        chronicle: Chronicle,
        prices: Mapping[str, Decimal],
        worth: Mapping[str, Decimal],
    ) -> None:
        self._market = market
        self._pairs = pairs
        self._source = source
        self._chronicle = chronicle
        self._prices = dict(prices)
        self._worth = worth
        self._kinds = [each for each in OrderType if each in market.supported_order_types()]
        self._sweeps: list[asyncio.Task[None]] = []
        self.results: list[tuple[float, CancellationResult]] = []

    async def run(self, seconds: float, every: float) -> None:
        """An act about every `every` virtual seconds until `seconds` are over, then as much quiet as is wanted."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > _INSTANT:
            self._act()
            await asyncio.sleep(min(self._source.expovariate(1 / every), left))
        if self._source.random() < 0.5:
            for client_id in list(self._market.in_flight_orders):
                self._cancel(client_id)

    async def finish(self) -> None:
        """Wait for the sweeps that are under way."""
        await asyncio.gather(*self._sweeps)

    def _act(self) -> None:
        roll, resting = self._source.random(), list(self._market.in_flight_orders)
        if roll < 0.62 or not resting:
            self._place()
        elif roll < 0.97:
            self._cancel(self._source.choice(resting))
        else:
            for client_id in resting:
                self._chronicle.cancel_asked(client_id)
            self._sweeps.append(asyncio.create_task(self._cancel_all(), name="cancel all"))

    def _cancel(self, client_id: str) -> None:
        self._chronicle.cancel_asked(client_id)
        self._market.cancel(self._market.in_flight_orders[client_id].trading_pair, client_id)

    async def _cancel_all(self) -> None:
        results = await self._market.cancel_all(self._source.choice(_WAITS))
        at = asyncio.get_running_loop().time()
        self.results += [(at, result) for result in results]

    def _place(self) -> None:
        market, source, pair = self._market, self._source, self._source.choice(self._pairs)
        kind, side = source.choice(self._kinds), source.choice((TradeType.BUY, TradeType.SELL))
        middle = self._middle(pair)
        price, amount = middle * self._factor(), Decimal(source.randint(*_VALUES)) / self._worth[pair] / middle
        is_odd = source.random() < 0.05
        if is_odd:
            amount *= source.choice(_ODD)
        elif pair in market.trading_rules:
            price = market.quantize_order_price(pair, price)
            amount = market.quantize_order_amount(pair, amount, price)
        price = Decimal("nan") if kind is OrderType.MARKET else price
        send = market.buy if side is TradeType.BUY else market.sell
        client_id = send(pair, amount, kind, price)
        self._chronicle.asked(client_id, side, pair, kind, amount, price)

    def _middle(self, pair: str) -> Decimal:
        book = self._market.order_books.get(pair)
        if book is not None and book.best_bid is not None and book.best_ask is not None:
            self._prices[pair] = Decimal(str((book.best_bid[0] + book.best_ask[0]) / 2))
        return self._prices[pair]

    def _factor(self) -> Decimal:
        reach = _NEAR if self._source.random() < 0.6 else _FAR
        return Decimal(str(round(self._source.uniform(1 - reach, 1 + reach), 6)))
