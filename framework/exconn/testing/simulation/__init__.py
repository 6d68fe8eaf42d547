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

`simulate` is a run of the simulator: a busy trader, faults from the seed, quiet, and the invariants; `python -m
exconn.testing.simulation` runs many seeds, shrinks what breaks, and plays a run again from a file.
"""

from exconn.testing.simulation.markets import Account, market_in
from exconn.testing.simulation.replay import Replay, read_replay, replay_text
from exconn.testing.simulation.run import Outcome, Subject, simulate
from exconn.testing.simulation.schedules import Schedule, draw_schedule
from exconn.testing.simulation.session import Session, conclude, trade
from exconn.testing.simulation.venue import Venue, origins_of, venue
from exconn.testing.simulation.witness import BookWitness, Outage
from exconn.testing.simulation.workload import LightTrader

__all__ = [
    "Account",
    "BookWitness",
    "LightTrader",
    "Outage",
    "Outcome",
    "Replay",
    "Schedule",
    "Session",
    "Subject",
    "Venue",
    "conclude",
    "draw_schedule",
    "market_in",
    "origins_of",
    "read_replay",
    "replay_text",
    "simulate",
    "trade",
    "venue",
]
