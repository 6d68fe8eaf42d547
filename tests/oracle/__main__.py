"""`make oracle ORACLE=DIR`: what others say of the exchanges, beside what our codecs say, as a table for each exchange.

Exit code 0 when nothing is different and everything explained or not covered has its reason; else 1. Every opinion is
heard in both modes. Reads only DIR and the exchanges' own files.

    python -m tests.oracle --oracle DIR [--exchange NAME ...] [--specs FOLDER]
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from exconn.shipped import folder
from exconn.spec import read_spec
from exconn.testing.cases import Mode, codec_of, read_cases

from .judging import judge_exchange
from .source import open_source
from .table import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print the tables, and return the exit code."""
    parser = ArgumentParser(prog="python -m tests.oracle", description="Third opinions on the exchanges.")
    parser.add_argument("--oracle", type=Path, required=True, help="the folder of opinions")
    parser.add_argument("--exchange", nargs="+", help="only these (default: all that have a spec and opinions)")
    parser.add_argument("--specs", type=Path, default=folder(), help="where specs and cases are (default: the shipped)")
    options = parser.parse_args(arguments)
    begun = perf_counter()
    try:
        source = open_source(options.oracle)
    except FileNotFoundError as error:
        parser.error(str(error))
    specs = {path.stem: path for path in options.specs.glob("*.yaml") if "." not in path.stem}
    known = [name for name in source.exchanges if name in specs]
    unknown = sorted(set(options.exchange or ()) - set(known))
    if unknown or not known:
        parser.error(f"{', '.join(unknown) or 'no exchange'} has both a spec and opinions; {', '.join(known)} have")
    good = True
    for name in options.exchange or known:
        cases = read_cases(options.specs / f"{name}.cases.yaml")
        spec = read_spec(specs[name])
        judgement = judge_exchange({mode: codec_of(spec, mode) for mode in Mode}, cases, source)
        print("\n".join(report(judgement)), flush=True)
        good = good and judgement.is_good
    bare = sorted(set(source.exchanges) - set(specs))
    print(f"without a spec: {', '.join(bare) or 'none'}; both modes; took {perf_counter() - begun:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
