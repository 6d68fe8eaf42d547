"""Many inputs judged in processes of their own, with limits that no input can talk its way around.

Rules: a worker takes numbers in short runs and answers a line for each; it dies of too much memory or of an input that
does not end, and then the input it had begun is the failure, and another worker goes on behind it; nothing is shared
but the numbers, so that a failure comes again with the same seed and number.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

from .inputs import make_input
from .judge import Verdict, judge

_RUN: Final = 50
_PROCESSOR_SECONDS: Final = 20
_ADDRESS_SPACE: Final = 2 * 1024**3
_WRITTEN_EVERY: Final = 10  # of how many good specs one is generated with ruff and all


@dataclass(frozen=True, slots=True)
class Judged:
    """One input's verdict, without its bytes: the seed and the number make them again."""

    number: int
    sort: str
    what: str
    verdict: Verdict


@dataclass(slots=True)
class _Worker:
    """A process, its line, and the numbers it has not answered yet."""

    process: BaseProcess
    line: Connection
    waiting: list[int]


def judge_all(
    seed: int, numbers: range, workers: int, target: Callable[[int, Connection], None] | None = None
) -> Iterator[Judged]:
    """The verdicts on the inputs of these numbers, in no order. `workers` processes of `target`, which is
    `work`; 0: in this one."""
    if workers == 0:
        yield from (judge_number(seed, number) for number in numbers)
        return
    runs = iter([list(numbers[at : at + _RUN]) for at in range(0, len(numbers), _RUN)])
    crew = [_start(seed, target or work) for _ in range(workers)]
    for worker in crew:
        _hand(worker, next(runs, []))
    while crew:
        for line in wait([worker.line for worker in crew]):
            worker = next(each for each in crew if each.line is line)
            try:
                judged: Judged = worker.line.recv()
            except EOFError:
                yield _death(seed, worker)
                crew.remove(worker)
                crew.append(_start(seed, target or work))
                _hand(crew[-1], worker.waiting[1:] or next(runs, []))
            else:
                worker.waiting.remove(judged.number)
                yield judged
                if not worker.waiting:
                    _hand(worker, next(runs, []))
        crew = [worker for worker in crew if worker.waiting]


def judge_number(seed: int, number: int) -> Judged:
    made = make_input(seed, number)
    verdict = judge(made.data, made.file, is_written=number % _WRITTEN_EVERY == 0)
    return Judged(number, made.sort, made.what, verdict)


def _start(seed: int, target: Callable[[int, Connection], None]) -> _Worker:
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=target, args=(seed, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, [])


def _hand(worker: _Worker, numbers: list[int]) -> None:
    worker.waiting = numbers
    worker.line.send(numbers)


def _death(seed: int, worker: _Worker) -> Judged:
    """The input a dead worker had begun, and what killed it."""
    worker.process.join()
    made = make_input(seed, worker.waiting[0])
    code = worker.process.exitcode or 0
    cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    verdict = Verdict("file", (), 0.0, 0.0, f"the process died: {cause}", "out of time, out of memory, or a crash")
    return Judged(made.number, made.sort, made.what, verdict)


def work(seed: int, line: Connection) -> None:
    """The worker: runs of numbers in, verdicts out; an empty run ends it."""
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while numbers := line.recv():
        for number in numbers:
            signal.setitimer(signal.ITIMER_PROF, _PROCESSOR_SECONDS)  # SIGPROF ends a process, whatever it is busy with
            line.send(judge_number(seed, number))
