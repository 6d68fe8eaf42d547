"""All mutants of a spec put to its cases: the figures, and the survivors as findings.

Rules: a survivor is a weakness of the cases, and stays a finding until a case notices it or the cases give the reason
why none can; a reason for something that is noticed after all, or that is no mutant, is a finding too. Whatever the
number of processes, the verdicts are the same and stand in the document's order.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool

from exconn.document import Diagnostic, quoted
from exconn.testing.cases import Cases

from .bench import Bench, Fate, Verdict
from .edit import Mutant

Judged = list[tuple[Mutant, Verdict]]
_CHUNK = 12  # neighbours, which the same cases notice
_MADE_OPTIONAL = " or none'"
_SHOWN = "add a case that the documents show and this breaks"
_NEEDED = "add the value's path to `needs` of a case with it (needs: [data.0.price]), which says it may not be absent"


@dataclass(frozen=True, slots=True)
class MutationTrial:
    """How many mutants there were, and what noticed them. `excused`: survivors with a written reason."""

    mutants: int
    refused: int
    noticed: int
    excused: int
    survived: int
    seconds: float
    findings: tuple[Diagnostic, ...]


def try_mutants(
    spec_data: bytes,
    spec_file: str,
    cases_data: bytes,
    cases_file: str,
    *,
    processes: int | None = None,
    sample: int | None = None,
    seed: int = 0,
) -> MutationTrial:
    """Judge the mutants of a spec whose cases all pass. `processes`: as many as there are cores when left out;
    `sample`: only so many, chosen by `seed`. DocumentError where the spec or the cases are not good."""
    started = time.perf_counter()
    files = (spec_data, spec_file, cases_data, cases_file)
    bench = Bench(*files)
    numbers = list(range(len(bench.mutants)))
    if sample is not None:
        numbers = sorted(random.Random(seed).sample(numbers, min(sample, len(numbers))))
    mutants = [bench.mutants[number] for number in numbers]
    workers = processes or os.cpu_count() or 1
    if workers == 1:
        verdicts = [bench.judge(mutant) for mutant in mutants]
    else:
        with Pool(workers, _begin, files) as pool:
            verdicts = list(pool.imap(_judge, numbers, _CHUNK))
    judged = list(zip(mutants, verdicts, strict=True))
    return _figures(judged, bench.cases, sample is None, time.perf_counter() - started)


_bench: Bench


def _begin(spec_data: bytes, spec_file: str, cases_data: bytes, cases_file: str) -> None:
    global _bench
    _bench = Bench(spec_data, spec_file, cases_data, cases_file)


def _judge(number: int) -> Verdict:
    return _bench.judge(_bench.mutants[number])


def _figures(judged: Judged, cases: Cases, is_whole: bool, seconds: float) -> MutationTrial:
    reasons = {excuse.change for excuse in cases.survivors}
    fates = Counter(verdict.fate for _, verdict in judged)
    survivors = [mutant for mutant, verdict in judged if verdict.fate is Fate.SURVIVED]
    bare = [mutant for mutant in survivors if mutant.change not in reasons]
    found = [*_survived(bare, cases), *_broke(judged)]
    if is_whole:
        found += _stale(cases, {mutant.change for mutant in survivors})
    return MutationTrial(
        mutants=len(judged),
        refused=fates[Fate.REFUSED],
        noticed=fates[Fate.FAILED],
        excused=len(survivors) - len(bare),
        survived=len(bare),
        seconds=seconds,
        findings=tuple(found),
    )


def _survived(mutants: Sequence[Mutant], cases: Cases) -> Iterator[Diagnostic]:
    for mutant in mutants:
        cure = _NEEDED if mutant.change.endswith(_MADE_OPTIONAL) else _SHOWN
        hint = f"{cure}, in {cases.file}, or a reason to its survivors"
        yield Diagnostic("survived", f"no case fails with {mutant.change}", mutant.span, hint)


def _broke(judged: Judged) -> Iterator[Diagnostic]:
    for mutant, verdict in judged:
        if verdict.fate is Fate.BROKE:
            message = f"validate lets through what cannot be compiled: {mutant.change}: {verdict.why}"
            yield Diagnostic("broke", message, mutant.span, "this is a fault of exconn and not of the spec: report it")


def _stale(cases: Cases, survivors: set[str]) -> Iterator[Diagnostic]:
    for excuse in cases.survivors:
        if excuse.change not in survivors:
            message = f"nothing survives that is told as {quoted(excuse.change)}"
            yield Diagnostic("stale-reason", message, excuse.span, "delete it, or write the change as it is listed")
