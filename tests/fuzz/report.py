"""The figures of a run: how many inputs of each sort, what became of them, and the worst of them.

Rules: a figure that falls short is a line of its own with the reproducer; equal failures are told once, with how often
they came; nothing of an input is printed but what its representation shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .inputs import make_input
from .judge import MOST_MEGABYTES, MOST_SECONDS, judge
from .reduce import reduce_input
from .workers import Judged

_SHOWN = 1500


@dataclass(slots=True)
class Tally:
    """What became of the inputs so far."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[Judged]] = field(default_factory=dict)
    slowest: Judged | None = None
    largest: Judged | None = None

    def add(self, judged: Judged) -> None:
        verdict = judged.verdict
        fate = "failed" if verdict.failure else "refused" if verdict.codes else "good"
        self.counts[judged.sort, fate] += 1
        self.codes.update(set(verdict.codes))
        if verdict.failure:
            self.failures.setdefault(verdict.failure, []).append(judged)
        if self.slowest is None or verdict.seconds > self.slowest.verdict.seconds:
            self.slowest = judged
        if self.largest is None or verdict.megabytes > self.largest.verdict.megabytes:
            self.largest = judged

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def is_clean(self) -> bool:
        return not self.failures and self.total > 0


def lines_of(tally: Tally, seed: int) -> Iterator[str]:
    """The report, line by line; the last line is the verdict."""
    yield f"  {'inputs':12}{'refused':>9}{'good':>9}{'failed':>9}{'all':>9}"
    for sort in dict.fromkeys(sort for sort, _ in sorted(tally.counts)):
        row = [tally.counts[sort, fate] for fate in ("refused", "good", "failed")]
        yield f"  {sort:12}{row[0]:9,}{row[1]:9,}{row[2]:9,}{sum(row):9,}"
    yield f"  {len(tally.codes)} codes among the findings"
    if tally.slowest is not None and tally.largest is not None:
        slow, large = tally.slowest, tally.largest
        yield f"  slowest {slow.verdict.seconds * 1000:,.0f} ms of {MOST_SECONDS * 1000:,.0f}: {_named(slow)}"
        yield f"  largest {large.verdict.megabytes:,.0f} MB of {MOST_MEGABYTES:,.0f}: {_named(large)}"
    for failure, found in tally.failures.items():
        yield from _failure_lines(failure, found, seed)
    failed = sum(map(len, tally.failures.values()))
    yield f"  {tally.total:,} inputs, {failed:,} failures: {'clean' if tally.is_clean else 'NOT clean'}"


def _named(judged: Judged) -> str:
    return f"input {judged.number}, {judged.sort}, {judged.what}"


def _failure_lines(failure: str, found: list[Judged], seed: int) -> Iterator[str]:
    """One failure with its shortest input, which is looked for only where the failure leaves the process alive."""
    first = found[0]
    yield f"  FAILED {len(found)} times: {failure}"
    yield f"    first by {_named(first)}: again with python -m tests.fuzz --seed {seed} --number {first.number}"
    yield from (f"    | {line}" for line in first.verdict.detail.splitlines())
    if not failure.startswith("the process died"):
        made = make_input(seed, first.number)
        short = reduce_input(made.data, lambda data: judge(data, made.file).failure == failure)
        yield f"    {len(short)} of {len(made.data)} bytes do it: {short[:_SHOWN]!r}"
