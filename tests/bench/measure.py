"""Measuring: contenders take turns, round after round, in one process.

Rules: time is CPU time of this process (`process_time`), so another's load does not count, only what it does to the
caches; a block runs as many operations as take `BLOCK` seconds, the same number in every round. Garbage of one
contender is collected before another's turn, and what stands when measuring begins is frozen; inside a block the
collector runs as it does in any program, since what is allocated is part of the cost. A ratio is the median of the
ratios of each round, in which both took turns within moments; a figure is the median of all rounds.
"""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median
from time import process_time

BLOCK = 0.004
"""Seconds: some thousand operations of the fastest, few enough for many rounds."""

Run = Callable[[int], float | None]
"""`run(n)` does n operations; what could not be timed from outside (another process) gives its seconds an operation."""


@dataclass(eq=False, slots=True)
class Contender:
    """One way to do what a row is about. `most`: operations a block. `every`: one turn in so many rounds, for the slow.
    `times`: seconds an operation, one figure a turn."""

    name: str
    run: Run
    most: int = 100_000
    every: int = 1
    block: int = 0
    times: list[float] = field(default_factory=list)

    def calibrate(self, seconds: float) -> None:
        """Find how many operations make a block; the first ones also warm up what is made lazily."""
        self.run(1)
        self.block = 1
        while (spent := self._timed(self.block) * self.block) < seconds and self.block < self.most:
            self.block = min(self.most, max(self.block * 2, int(self.block * seconds / max(spent, 1e-9) / 2)))

    def take_turn(self, number: int) -> None:
        """Round `number`; a slow contender sits out all but each `every`-th."""
        if number % self.every == 0:
            gc.collect()
            self.times.append(self._timed(self.block))

    def _timed(self, operations: int) -> float:
        begun = process_time()
        told = self.run(operations)
        return (process_time() - begun) / operations if told is None else told

    @property
    def figure(self) -> float:
        """Seconds an operation, the median of all rounds."""
        return median(self.times)


def ratio(one: Contender, other: Contender) -> float:
    """How many times `other` `one` costs: the median over the rounds in which both had a turn."""
    return median(mine / theirs for mine, theirs in zip(one.times, other.times, strict=False))


def measure(contenders: Iterable[Contender], rounds: int, block: float = BLOCK) -> None:
    """Let all of them take turns. Nobody may have garbage of the making of another on its bill."""
    turns = list(dict.fromkeys(contenders))
    for each in turns:
        each.calibrate(block if each.every == 1 else 0.0)
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            for each in turns:
                each.take_turn(number)
    finally:
        gc.unfreeze()
