"""`docs/reliability.md`: each way in which connectors fail, what a market does about it, and the tests that show it.

Made from `rows.json`, whose numbers are those of the guarantee card's failures: run
`python -m tests.market.guarantees.rows` after a change of the table.
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("rows.json")
TESTS = Path(__file__).parents[2]
PAGE = TESTS.parent / "docs" / "reliability.md"

_HEAD = """\
# What a market keeps when things go wrong

Connectors fail in ways that are known: each row is one of them, what a `Market` does about it, and the tests that
show it, most of them against the sandbox under the fault of the row, in virtual time. The numbers are those of the
failures on [the guarantee card](guarantees.md), which tells what a given spec can promise; 51 to 55 and 58 are about
crashes and disks, and are not kept yet. This page and the check that its tests exist come from one table,
`tests/market/guarantees/rows.json`.

Three rules are behind all rows:

- A placing ends accepted, proven rejected, or unresolved. What is unresolved stays tracked and reserved, and is never
  sent under another id.
- Facts may come late, twice and in any order, from the stream, a poll or a history: states and amounts only rise, each
  trade counts once, one end is told.
- What is not known is not told: a book out of step is withheld, a fee that was not told is not zero, a cancel without
  evidence is no success.
"""


def read_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return rows


def write_page() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD]
    for about, rows in groupby(read_rows(), key=lambda row: row["about"]):
        parts += [f"## {about}\n", "| no. | what goes wrong | what holds | shown by |", "|---|---|---|---|"]
        parts += [*map(_line, rows), ""]
    return "\n".join(parts)


def _line(row: dict[str, Any]) -> str:
    return f"| {row['no']} | {row['fails']} | {row['holds']} | {'; '.join(map(_shown, row['tests']))} |"


def _shown(test: str) -> str:
    file, _, name = test.partition("::")
    return f"`{name}` in [{file.rpartition('/')[2]}](../tests/{file})"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
