"""The hunt for a mutant: seed after seed of the simulator, until one breaks what the bug is said to break.

Rules: seeds whose schedule has the faults that bring the bug to light come first, then those that lack some; a seed
catches a mutant only where the same seed without it keeps every invariant. The first seed that catches ends the hunt.
"""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from exconn.testing.simulation.invariants import Violation
from exconn.testing.simulation.run import BUSY, Subject, simulate
from exconn.testing.simulation.schedules import draw_schedule
from exconn.testing.simulation.subjects import load_subject

from .catalogue import MUTANTS
from .mutant import Mutant, planted

EXCHANGE = "myexchange"
_CRASH = re.compile("(Attribute|Name|Type)Error: ")
_subject: Subject | None = None


@dataclass(frozen=True, slots=True)
class Caught:
    """What came of it. `seed`: the one that caught the mutant of `row`, None where it survived; `runs`: seeds that it
    was run with; `crash`: where it survived, how it crashed in place of doing its harm, as one does that was written
    for an earlier market."""

    row: int | str
    seed: int | None
    runs: int
    violation: Violation | None = None
    crash: str | None = None


def hunt(subject: Subject, mutant: Mutant, seeds: range) -> Caught:
    """Run seeds until one catches the mutant. Raises NoTarget."""
    runs, crash = 0, None
    for seed in _in_order(subject, mutant, seeds):
        with planted(mutant):
            runs += 1
            violations = simulate(subject, seed).violations
        found = [each for each in violations if each.invariant in mutant.breaks]
        crash = crash or next((each.text for each in violations if _CRASH.search(each.text)), None)
        if found and not simulate(subject, seed).violations:
            return Caught(mutant.row, seed, runs, found[0])
    return Caught(mutant.row, None, runs, crash=crash)


def hunt_all(mutants: Iterable[Mutant], seeds: range, jobs: int) -> Iterator[Caught]:
    """Hunt each, over several processes; they come as they are decided."""
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin) as pool:
        for done in as_completed([pool.submit(_hunt, mutant.row, seeds) for mutant in mutants]):
            yield done.result()


def _in_order(subject: Subject, mutant: Mutant, seeds: range) -> list[int]:
    return sorted(seeds, key=lambda seed: len(mutant.faults - _kinds(subject, seed)))


def _kinds(subject: Subject, seed: int) -> set[str]:
    schedule = draw_schedule(seed, subject.dialect, subject.codec.facts, subject.pairs, BUSY)
    return {str(fault["fault"]) for fault in schedule}


def _begin() -> None:
    global _subject
    _subject = load_subject(EXCHANGE, "memory")


def _hunt(row: int | str, seeds: range) -> Caught:
    assert _subject is not None, "the process has begun"
    return hunt(_subject, MUTANTS[row], seeds)
