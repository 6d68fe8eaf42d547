"""Virtual time: the unmodified aiohttp client and server in one thread, without sockets, a day in seconds.

    with virtual_world(seed=7) as world:
        world.run(main(world))

See `World` for what `main` gets, `Route` and `Change` for the faults, `VirtualLoop` for the rules of time.
"""

from exconn.testing.virtual.clock import VirtualClock
from exconn.testing.virtual.connection import Connection
from exconn.testing.virtual.connector import MemoryConnector, connector
from exconn.testing.virtual.errors import SimDeadlock, SimError, SimForbidden, SimSpin, SimTimeout, SimUnhandled
from exconn.testing.virtual.link import Latency, Link, Route
from exconn.testing.virtual.loop import EPOCH_NS, VirtualLoop
from exconn.testing.virtual.network import Change, Network
from exconn.testing.virtual.runner import run
from exconn.testing.virtual.seeds import fork
from exconn.testing.virtual.trace import Trace, TraceEntry, first_difference
from exconn.testing.virtual.world import World, virtual_world

__all__ = [
    "EPOCH_NS",
    "Change",
    "Connection",
    "Latency",
    "Link",
    "MemoryConnector",
    "Network",
    "Route",
    "SimDeadlock",
    "SimError",
    "SimForbidden",
    "SimSpin",
    "SimTimeout",
    "SimUnhandled",
    "Trace",
    "TraceEntry",
    "VirtualClock",
    "VirtualLoop",
    "World",
    "connector",
    "first_difference",
    "fork",
    "run",
    "virtual_world",
]
