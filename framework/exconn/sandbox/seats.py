"""The subscriptions of one connection: what it hears, and by which names.

Rules:
- A name has one seat; a place may have several, and is heard once for all of them.
- Frames of a place are counted from its first seat to its last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .audience import Audience, Listener, Place
from .keys import Key


def all_wanted(asked: str) -> bool:
    """Whatever there is to be heard."""
    return True


@dataclass(frozen=True, slots=True)
class Seat:
    """One subscription: the topic as the client named it, what is heard (None: nothing), its number, whose it is.

    `wanted` says by an argument of the subscription whether what it asks for is to be told, `sent` what was sent.
    """

    topic: str
    place: Place | None
    number: int | None
    key: Key | None
    wanted: Callable[[str], bool] = all_wanted
    sent: Mapping[str, Any] = field(default_factory=dict)


class Seats:
    """The seats of one listener, by name in `topics`. `number` is that of its next subscription."""

    __slots__ = ("_audience", "_counts", "_listener", "_places", "number", "topics")

    def __init__(self, audience: Audience, listener: Listener) -> None:
        self._audience, self._listener = audience, listener
        self.topics: dict[str, Seat] = {}
        self.number = 0
        self._places: dict[Place, list[Seat]] = {}
        self._counts: dict[Place, int] = {}

    def of(self, place: Place) -> Sequence[Seat]:
        """The seats of a place."""
        return tuple(self._places.get(place, ()))

    def count(self, place: Place) -> int:
        """The number of the next frame of a place."""
        self._counts[place] = self._counts.get(place, 0) + 1
        return self._counts[place]

    def take_number(self) -> int:
        """The number of the next subscription."""
        self.number += 1
        return self.number - 1

    def join(self, name: str, seat: Seat) -> None:
        """Hear what a subscription is for from now on."""
        self.leave(name)
        self.topics[name] = seat
        if seat.place is not None:
            self._places.setdefault(seat.place, []).append(seat)
            self._audience.join(seat.place, self._listener)

    def leave(self, name: str) -> None:
        """End a subscription."""
        seat = self.topics.pop(name, None)
        if seat is None or seat.place is None:
            return
        self._places[seat.place].remove(seat)
        if not self._places[seat.place]:
            del self._places[seat.place]
            self._counts.pop(seat.place, None)
            self._audience.leave(seat.place, self._listener)

    def leave_all(self) -> None:
        """End them all."""
        for name in tuple(self.topics):
            self.leave(name)
