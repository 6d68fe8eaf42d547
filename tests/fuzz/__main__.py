"""`make fuzz`: strangers' files, and texts that try to be code; exit code 0 where nothing fell short.

python -m tests.fuzz [--inputs N] [--seed N] [--workers N]    inputs, then injection
python -m tests.fuzz --inputs 0                               injection alone
python -m tests.fuzz --number N [--seed N]                    one input again, shown and judged
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from time import perf_counter

from . import injection_run
from .inputs import make_input
from .report import Tally, lines_of
from .workers import judge_all, judge_number

INPUTS, SEED = 100_000, 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it all, print the figures, and return the exit code. `arguments` None means the command line's."""
    parser = ArgumentParser(prog="python -m tests.fuzz", description="Strangers' files, and texts that try to be code.")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of all inputs (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes (default: %(default)s)")
    parser.add_argument("--no-injection", dest="injection", action="store_false", help="inputs alone")
    parser.add_argument("--number", type=int, help="only this input, shown")
    options = parser.parse_args(arguments)
    if options.number is not None:
        return _show(options.seed, options.number)
    sound = [_fuzz(options)] if options.inputs else []
    sound += [_inject(options.workers)] if options.injection else []
    return 0 if all(sound) else 1


def _fuzz(options: Namespace) -> bool:
    begun, tally = perf_counter(), Tally()
    print(f"{options.inputs:,} strangers' files, seed {options.seed}, {options.workers} processes", flush=True)
    try:
        for judged in judge_all(options.seed, range(options.inputs), options.workers):
            tally.add(judged)
            if tally.total % 10_000 == 0:
                print(f"  {tally.total:,} after {perf_counter() - begun:,.0f} s", flush=True)
    except KeyboardInterrupt:
        print(f"  stopped after {tally.total:,}", flush=True)
    for line in lines_of(tally, options.seed):
        print(line, flush=True)
    print(f"  took {perf_counter() - begun:,.0f} s", flush=True)
    return tally.is_clean and tally.total == options.inputs


def _inject(workers: int) -> bool:
    begun = perf_counter()
    print(f"texts that try to be code, {workers} processes", flush=True)
    figures = injection_run.inject_all(workers)
    for line in injection_run.lines_of(figures):
        print(line, flush=True)
    print(f"  took {perf_counter() - begun:,.0f} s", flush=True)
    return not figures.failures


def _show(seed: int, number: int) -> int:
    made, judged = make_input(seed, number), judge_number(seed, number)
    sys.stdout.write(made.data.decode("utf-8", "replace"))
    print(f"\n-- {judged}")
    return 1 if judged.verdict.failure else 0


if __name__ == "__main__":
    sys.exit(main())
