"""Many seeds, over several processes, and what they come to.

Rules: each process loads the exchange once; seeds are handed out one by one and come back in order, so the figures do
not depend on how many processes there are.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from exconn.testing.simulation.run import Outcome, Subject, simulate
from exconn.testing.simulation.subjects import load_subject

_subject: Subject | None = None


@dataclass(slots=True)
class Figures:
    """What seeds came to. `happened`: how often each kind of fault took effect; `seeds_with`: in how many seeds."""

    seeds: int = 0
    orders: int = 0
    fills: int = 0
    spent: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)
    seeds_with: Counter[str] = field(default_factory=Counter)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.seeds += 1
        self.orders += outcome.orders
        self.fills += outcome.fills
        self.spent += outcome.spent
        self.happened.update(outcome.happened)
        self.seeds_with.update(outcome.happened.keys())
        if outcome.violations:
            self.failed.append(outcome)

    @property
    def violations(self) -> int:
        return sum(len(outcome.violations) for outcome in self.failed)


def sweep(
    exchange: str, mode: str, seeds: Sequence[int], jobs: int, done: Callable[[Outcome], None] = lambda _: None
) -> Figures:
    """Run seeds; `done` is called with each outcome, in the order of the seeds."""
    figures = Figures()
    for outcome in _outcomes(exchange, mode, seeds, jobs):
        figures.add(outcome)
        done(outcome)
    return figures


def _outcomes(exchange: str, mode: str, seeds: Sequence[int], jobs: int) -> Iterator[Outcome]:
    if jobs <= 1:
        _begin(exchange, mode)
        yield from map(_run, seeds)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (exchange, mode)) as pool:
        yield from pool.map(_run, seeds)


def _begin(exchange: str, mode: str) -> None:
    global _subject
    _subject = load_subject(exchange, mode)


def _run(seed: int) -> Outcome:
    assert _subject is not None, "the process has begun"
    return simulate(_subject, seed)
