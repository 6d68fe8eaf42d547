"""The makers and takers of one instrument: how they quote, take and are funded.

Rules:
- Each maker and taker is a house account of its own, named `maker-1:SYMBOL`, `taker-1:SYMBOL`.
- A maker's ladder has `levels` slots of `spacing` ticks on each side; a requote drops what left its slots, and
  sometimes one more, and fills the empty ones. It never trades: its orders are post-only, beyond the other side's best.
- A taker sends IOC orders to the top of the book, first of all to a price better than the reference.
- A size is at least what the instrument's rules ask for, whatever they are changed to.
"""

from decimal import ROUND_CEILING, Decimal
from functools import partial
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from .events import Event
from .exchange import Exchange
from .instrument import Instrument, Status
from .kinds import Kind, SelfTrade, Side, TimeInForce
from .order import NewOrder, Order
from .outcomes import Placed

ENOUGH = 1000  # full ladders that an account can pay for after a top-up
AWAY = {Side.BUY: -1, Side.SELL: 1}  # which way a side's prices go from the reference


class Temper(Struct, frozen=True):
    """How one instrument lives.

    `price` is where it starts and what it returns to. Distances are in ticks; `size` is the most lots of one order
    above the instrument's minimum; chances are per step and account; `pull` is the part of the way home per step.
    """

    symbol: str
    price: Decimal
    half_spread: int = 2
    spacing: int = 3
    levels: int = 10
    wander: int = 3
    pull: float = 0.02
    size: int = 400
    makers: int = 2
    takers: int = 2
    requote: float = 0.3
    take: float = 0.25


