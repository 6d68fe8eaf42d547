"""What a market holds: its tasks and its connections, now and when it had just become ready.

Rules: tasks are told apart by name, which a market gives all of its own; the exchange counts websockets; connections of
requests are kept for the next ones, as many as were once needed at a time, so only those that nobody uses any more
are too many.
"""

from collections import Counter

from exconn.testing.simulation.venue import Venue
from exconn.testing.virtual import World

_KEPT = 40.0
"""Seconds after which an unused connection is left over: aiohttp keeps one for 15, and looks after them as seldom."""


class Resources:
    """`note` what there is now, then ask for the `differences`. `label`: what the names of the market's tasks begin
    with."""

    def __init__(self, world: World, exchange: Venue, label: str) -> None:
        self._world = world
        self._exchange = exchange
        self._label = f"{label} "
        self._tasks, self._sockets = self._count()

    def note(self) -> None:
        """What there is now is what there should be."""
        self._tasks, self._sockets = self._count()

    def differences(self) -> list[str]:
        """One line each."""
        tasks, sockets = self._count()
        found = [f"task {name} is left over" for name in tasks - self._tasks]
        found += [f"task {name} is gone" for name in self._tasks - tasks]
        if sockets != self._sockets:
            found.append(f"{sockets} websockets are open, there were {self._sockets}")
        long_ago = self._world.loop.time() - _KEPT
        if unused := [each.number for each in self._world.network.connections if each.used_at < long_ago]:
            found.append(f"connections {unused} have been unused for more than {_KEPT:g} s")
        return found

    def _count(self) -> tuple[Counter[str], int]:
        names = (task.get_name() for task in self._world.loop.tasks())
        tasks = Counter(name for name in names if name.startswith(self._label))
        return tasks, len(self._exchange.sandbox.connections)
