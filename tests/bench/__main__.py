"""`make bench`: how fast exconn is, against floors and peers, as one table; a minute or two.

Exit code 0 when every goal is reached, or its miss is listed with a reason in `misses.KNOWN`; else 1. Loopback only.

    python -m tests.bench [--rounds N] [--only TEXT] [--profile ROW]
"""

import cProfile
import pstats
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from time import perf_counter

from . import kraken_peers, ours, peers
from .measure import measure
from .row import Row, Verdict
from .rows import all_rows, placing
from .table import missed, table

ROUNDS, LINES = 30, 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return the exit code. `arguments` None means the command line's."""
    parser = ArgumentParser(prog="python -m tests.bench", description="The speed of exconn, against floors and peers.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each contender (default: %(default)s)")
    parser.add_argument("--only", default="", help="only the rows with this text in their name")
    parser.add_argument("--profile", default="", help="print where the time of the rows with this text goes, instead")
    options = parser.parse_args(arguments)
    wanted = options.profile or options.only
    rows = [row for row in all_rows() if wanted in row.name]
    begun = perf_counter()
    for row in rows:
        if row.checked is not None:
            row.checked()
    if options.profile:
        for row in rows:
            profile(row)
        return 0
    return report(rows, options.rounds, begun)


def close() -> None:
    """Close all connections, and the loop of the bench."""
    placing.close()
    peers.close()
    kraken_peers.close()
    ours.close()


def report(rows: Sequence[Row], rounds: int, begun: float) -> int:
    """Measure and print; the exit code."""
    measure((each for row in rows for each in row.contenders()), rounds)
    print("\n".join(table(rows)))
    wrong = [(row, goal) for row, goal in missed(rows) if row.judge(goal) is Verdict.MISSED]
    goals = sum(goal.most is not None for row in rows for goal in row.goals)
    known = len(list(missed(rows))) - len(wrong)
    print(f"{goals} goals, {goals - known - len(wrong)} reached, {known} known misses, {len(wrong)} missed")
    print(f"medians of {rounds} interleaved rounds; took {perf_counter() - begun:.0f} s")
    return 1 if wrong else 0


def profile(row: Row) -> None:
    """Where the time of a row's subject goes, the most expensive functions first."""
    row.subject.calibrate(0.05)
    watch = cProfile.Profile()
    watch.enable()
    row.subject.run(row.subject.block)
    watch.disable()
    print(f"{row.name}, {row.subject.block} operations")
    pstats.Stats(watch).sort_stats("tottime").print_stats(LINES)


if __name__ == "__main__":
    try:
        code = main()
    finally:
        close()
    sys.exit(code)
