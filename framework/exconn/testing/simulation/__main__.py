"""`python -m exconn.testing.simulation`: many seeds, or one, or a run from a file; exit 1 on any violation.

Rules: a violation is printed with its seed, the order's history and the shrunk schedule, in the form that `--replay`
reads; the figures say how often each kind of fault took effect, so that nobody takes silence for strength.
"""

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path

from exconn.shipped import default
from exconn.testing.simulation.replay import Replay, read_replay, replay_text
from exconn.testing.simulation.run import Outcome, Subject, simulate
from exconn.testing.simulation.shrink import shrink
from exconn.testing.simulation.subjects import load_subject
from exconn.testing.simulation.sweep import Figures, sweep

_SHOWN = 3


def main(words: list[str]) -> int:
    given = _arguments().parse_args(words)
    if given.replay is not None:
        replay = read_replay(given.replay)
        subject = load_subject(replay.exchange, replay.mode)
        return _one(subject, replay, simulate(subject, replay.seed, replay.schedule), shrinks=False)
    if given.seed is not None:
        subject = load_subject(given.exchange, given.mode)
        outcome = simulate(subject, given.seed)
        return _one(subject, Replay(given.exchange, given.mode, given.seed, outcome.schedule), outcome, shrinks=True)
    began = time.monotonic()
    seeds = range(given.first, given.first + given.seeds)
    figures = sweep(given.exchange, given.mode, seeds, given.jobs)
    _print_figures(figures, f"{given.exchange}, {given.mode}", time.monotonic() - began)
    if figures.failed:
        _explain(figures, given.exchange, given.mode)
    return 1 if figures.failed else 0


def _explain(figures: Figures, exchange: str, mode: str) -> None:
    subject = load_subject(exchange, mode)
    for outcome in figures.failed[:_SHOWN]:
        _one(subject, Replay(exchange, mode, outcome.seed, outcome.schedule), outcome, shrinks=True)
    others = [str(outcome.seed) for outcome in figures.failed[_SHOWN:]]
    if others:
        print(f"seeds with violations that are not shown: {', '.join(others)}")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="exconn.testing.simulation", description=__doc__)
    parser.add_argument("--exchange", default=default(), help="a shipped exchange by name, or a spec file")
    parser.add_argument("--mode", choices=("memory", "generated"), default="memory")
    parser.add_argument("--seeds", type=int, default=300, help="how many seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes")
    parser.add_argument("--seed", type=int, help="this seed alone, with its schedule")
    parser.add_argument("--replay", type=Path, help="a file that a violation was printed as")
    return parser


def _one(subject: Subject, replay: Replay, outcome: Outcome, *, shrinks: bool) -> int:
    print(f"seed {outcome.seed}: {outcome.orders} orders, {outcome.fills} fills, trace {outcome.trace[:16]}")
    if not outcome.violations:
        print("0 violations")
        return 0
    if shrinks:
        outcome = shrink(outcome, partial(simulate, subject, outcome.seed))
    for violation in outcome.violations:
        print(violation)
    print(f"{len(outcome.violations)} violations with {len(outcome.schedule)} faults; the run, for --replay:")
    print(replay_text(Replay(replay.exchange, replay.mode, replay.seed, outcome.schedule)), end="")
    return 1


def _print_figures(figures: Figures, what: str, seconds: float) -> None:
    print(f"{what}: {figures.seeds} seeds of 15 virtual minutes, {figures.orders} orders, {figures.fills} fills")
    print(f"{'fault':<22}{'took effect':>12}{'in seeds':>10}")
    for kind, count in sorted(figures.happened.items()):
        print(f"{kind:<22}{count:>12}{figures.seeds_with[kind]:>10}")
    spent = figures.spent / max(1, figures.seeds)
    print(f"violations {figures.violations}, {seconds:.1f} s, {spent:.2f} s of processor a seed")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
