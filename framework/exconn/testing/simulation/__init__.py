"""A sandbox exchange and the markets that trade on it, in one virtual world: a day of trading in seconds.

    with virtual_world(seed=7) as world:
        world.run(main(world))

    async def main(world):
        async with venue(world, dialect, accounts, origins_of(codec.facts)) as exchange:
            async with market_in(world, codec, ["BTC-USDT"], accounts[0]) as market:
                ...

The exchange is served on the spec's own origins, so a market needs no other hosts. `Venue` makes faults and shows what
is true, `BookWitness` compares every published book with the exchange's, `trade` runs a session and compares it with
the ledger. Everything is decided by the world's seed.
"""

from exconn.testing.simulation.markets import Account, market_in
from exconn.testing.simulation.session import Session, conclude, trade
from exconn.testing.simulation.venue import Venue, origins_of, venue
from exconn.testing.simulation.witness import BookWitness, Outage
from exconn.testing.simulation.workload import LightTrader

__all__ = [
    "Account",
    "BookWitness",
    "LightTrader",
    "Outage",
    "Session",
    "Venue",
    "conclude",
    "market_in",
    "origins_of",
    "trade",
    "venue",
]
