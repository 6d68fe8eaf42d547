"""Days of trading in one process: hour after hour of orders and faults, then quiet, then a sample.

Rules: the seed decides everything; of each hour five sixths are busy, with a schedule of faults of its own, and the
rest is quiet; kinds of fault that last beyond their hour (a pair that is delisted, rules and clocks that change, orders
of the user's own that rest) are left out, so that every hour begins alike. Nothing is kept of what the market tells.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from exconn.market import Market
from exconn.sandbox.faults import plan_faults
from exconn.testing.simulation.busy_trader import BusyTrader
from exconn.testing.simulation.chronicle import Chronicle
from exconn.testing.simulation.markets import market_in
from exconn.testing.simulation.run import Subject
from exconn.testing.simulation.schedules import Schedule, draw_schedule
from exconn.testing.simulation.venue import Venue, origins_of, venue
from exconn.testing.virtual import Latency, Link, Route, World, virtual_world

from .sample import Sample, collections_of, resident

HOUR = 3600.0
_BUSY = 5 / 6
_LASTING = frozenset({"delist", "change_rules", "manual_order", "foreign_order", "clock_step"})
_WIRE = Latency(0.002, 0.06)
_COPIES = 3
"""Of each book that the exchange remembers: enough for every fault, and full before the first day is over."""
_READY, _SWEEP = 60.0, 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Virtual seconds: of an hour, between two acts of the trader, between two of the living market."""

    hour: float = HOUR
    act_every: float = 30.0
    life_every: float = 30.0


class Unheard(Chronicle):
    """Keeps nothing of what the trader asks for."""

    def asked(self, *_: Any) -> None:
        """Forgotten."""

    def cancel_asked(self, client_id: str) -> None:
        """Forgotten."""


def live(subject: Subject, seed: int, hours: int, pace: Pace, tell: Callable[[Sample], None]) -> list[Sample]:
    """So many hours of a market, each sample told as it is taken: one before any trading, then one an hour."""
    samples: list[Sample] = []

    def take(sample: Sample) -> None:
        samples.append(sample)
        tell(sample)

    with _quiet_logs(), patch("exconn.sandbox.history.COPIES", _COPIES), virtual_world(seed) as world:
        world.run(_live(world, subject, hours, pace, take))
    return samples


async def _live(world: World, subject: Subject, hours: int, pace: Pace, take: Callable[[Sample], None]) -> None:
    world.network.set_route(Route(up=Link(_WIRE), down=Link(_WIRE), entry_latency=_WIRE))
    origins, account = origins_of(subject.codec.facts), subject.accounts[0]
    async with (
        venue(world, subject.dialect, subject.accounts, origins, life_every=pace.life_every) as exchange,
        market_in(world, subject.codec, subject.pairs, account) as market,
    ):
        await market.wait_ready(_READY)
        await asyncio.sleep(pace.hour * (1 - _BUSY))
        take(_sample(world, exchange, market, account.name, 0))
        for hour in range(1, hours + 1):
            await _trade(world, subject, exchange, market, hour, pace)
            await asyncio.sleep(pace.hour * (1 - _BUSY) - _SWEEP)
            take(_sample(world, exchange, market, account.name, hour))
            _forget(exchange, account.name)


def _forget(exchange: Venue, account: str) -> None:
    """The exchange forgets what is closed: a ledger that keeps everything would pass for a leak of the market's."""
    store, desk = exchange.sandbox.exchange._store, exchange.sandbox.desk
    shelf = store._shelves[account]
    for order in [each for each in store.all_orders(account) if not each.is_open]:
        store._forget(shelf, order)
        desk.amendments._steps.pop(order.id, None)
    shelf.fills.clear()
    desk.ledgers._entries[account].clear()


async def _trade(world: World, subject: Subject, exchange: Venue, market: Market, hour: int, pace: Pace) -> None:
    """The busy part of an hour, after which nothing is open."""
    busy, prices = pace.hour * _BUSY, subject.dialect.venue.prices
    source = world.fork(f"trader {hour}")
    worth = {pair: prices.get(f"{pair.partition('-')[2]}-USDT", Decimal(1)) for pair in subject.pairs}
    trader = BusyTrader(market, subject.pairs, source, Unheard(world.time), prices, worth)
    exchange.faults.play(plan_faults(_schedule(world.seed * 1000 + hour, subject, busy), exchange.faults.names))
    await trader.run(busy, pace.act_every)
    exchange.faults.clear()
    await trader.finish()
    await market.cancel_all(_SWEEP)
    await asyncio.sleep(_SWEEP)


def _schedule(seed: int, subject: Subject, seconds: float) -> Schedule:
    schedule = draw_schedule(seed, subject.dialect, subject.codec.facts, subject.pairs, seconds)
    return [fault for fault in schedule if fault["fault"] not in _LASTING]


def _sample(world: World, exchange: Venue, market: Market, account: str, hour: int) -> Sample:
    ledger = exchange.sandbox.exchange
    return Sample(
        hour,
        resident(),
        len(world.loop.tasks()),
        len(exchange.sandbox.connections),
        len(world.network.connections),
        len(ledger.orders(account)),
        len(ledger.fills(account)),
        collections_of(market),
    )


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """Days of faults log by the thousand."""
    log = logging.getLogger("exconn.market")
    before = log.propagate, log.level
    log.propagate, log.level = False, logging.CRITICAL
    try:
        yield
    finally:
        log.propagate, log.level = before
