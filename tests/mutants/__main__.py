"""`make mutants`: plants one bug after the other and says which seed of the simulator catches it; exit 1 on a survivor.

python -m tests.mutants [--seeds 200] [--only ROW ...] [--jobs N]
python -m tests.mutants --list                                    the bugs, without a hunt
"""

import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence

from .catalogue import MUTANTS
from .hunt import Caught, hunt_all
from .mutant import Mutant

SEEDS = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Hunt, print the table, and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.mutants", description="Planted bugs, and what catches them.")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many are tried at most (default: %(default)s)")
    parser.add_argument("--only", type=_row, nargs="+", help="rows of the catalogue (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: %(default)s)")
    parser.add_argument("--list", action="store_true", help="say what is planted where, and stop")
    options = parser.parse_args(arguments)
    chosen = [each for each in MUTANTS.values() if options.only is None or each.row in options.only]
    if options.list or not chosen:
        for each in chosen:
            print(f"{each.row:>3}  {each.bug}\n     {each.target}, to break {' or '.join(sorted(each.breaks))}")
        return 0 if chosen else parser.exit(2, f"no mutant of rows {options.only}\n")
    began, survivors = time.monotonic(), 0
    print(f"{'row':>3}  {'caught by':<10}{'seed':>5}{'runs':>6}  bug", flush=True)
    for caught in hunt_all(chosen, range(options.seeds), options.jobs):
        survivors += caught.violation is None
        print(_line(MUTANTS[caught.row], caught), flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} caught, {survivors} survived, {time.monotonic() - began:.0f} s")
    return 1 if survivors else 0


def _row(word: str) -> int | str:
    return int(word) if word.isdecimal() else word


def _line(mutant: Mutant, caught: Caught) -> str:
    what = "SURVIVED" if caught.violation is None else caught.violation.invariant
    seed = "-" if caught.seed is None else caught.seed
    crash = "" if caught.crash is None else f"; the mutant itself fails: {caught.crash}"
    return f"{mutant.row:>3}  {what:<10}{seed:>5}{caught.runs:>6}  {mutant.bug}{crash}"


if __name__ == "__main__":
    sys.exit(main())