def temper_for(instrument: Instrument, price: Decimal, value: Decimal = Decimal(20_000)) -> Temper:
    """A temper in proportion to the price: a basis point of half spread, two from slot to slot, and orders worth up to
    `value` (quote)."""
    point = max(int(price / instrument.tick) // 10_000, 1)
    size = max(int(value / price / instrument.lot), 20)
    return Temper(instrument.symbol, price, half_spread=point, spacing=2 * point, wander=3 * point, size=size)


class Crowd:
    """The makers and takers of one instrument, and the reference price that they move around."""

    __slots__ = ("_events", "_exchange", "_home", "_makers", "_random", "_takers", "_tick", "_ticks", "temper")

    def __init__(self, exchange: Exchange, random: Random, temper: Temper) -> None:
        """Opens the house accounts. Raises KeyError for a symbol that is not listed."""
        instrument = exchange.instrument(temper.symbol)
        if instrument is None:
            raise KeyError(f"no instrument {temper.symbol!r} to live on; list it first")
        self._exchange, self._random, self.temper = exchange, random, temper
        self._tick = instrument.tick
        self._home = self._ticks = max(int(temper.price / instrument.tick), temper.half_spread + 1)
        self._makers = [f"maker-{n}:{temper.symbol}" for n in range(1, temper.makers + 1)]
        self._takers = [f"taker-{n}:{temper.symbol}" for n in range(1, temper.takers + 1)]
        self._events: list[Event] = []
        for name in (*self._makers, *self._takers):
            exchange.open_account(name, house=True)

    @property
    def reference(self) -> Decimal:
        """The price that the makers quote around now."""
        instrument = self._exchange.instrument(self.temper.symbol)
        return self.temper.price if instrument is None else self._ticks * instrument.tick

    def open(self, now: int) -> list[Event]:
        """Every maker lays its ladder."""
        instrument = self._tradable()
        if instrument is not None:
            self._fund(instrument, now)
            self._quote_all(instrument, now)
        return self._told()

    def step(self, now: int) -> list[Event]:
        """Move, fund, requote, take. Nothing while the instrument does not trade freely."""
        instrument = self._tradable()
        if instrument is None:
            return []
        if instrument.tick != self._tick:
            self._count_anew(instrument.tick)
        self._move()
        self._fund(instrument, now)
        for maker in self._makers:
            if self._random.random() < self.temper.requote:
                self._quote(instrument, maker, now)
        for taker in self._takers:
            if self._random.random() < self.temper.take:
                self._take(instrument, taker, now)
        if self._best(instrument, Side.BUY) is None or self._best(instrument, Side.SELL) is None:
            self._quote_all(instrument, now)
        return self._told()

    def _told(self) -> list[Event]:
        """What came of it, told once."""
        events, self._events = self._events, []
        return events

    def _tradable(self) -> Instrument | None:
        instrument = self._exchange.instrument(self.temper.symbol)
        return instrument if instrument is not None and instrument.status is Status.TRADING else None

    def _count_anew(self, tick: Decimal) -> None:
        """Keep the price, and the distances as near as they come, in ticks of another size."""
        change, temper = self._tick / tick, self.temper
        self._tick = tick

        def scaled(ticks: int) -> int:
            return max(int(ticks * change), 1)

        spread, spacing, wander = map(scaled, (temper.half_spread, temper.spacing, temper.wander))
        self._home, self._ticks = scaled(self._home), scaled(self._ticks)
        self.temper = replace(temper, half_spread=spread, spacing=spacing, wander=wander)

    def _move(self) -> None:
        home = (self._home - self._ticks) * self.temper.pull
        # the fraction of a tick decides by chance, so that a weak pull still pulls
        drift = int(home // 1) + (self._random.random() < home % 1)
        step = self._random.randint(-self.temper.wander, self.temper.wander)
        self._ticks = max(self._ticks + drift + step, self.temper.half_spread + 1)

    def _fund(self, instrument: Instrument, now: int) -> None:
        """Top up whoever could not pay for a full ladder on either side."""
        price = self._ticks * instrument.tick
        ladder = self.temper.levels * (self._least(instrument, price) + self.temper.size) * instrument.lot
        for name in (*self._makers, *self._takers):
            balances = self._exchange.balances(name)
            for asset, need in ((instrument.base, ladder), (instrument.quote, ladder * price * 2)):
                if asset not in balances or balances[asset].available < need:
                    self._events += self._exchange.deposit(name, asset, need * ENOUGH, now)

    def _quote_all(self, instrument: Instrument, now: int) -> None:
        for maker in self._makers:
            self._quote(instrument, maker, now)

    def _quote(self, instrument: Instrument, maker: str, now: int) -> None:
        """A maker's ladder anew, as one operation: it never trades."""
        self._events += self._exchange.together(partial(self._requote, instrument, maker, now))

    def _requote(self, instrument: Instrument, maker: str, now: int) -> None:
        """Drop what no longer fits on both sides, then lay what is missing on both."""
        taken: set[tuple[Side, int | None]] = set()
        for order in self._exchange.orders(maker, self.temper.symbol, open_only=True):
            place = order.side, self._slot(instrument, order)
            if place[1] is None or place in taken or self._random.random() < self.temper.requote / 10:
                self._exchange.cancel(maker, order.id, now)
            else:
                taken.add(place)
        for slot in range(self.temper.levels):
            for side in (Side.BUY, Side.SELL):
                if (side, slot) not in taken:
                    self._lay(instrument, maker, side, slot, now)

    def _slot(self, instrument: Instrument, order: Order) -> int | None:
        """Which slot of its side's ladder an order stands in; None outside."""
        distance = (int(order.limit / instrument.tick) - self._ticks) * AWAY[order.side] - self.temper.half_spread
        slot = distance // self.temper.spacing
        return slot if 0 <= slot < self.temper.levels else None

    def _lay(self, instrument: Instrument, maker: str, side: Side, slot: int, now: int) -> None:
        away = AWAY[side]
        distance = self.temper.half_spread + slot * self.temper.spacing + self._random.randrange(self.temper.spacing)
        ticks = self._ticks + away * distance
        best = self._best(instrument, side.opposite)
        if best is not None and (ticks - best) * away <= 0:
            ticks = best + away * (1 + slot)  # beyond whoever stands there, a client for instance
        size = self._random.randint(0, self.temper.size)
        self._send(instrument, maker, side, max(ticks, 1), size, now, rests=True)

    def _take(self, instrument: Instrument, taker: str, now: int) -> None:
        """Hit the top of the book: a price beyond the reference if there is one, else a side by chance."""
        bid, ask = self._best(instrument, Side.BUY), self._best(instrument, Side.SELL)
        sells = self._random.random() < 0.5
        reach = self._random.randrange(self.temper.spacing)
        size = self._random.randint(0, self.temper.size // 2)
        if ask is not None and ask <= self._ticks:
            sells = False
        if bid is not None and bid >= self._ticks:
            sells = True
        if sells and bid is not None:
            self._send(instrument, taker, Side.SELL, bid - reach, size, now)
        elif not sells and ask is not None:
            self._send(instrument, taker, Side.BUY, ask + reach, size, now)

    def _send(
        self, instrument: Instrument, name: str, side: Side, ticks: int, lots: int, now: int, *, rests: bool = False
    ) -> None:
        """Place an order of `lots` above the least; one that the rules refuse is simply not there."""
        price = ticks * instrument.tick
        if price <= 0:
            return
        amount = (self._least(instrument, price) + lots) * instrument.lot
        if instrument.max_size is not None:
            amount = min(amount, instrument.max_size)
        lifetime = TimeInForce.GTC if rests else TimeInForce.IOC
        new = NewOrder(instrument.symbol, side, Kind.LIMIT, amount, price, None, lifetime, rests, None, SelfTrade.NONE)
        placed = self._exchange.place(name, new, now)
        if isinstance(placed, Placed):
            self._events += placed.events

    def _least(self, instrument: Instrument, price: Decimal) -> int:
        """The fewest lots that the instrument's rules take at a price."""
        least = max(instrument.min_size, instrument.min_notional / price, instrument.lot)
        return int((least / instrument.lot).to_integral_value(ROUND_CEILING))

    def _best(self, instrument: Instrument, side: Side) -> int | None:
        """The best price of a side in ticks, or None when it is empty."""
        price = self._exchange.best_price(instrument.symbol, side)
        return None if price is None else int(price / instrument.tick)
