"""`make interop`: clients of others trade on the sandbox's exchanges, each in its own environment, as a matrix.

Exit code 0 when each client passed each step that it offers; 1 when one failed or could not be installed; 2: usage.

    python -m tests.strangers [--client NAME ...]
"""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from time import perf_counter

from .clients.walk import STEPS
from .environments import STRANGERS, NotInstalled, Stranger, command
from .exchanges import trading_place
from .matrix import Cell, render

LONGEST = 180.0  # seconds for one walk


def walk(stranger: Stranger) -> Mapping[str, Cell]:
    """What became of each step of one client. Raises NotInstalled."""
    words = command(stranger)
    with trading_place(stranger.exchange) as place:
        try:
            done = subprocess.run(
                words, env={**os.environ, **place}, capture_output=True, text=True, timeout=LONGEST, check=False
            )
            out, end = done.stdout, _last_error(done.stderr) or f"it ended with {done.returncode}"
        except subprocess.TimeoutExpired as late:
            out, end = (late.stdout or b"").decode(), f"it took more than {LONGEST:.0f} s"
    cells = {}
    for line in out.splitlines():
        if line.startswith('{"step"'):
            said = json.loads(line)
            cells[said["step"]] = Cell(said["result"], said["why"])
    return {step: cells.get(step, Cell("FAILED", f"not reached: {end}")) for step, _, _ in STEPS}


def _last_error(text: str) -> str:
    """The line of what a client wrote to stderr that says what ended it."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "Error" in line), lines[-1] if lines else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk with each client, print the matrix, and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.strangers", description="Clients of others on the sandbox.")
    parser.add_argument("--client", nargs="+", help="only these (default: all)")
    options = parser.parse_args(arguments)
    unknown = set(options.client or ()) - {stranger.name for stranger in STRANGERS}
    if unknown:
        parser.error(f"no client {', '.join(sorted(unknown))}; there is {', '.join(each.name for each in STRANGERS)}")
    begun, good = perf_counter(), True
    rows: dict[str, Mapping[str, Cell]] = {}
    for stranger in STRANGERS:
        if options.client and stranger.name not in options.client:
            continue
        try:
            rows[stranger.name] = walk(stranger)
        except NotInstalled as error:
            good = False
            print(f"{stranger.name} could not be installed (is there a network?): {error}", flush=True)
        else:
            good = good and not any(cell.failed for cell in rows[stranger.name].values())
            print(f"{stranger.name}: walked", file=sys.stderr, flush=True)
    print(render([step for step, _, _ in STEPS], rows))
    print(f"{len(rows)} clients; took {perf_counter() - begun:.0f} s; {'all pass' if good else 'NOT all pass'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
