"""Shrinking: the faults that are needed stay, the others go, and another defect is not taken for the first."""

from typing import Any

import pytest

from exconn.testing.simulation.invariants import Violation
from exconn.testing.simulation.run import Outcome
from exconn.testing.simulation.shrink import shrink

Schedule = list[dict[str, Any]]


def outcome(schedule: Schedule, *broken: str) -> Outcome:
    return Outcome(1, schedule, tuple(Violation(name, 0.0, "broken") for name in broken), {}, 0, 0, "", 0.0)


def faults(*names: int) -> Schedule:
    return [{"at": name, "fault": "lost"} for name in names]


@pytest.mark.parametrize("needed", [(), (3,), (0, 19), (2, 7, 11), (4, 5, 6, 17)])
def test_what_is_needed_is_what_is_left(needed: tuple[int, ...]) -> None:
    runs = []

    def run(schedule: Schedule) -> Outcome:
        runs.append(schedule)
        there = {fault["at"] for fault in schedule}
        return outcome(schedule, *(["I3"] if there.issuperset(needed) else []))

    found = shrink(run(faults(*range(20))), run)
    assert [fault["at"] for fault in found.schedule] == [*needed]
    assert len(runs) < 80


def test_another_invariant_is_another_defect() -> None:
    def run(schedule: Schedule) -> Outcome:
        return outcome(schedule, "I3" if len(schedule) > 5 else "I7")

    found = shrink(run(faults(*range(10))), run)
    assert len(found.schedule) == 6


def test_runs_are_bounded() -> None:
    runs = []

    def run(schedule: Schedule) -> Outcome:
        runs.append(schedule)
        return outcome(schedule, *(["I3"] if len(schedule) == 50 else []))

    assert len(shrink(run(faults(*range(50))), run, runs=30).schedule) == 50
    assert len(runs) == 31
