"""Deadlines: until when a request may still reach the engine, as its sender or the exchange's habit says.

Rules:
- A reading named `deadline` is the moment; it must lie between `nearest` and `farthest` from when the request came,
  else it is malformed. One that has passed already is no mistake of form: the request is late.
- `usual` is the deadline of a request that names none.
- A request is judged when it comes, and again just before it is done, since it may have been held in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .meanings import Refused
from .place import Place
from .readings import Reading
from .wire import After

ARGUMENT = "deadline"
_MILLISECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """How deadlines of an endpoint are judged; spans in ns. `field` is the wire's name of the argument."""

    nearest: int
    farthest: int
    usual: int | None
    field: str

    def moment(self, args: Mapping[str, Any], now: int) -> int | None:
        """The moment in ns until which a request that comes `now` is good; None: for ever.

        Refused: malformed, when it is too near or too far; deadline_elapsed, when it is over.
        """
        given = args.get(ARGUMENT)
        if given is None:
            return None if self.usual is None else now + self.usual
        moment = now + given.ns if isinstance(given, After) else int(given)
        judge_deadline(moment, now)
        if not self.nearest <= moment - now <= self.farthest:
            raise Refused("malformed", field=self.field)
        return moment


def judge_deadline(deadline: int | None, now: int) -> None:
    """Refused: deadline_elapsed, when the deadline is over."""
    if deadline is not None and now > deadline:
        raise Refused("deadline_elapsed")


def build_deadline(place: Place, readings: tuple[Reading, ...]) -> DeadlineRule | None:
    """The key `deadline` of an endpoint or a message, if it has one."""
    if ARGUMENT not in place:
        return None
    rule = place.get(ARGUMENT)
    field = next((reading.path for reading in readings if reading.arg == ARGUMENT), None)
    if field is None and "usual" not in rule:
        message = "no reading gives 'deadline', and there is no usual one"
        place.at(ARGUMENT).error("missing-argument", message, "read it, or say which is usual")
    nearest, farthest = (rule[name] * _MILLISECOND for name in ("nearest", "farthest"))
    usual = rule["usual"] * _MILLISECOND if "usual" in rule else None
    return DeadlineRule(nearest, farthest, usual, field or ARGUMENT)
