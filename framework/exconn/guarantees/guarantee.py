"""A guarantee: a promise that a market keeps or not, by what a spec says.

Rules: its name is part of the interface and never changes its meaning; each outcome says, once, what follows and what
to write to gain more; judging is a pure function of the spec, which names one outcome and where the spec says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from exconn.document import Span
from exconn.spec import Spec


class Verdict(Enum):
    HOLDS = "holds"
    WEAKER = "weaker"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`why`: what follows, with {values} of the spec; `gain`: what to write to have more, empty where all is had."""

    verdict: Verdict
    why: str
    gain: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`outcome`: the name of one of the guarantee's; `key`: what decides; `span`: where it stands, None: nowhere."""

    outcome: str
    key: str
    span: Span | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """`failures`: the numbers of the failures (see `failures`) that it keeps away."""

    name: str
    promise: str
    failures: tuple[str, ...]
    outcomes: Mapping[str, Outcome]
    judge: Callable[[Spec], Judgement]


def holds(why: str) -> Outcome:
    return Outcome(Verdict.HOLDS, why)


def weaker(why: str, gain: str) -> Outcome:
    return Outcome(Verdict.WEAKER, why, gain)


def given_up(why: str, gain: str) -> Outcome:
    return Outcome(Verdict.GIVEN_UP, why, gain)
