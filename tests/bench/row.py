"""One row of the table: what is measured, what it is measured against, and what it must reach.

Rules: a goal is a greatest ratio to one of the row's contenders; one without a number is there to be seen. The same
contender may stand in two rows and is measured once. A goal that is missed and has a reason in `misses.KNOWN` is a
known miss, as long as it is no worse than is said there; any other miss is a failure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from .measure import Contender, ratio
from .misses import KNOWN, Miss


class Verdict(Enum):
    PASSED = "pass"
    KNOWN = "known miss"
    MISSED = "MISS"


@dataclass(frozen=True, slots=True)
class Goal:
    """At most `most` times the cost of `against`; None: there to be seen."""

    most: float | None
    against: Contender


def as_in_memory(subject: Contender, memory: Contender) -> tuple[Goal, ...]:
    """Written down it costs what it costs in memory; the tenth is noise."""
    return () if subject is memory else (Goal(1.1, memory),)


@dataclass(frozen=True, slots=True)
class Row:
    """`unit`: seconds a printed unit. `note`: what was compared. `checked`: raises AssertionError where the contenders
    do not come to the same result."""

    name: str
    subject: Contender
    goals: tuple[Goal, ...]
    note: str
    unit: str = "us"
    checked: Callable[[], None] | None = None

    def contenders(self) -> Iterator[Contender]:
        yield self.subject
        yield from (goal.against for goal in self.goals)

    def judge(self, goal: Goal, known: dict[tuple[str, str], Miss] = KNOWN) -> Verdict:
        reached = ratio(self.subject, goal.against)
        if goal.most is None or reached <= goal.most:
            return Verdict.PASSED
        miss = known.get((self.name, goal.against.name))
        return Verdict.KNOWN if miss is not None and reached <= miss.up_to else Verdict.MISSED
