"""What the demo trades: every kind of order on both sides, each with the outcome it is meant to show, then at random.

Rules: prices and sizes come from the live book and the pair's rules, so the scenario runs on any exchange; what an
exchange does not offer is left out and said; every order is settled by its own events, with a limit of time; the random
part draws from one seeded source; at the end everything still open is cancelled.
"""

import asyncio
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from exconn.model import OrderType, TradeType
from exconn.testing.demo.journal import Journal

SETTLE = 10.0
SWEEP = 90.0
"""How long cancelling everything may take: some limits let a cancel pass only every few seconds."""
REST = 1.5
VALUE = Decimal(400)
"""What one ordinary order is worth, in quote."""


class Trader:
    """Trades one pair of `market`. `say(text)` tells what is meant, before it happens."""

    def __init__(
        self, market: Any, journal: Journal, pair: str, chance: random.Random, say: Callable[[str], None]
    ) -> None:
        self._market = market
        self._journal = journal
        self._pair = pair
        self._chance = chance
        self._say = say
        self._rule = market._trading_rules[pair]
        self.unmet: list[str] = []

    # ------------------------------------------------------------------------------------------------- the scenario

    async def run(self, seconds: float) -> None:
        """Each act once, then random orders until `seconds` are over, then cancel_all."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        for act in (
            self._limit_rests_and_is_cancelled,
            self._limit_crosses_and_fills,
            self._limit_fills_in_part,
            self._maker_would_cross,
            self._maker_rests,
            self._market_both_sides,
            self._breaks_a_rule,
        ):
            await act()
        self._say("orders of every kind that is offered, at random")
        while loop.time() < end:
            if self._pair in self._market.order_books:  # a book that is being read again shows no price
                self._place_at_random()
            await asyncio.sleep(self._chance.uniform(0.2, 0.8))
        await self._cancel_everything()

    async def _limit_rests_and_is_cancelled(self) -> None:
        if self._offers(OrderType.LIMIT):
            for side in TradeType:
                self._say(f"a LIMIT {side.name} far from the market: it rests, then is cancelled")
                order = self._place(side, OrderType.LIMIT, self._price(side, Decimal("0.97")))
                await self._journal.shown(order, SETTLE)
                self._market.cancel(self._pair, order)
                await self._expect(order, "cancelled")

    async def _limit_crosses_and_fills(self) -> None:
        if self._offers(OrderType.LIMIT):
            for side in TradeType:
                self._say(f"a LIMIT {side.name} through the market: it fills at once")
                order = self._place(side, OrderType.LIMIT, self._price(side, Decimal("1.01")))
                await self._expect(order, "completed")

    async def _limit_fills_in_part(self) -> None:
        if self._offers(OrderType.LIMIT):
            for side in TradeType:
                self._say(f"a LIMIT {side.name} larger than the best level: it fills in part, the rest is cancelled")
                price, size = self._touch(side)
                amount = self._quantized(size * Decimal("1.5") + self._rule.min_base_amount_increment, price)
                order = self._send(side, OrderType.LIMIT, amount, price)
                await self._journal.until(lambda order=order: self._has_fill(order), SETTLE)  # type: ignore[misc]
                self._market.cancel(self._pair, order)
                await self._expect(order, "cancelled", "completed")

    async def _maker_would_cross(self) -> None:
        if self._offers(OrderType.LIMIT_MAKER):
            for side in TradeType:
                self._say(f"a LIMIT_MAKER {side.name} that would cross: the exchange must refuse it")
                order = self._place(side, OrderType.LIMIT_MAKER, self._price(side, Decimal("1.02")))
                await self._expect(order, "failed", "cancelled", "expired")

    async def _maker_rests(self) -> None:
        if self._offers(OrderType.LIMIT_MAKER):
            self._say("LIMIT_MAKER orders on both sides of the market: they wait for takers")
            orders = [
                self._place(side, OrderType.LIMIT_MAKER, self._price(side, Decimal("0.9995"))) for side in TradeType
            ]
            for order in orders:
                await self._journal.shown(order, SETTLE)
            await asyncio.sleep(REST)

    async def _market_both_sides(self) -> None:
        if self._offers(OrderType.MARKET):
            for side in TradeType:
                self._say(f"a MARKET {side.name}")
                order = self._send(side, OrderType.MARKET, self._amount(self._mid()), Decimal(0))
                await self._expect(order, "completed", "cancelled", "expired")

    async def _breaks_a_rule(self) -> None:
        self._say("an order below the pair's least size: it must fail here and never be sent")
        least = self._rule.min_order_size
        order = self._send(TradeType.BUY, OrderType.LIMIT, least / 4, self._price(TradeType.BUY, Decimal("0.99")))
        await self._expect(order, "failed")

    async def _cancel_everything(self) -> None:
        if OrderType.LIMIT in self._market.supported_order_types():
            orders = [self._place(side, OrderType.LIMIT, self._price(side, Decimal("0.98"))) for side in TradeType]
            for order in orders:
                await self._journal.shown(order, SETTLE)
        self._say(f"cancel_all, with {len(self._market.in_flight_orders)} orders open")
        results = await self._market.cancel_all(SWEEP)
        for order in [result.order_id for result in results if not result.success]:
            story = self._journal.orders.get(order)
            ending = story.ending if story else None
            self._say(f"cancel_all: {order} is {f'{ending}, not cancelled' if ending else 'not proven cancelled yet'}")
        await self._journal.until(lambda: not self._market.in_flight_orders, SWEEP)

    # ------------------------------------------------------------------------------------------------------ its parts

    def _offers(self, order_type: OrderType) -> bool:
        offered = order_type in self._market.supported_order_types()
        if not offered:
            self._say(f"{order_type.name} is not offered here")
        return offered

    def _place_at_random(self) -> None:
        offered = [kind for kind in OrderType if kind in self._market.supported_order_types()]
        kind, side = self._chance.choice(offered), self._chance.choice(list(TradeType))
        towards = Decimal(str(round(self._chance.uniform(0.9985, 1.0015), 5)))
        price = Decimal(0) if kind is OrderType.MARKET else self._price(side, towards)
        self._send(side, kind, self._amount(self._mid(), Decimal(self._chance.randrange(50, 300)) / 100), price)
        if self._chance.random() < 0.3:
            live = [order for order in self._market.in_flight_orders if self._journal.orders.get(order)]
            if live:
                self._market.cancel(self._pair, self._chance.choice(live))

    def _place(self, side: TradeType, kind: OrderType, price: Decimal) -> str:
        return self._send(side, kind, self._amount(price), price)

    def _send(self, side: TradeType, kind: OrderType, amount: Decimal, price: Decimal) -> str:
        send = self._market.buy if side is TradeType.BUY else self._market.sell
        order_id: str = send(self._pair, amount, kind, price)
        return order_id

    async def _expect(self, order: str, *endings: str) -> None:
        await self._journal.ended(order, SETTLE)
        story = self._journal.orders.get(order)
        ending = story.ending if story else None
        if ending not in endings:
            self.unmet.append(f"order {order}: expected {' or '.join(endings)}, it is {ending or 'open'}")

    def _has_fill(self, order: str) -> bool:
        story = self._journal.orders.get(order)
        return story is not None and (bool(story.fills) or story.ending is not None)

    def _mid(self) -> Decimal:
        book = self._market.get_order_book(self._pair)
        return (Decimal(str(book.get_price(True))) + Decimal(str(book.get_price(False)))) / 2

    def _touch(self, side: TradeType) -> tuple[Decimal, Decimal]:
        """The best price and size that an order of `side` would meet."""
        book = self._market.get_order_book(self._pair)
        row = next(iter(book.ask_entries() if side is TradeType.BUY else book.bid_entries()))
        return self._priced(Decimal(str(row.price))), Decimal(str(row.amount))

    def _price(self, side: TradeType, towards: Decimal) -> Decimal:
        """The price `towards` times as willing as the middle: above 1 it crosses, below 1 it rests."""
        mid = self._mid()
        return self._priced(mid * towards if side is TradeType.BUY else mid / towards)

    def _priced(self, price: Decimal) -> Decimal:
        step: Decimal = self._rule.min_price_increment
        return (price / step).to_integral_value() * step

    def _amount(self, price: Decimal, times: Decimal = Decimal(1)) -> Decimal:
        return self._quantized(max(VALUE * times / price, self._rule.min_order_size * 2), price)

    def _quantized(self, amount: Decimal, price: Decimal) -> Decimal:
        quantized: Decimal = self._market.quantize_order_amount(self._pair, amount, price)
        return quantized
