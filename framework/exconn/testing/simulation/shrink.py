"""Shrinking a schedule: the fewest faults with which a run still breaks the same invariants.

Rules: delta debugging over whole faults, in ever smaller parts, then one by one; a smaller schedule counts only if it
breaks one of the invariants that were broken at first, so that it does not drift to another defect. Bounded in runs.
"""

from collections.abc import Callable
from itertools import pairwise

from exconn.testing.simulation.run import Outcome
from exconn.testing.simulation.schedules import Schedule

RUNS = 150


def broken(outcome: Outcome) -> frozenset[str]:
    """The invariants that a run broke."""
    return frozenset(violation.invariant for violation in outcome.violations)


def shrink(first: Outcome, run: Callable[[Schedule], Outcome], runs: int = RUNS) -> Outcome:
    """The run of the smallest schedule found. `run` runs a schedule; `first` is a run with violations."""
    wanted, best, parts = broken(first), first, 2
    while len(best.schedule) > 0 and runs > 0:
        parts = min(parts, len(best.schedule))
        for smaller in _without_each(best.schedule, parts):
            outcome = run(smaller)
            runs -= 1
            if not wanted.isdisjoint(broken(outcome)):
                best, parts = outcome, max(2, parts - 1)
                break
            if runs <= 0:
                break
        else:
            if parts >= len(best.schedule):
                break
            parts *= 2
    return best


def _without_each(schedule: Schedule, parts: int) -> list[Schedule]:
    """The schedule without one of its parts, for each of them."""
    bounds = [len(schedule) * part // parts for part in range(parts + 1)]
    return [schedule[:low] + schedule[high:] for low, high in pairwise(bounds)]
