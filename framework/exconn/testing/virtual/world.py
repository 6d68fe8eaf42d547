"""A virtual world: one loop, one network, one seed.

`world.run(coro)` runs the whole life of the world, once: after the coroutine the network is closed in order, then the
loop. The same seed and code give the same `world.trace.hexdigest()`, in any process.
"""

import random
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from exconn.testing.virtual.ambient import virtual_ambience
from exconn.testing.virtual.clock import VirtualClock
from exconn.testing.virtual.connector import MemoryConnector
from exconn.testing.virtual.loop import EPOCH_NS, VirtualLoop
from exconn.testing.virtual.network import Network
from exconn.testing.virtual.runner import run
from exconn.testing.virtual.seeds import fork
from exconn.testing.virtual.trace import Trace

__all__ = ["World", "virtual_world"]

_T = TypeVar("_T")

_CLOSING = 3600.0
"""Virtual seconds that the served applications have to shut down."""


@dataclass(frozen=True, slots=True)
class World:
    """What code in virtual time needs; made by `virtual_world`."""

    seed: int
    loop: VirtualLoop
    network: Network

    @property
    def trace(self) -> Trace:
        """Everything the network carried."""
        return self.network.trace

    def time(self) -> float:
        """Virtual seconds since the world began."""
        return self.loop.time()

    def wall_ns(self) -> int:
        """Virtual wall time, nanoseconds since 1970."""
        return self.loop.wall_ns()

    def fork(self, name: str) -> random.Random:
        """A fresh random source for the subsystem `name`; the same name starts over with the same numbers."""
        return fork(self.seed, name)

    def clock(self) -> VirtualClock:
        """A clock of one's own, that can be set wrong."""
        return VirtualClock(self.loop)

    def connector(self, client: str = "client", **options: Any) -> MemoryConnector:
        """A connector for `aiohttp.ClientSession`; call it within the running world."""
        return MemoryConnector(self.network, client, **options)

    def run(self, coro: Coroutine[Any, Any, _T], *, timeout_virtual: float | None = None) -> _T:
        """Run `coro` to its end, then close the network and the loop; see `runner.run` for what it raises."""
        return run(self.loop, self._live(coro), timeout_virtual=timeout_virtual)

    async def _live(self, coro: Coroutine[Any, Any, _T]) -> _T:
        try:
            return await coro
        finally:
            # The limit was for `coro`; servers may take their own time to shut down.
            self.loop.limit(_CLOSING)
            await self.network.close()


@contextmanager
def virtual_world(seed: int = 0, *, start_ns: int = EPOCH_NS, keep_trace: bool = False) -> Iterator[World]:
    """A world for the block. `start_ns`: its first wall time; `keep_trace`: keep the entries, to compare runs."""
    loop = VirtualLoop(start_ns=start_ns)
    try:
        with virtual_ambience(loop, fork(seed, "aiohttp")):
            yield World(seed, loop, Network(loop, fork(seed, "network"), Trace(keep=keep_trace)))
    finally:
        loop.close()
