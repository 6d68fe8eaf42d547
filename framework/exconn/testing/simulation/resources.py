"""What a market holds: its tasks and its connections, now and when it had just become ready.

Rules: tasks are told apart by name, which a market gives all of its own; the exchange counts websockets; connections of
requests come and go, so a few more or less are no difference.
"""

from collections import Counter

from exconn.testing.simulation.venue import Venue
from exconn.testing.virtual import World

_IDLE = 2


class Resources:
    """`note` what there is now, then ask for the `differences`. `label`: what the names of the market's tasks begin
    with."""

    def __init__(self, world: World, exchange: Venue, label: str) -> None:
        self._world = world
        self._exchange = exchange
        self._label = f"{label} "
        self._tasks, self._sockets, self._connections = self._count()

    def note(self) -> None:
        """What there is now is what there should be."""
        self._tasks, self._sockets, self._connections = self._count()

    def differences(self) -> list[str]:
        """One line each."""
        tasks, sockets, connections = self._count()
        found = [f"task {name} is left over" for name in tasks - self._tasks]
        found += [f"task {name} is gone" for name in self._tasks - tasks]
        if sockets != self._sockets:
            found.append(f"{sockets} websockets are open, there were {self._sockets}")
        if connections > self._connections + _IDLE:
            found.append(f"{connections} connections are open, there were {self._connections}")
        return found

    def _count(self) -> tuple[Counter[str], int, int]:
        names = (task.get_name() for task in self._world.loop.tasks())
        tasks = Counter(name for name in names if name.startswith(self._label))
        return tasks, len(self._exchange.sandbox.connections), len(self._world.network.connections)
