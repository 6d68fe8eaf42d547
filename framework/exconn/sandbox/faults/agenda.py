"""The agenda: which faults are to come, which may strike now, and which have happened.

Rules:
- Times are the loop's, so that virtual time plays as real time does. A fault begins at its moment and ends after its
  `for`, after its `count`, or after both are left out: the first time that it strikes.
- The first fault that fits is the one that strikes; one with a chance draws from a source of its own, so that taking
  another fault out of a schedule changes nothing for it.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .fault import Fault, Happened
from .kind import Lasting, Place

KEPT = 10_000
Begin = Callable[["Armed"], None]


@dataclass(slots=True, eq=False)
class Armed:
    """A fault that is to come, or is there. `left` is how often it may strike yet; None: any number of times."""

    fault: Fault
    source: random.Random
    left: int | None
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Agenda:
    """`begin` and `end` are called at a fault's moments; `happened` keeps the latest, `counts` all, by kind."""

    __slots__ = ("_active", "_begin", "_end", "_seed", "_waiting", "counts", "happened")

    def __init__(self, seed: int, begin: Begin, end: Begin) -> None:
        self._seed, self._begin, self._end = seed, begin, end
        self._waiting: dict[Armed, None] = {}
        self._active: dict[Place, dict[Armed, None]] = {}
        self.happened: deque[Happened] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()

    def add(self, faults: Iterable[Fault]) -> None:
        """Let faults come, each at its moment from now; what has no time to wait is there at once."""
        loop = asyncio.get_running_loop()
        for fault in faults:
            source = random.Random(f"{self._seed}:{fault.seed}:{fault.kind.name}:{fault.at}")
            armed = Armed(fault, source, _bound(fault))
            self._waiting[armed] = None
            if fault.at > 0:
                armed.timers.append(loop.call_later(fault.at, self._start, armed))
            else:
                self._start(armed)

    def clear(self) -> None:
        """Forget what is to come, and end what is there."""
        for armed in tuple(self._waiting):
            self._forget(armed)
        for armed in tuple(self._all_active()):
            self.stop(armed)

    def pending(self) -> list[Fault]:
        """What is to come, and what is there and may strike yet."""
        return [armed.fault for armed in (*self._waiting, *self._all_active())]

    def at(self, place: Place) -> Iterator[Armed]:
        """The faults of a place that are there now, in the order in which they came."""
        active = self._active.get(place)
        return iter(tuple(active) if active else ())

    def is_there(self, place: Place) -> bool:
        """Whether any fault of a place may strike now."""
        return bool(self._active.get(place))

    def strike(self, place: Place, fits: Callable[[Fault], bool]) -> Fault | None:
        """The fault of a place that strikes now, if one does; it has struck once more then."""
        for armed in self.at(place):
            if fits(armed.fault) and (armed.fault.chance >= 1 or armed.source.random() < armed.fault.chance):
                if armed.left is not None:
                    armed.left -= 1
                    if not armed.left:
                        self.stop(armed)
                return armed.fault
        return None

    def note(self, fault: Fault, what: str, topic: str = "") -> None:
        """A fault has just taken effect."""
        self.counts[fault.kind.name] += 1
        self.happened.append(Happened(asyncio.get_running_loop().time(), fault.kind.name, what, topic))

    def stop(self, armed: Armed) -> None:
        """End a fault, if it is there."""
        active = self._active.get(armed.fault.kind.place, {})
        if armed in active:
            del active[armed]
            for timer in armed.timers:
                timer.cancel()
            self._end(armed)

    def _start(self, armed: Armed) -> None:
        fault = armed.fault
        self._forget(armed)
        if fault.kind.lasting is not Lasting.ONCE:
            self._active.setdefault(fault.kind.place, {})[armed] = None
            if fault.lasts is not None:
                armed.timers.append(asyncio.get_running_loop().call_later(fault.lasts, self.stop, armed))
        self._begin(armed)

    def _forget(self, armed: Armed) -> None:
        self._waiting.pop(armed, None)
        for timer in armed.timers:
            timer.cancel()
        armed.timers.clear()

    def _all_active(self) -> Iterator[Armed]:
        return (armed for active in self._active.values() for armed in active)


def _bound(fault: Fault) -> int | None:
    if fault.kind.lasting is Lasting.EACH and fault.lasts is None:
        return fault.count or 1
    return fault.count
