"""Faults of event frames: what a subscriber gets in place of one, and when.

Rules: a frame is bytes here, whatever it says; one fault a frame; frames that are delayed keep their order, and those
after them wait for them, while what is reordered is overtaken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from exconn.sandbox.interference import Delivery

from .fault import Fault

Effect = Callable[[Fault, bytes], Sequence[Delivery]]

EFFECTS: Mapping[str, Effect] = {
    "drop_frame": lambda fault, data: (),
    "book_gap": lambda fault, data: (),
    "duplicate_frame": lambda fault, data: (Delivery(data), Delivery(data, fault.args["delay"])),
    "reorder": lambda fault, data: (Delivery(data, fault.args["delay"]),),
    "delay": lambda fault, data: (Delivery(data, fault.args["seconds"]),),
    "garbage_frame": lambda fault, data: (Delivery(fault.args["text"].encode()), Delivery(data)),
}
"""What each kind makes of a frame."""

_APART = 1e-6  # the loop keeps no order between timers of one moment
Topic = tuple[str, str, str]


class Queues:
    """Until when frames of a connection's topic are held, so that none overtakes those that are delayed."""

    __slots__ = ("_until",)

    def __init__(self) -> None:
        self._until: dict[Topic, float] = {}

    def __bool__(self) -> bool:
        return bool(self._until)

    def hold(self, topic: Topic, now: float, after: float) -> float:
        """Seconds after which a frame that is delayed by `after` may come; later ones come later."""
        until = max(now + after, self._until.get(topic, 0.0) + _APART)
        if topic not in self._until:  # connections end, and nobody asks for their topics any more
            self._until = {each: moment for each, moment in self._until.items() if moment > now}
        self._until[topic] = until
        return until - now

    def wait(self, topic: Topic, now: float) -> float:
        """Seconds that a frame must wait for those before it."""
        until = self._until.get(topic)
        if until is None:
            return 0.0
        if until <= now:
            del self._until[topic]
            return 0.0
        return self.hold(topic, now, 0.0)
