"""`make soak DAYS=3`: virtual days of trading with faults in one process; exit 1 where anything grows that should not.

python -m tests.soak [--days 3] [--seed 0] [--exchange NAME]
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence

from exconn.testing.simulation.subjects import load_subject

from .life import Pace, live
from .sample import MEGABYTE, Bounds, Sample, shortfalls

DAYS, EXCHANGE = 3, "myexchange"
_HEAD = ("hour", "MB", "tasks", "websockets", "connections", "entries", "orders", "fills")


def main(arguments: Sequence[str] | None = None) -> int:
    """Live, print a line an hour, then what falls short; return the exit code."""
    parser = ArgumentParser(prog="python -m tests.soak", description="Virtual days of trading with faults.")
    parser.add_argument("--days", type=int, default=DAYS, help="two at least (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="decides everything (default: %(default)s)")
    parser.add_argument("--exchange", default=EXCHANGE, help="a shipped exchange, or a spec file")
    options = parser.parse_args(arguments)
    if options.days < 2:
        parser.error("what grows after the first day is seen on the second: --days 2 at least")
    began = time.monotonic()
    print("  ".join(f"{word:>11}" for word in _HEAD), flush=True)
    subject = load_subject(options.exchange, "memory")
    samples = live(subject, options.seed, options.days * 24, Pace(), lambda each: print(line(each), flush=True))
    found = shortfalls(samples, Bounds())
    for each in found:
        print(each)
    print(f"{options.days} virtual days in {time.monotonic() - began:.0f} s, {len(found)} shortfalls")
    return 1 if found else 0


def line(sample: Sample) -> str:
    """A sample as a line of the table."""
    counts = (sample.tasks, sample.websockets, sample.connections, sample.entries, sample.orders, sample.fills)
    values = [f"{sample.hour:g}", f"{sample.memory / MEGABYTE:.1f}", *map(str, counts)]
    return "  ".join(f"{value:>11}" for value in values)


if __name__ == "__main__":
    sys.exit(main())
