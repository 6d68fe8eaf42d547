"""A trading session in a virtual world, from a market that gets ready to the comparison with the exchange's ledger.

Rules: the demo's scenario trades and the demo's comparison judges, so what a simulation proves is what the demo shows;
every event is kept as text, in order, with its time, so that two sessions can be compared; what is still under way at
the end gets a few virtual seconds, then it counts as a difference.
"""

import asyncio
import random
from dataclasses import dataclass
from decimal import Decimal

from exconn.market import Market
from exconn.testing.demo.comparison import Comparison, compare
from exconn.testing.demo.journal import Journal
from exconn.testing.demo.scenario import Trader
from exconn.testing.simulation.venue import Venue

_QUIET = 10.0
_READY = 30.0


@dataclass(frozen=True, slots=True)
class Session:
    """What came of it. `events`: all that the market told, in order; `unmet`: acts that did not end as meant."""

    events: tuple[str, ...]
    unmet: tuple[str, ...]
    comparison: Comparison


async def trade(
    exchange: Venue, market: Market, account: str, pair: str, seconds: float, source: random.Random
) -> Session:
    """Every act of the demo on `pair`, random orders until `seconds` are over, then the comparison."""
    events: list[str] = []
    journal = Journal(market, lambda tag, event: events.append(f"{tag.name} {event!r}"))
    await market.wait_ready(_READY)
    trader = Trader(market, journal, pair, source, say=lambda text: None)
    await trader.run(seconds)
    comparison = await conclude(exchange, market, journal, account)
    return Session(tuple(events), tuple(trader.unmet), comparison)


async def conclude(exchange: Venue, market: Market, journal: Journal, account: str) -> Comparison:
    """What the market told against the ledger, as soon as they agree, or after a few virtual seconds."""
    until = asyncio.get_running_loop().time() + _QUIET
    while True:
        found = compare(journal, balances_of(market), exchange.account(account))
        if not found.differences or asyncio.get_running_loop().time() >= until:
            return found
        await asyncio.sleep(0.1)


def balances_of(market: Market) -> dict[str, tuple[Decimal, Decimal]]:
    """Asset -> (total, available), as the market has them."""
    return {asset: (total, market.get_available_balance(asset)) for asset, total in market.get_all_balances().items()}
