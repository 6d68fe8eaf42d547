"""`docs/guarantees.md`, made from the table: every guarantee, what decides it, and the failures it keeps away.

Rules: making the page twice gives the same text; `python -m exconn.guarantees` writes it.
"""

import re

from .failures import FAILURES
from .guarantee import Guarantee, Outcome
from .table import GUARANTEES

FILE = "guarantees.md"
_HEAD = """# The guarantee card

Made from the table of guarantees by `python -m exconn.guarantees`; a change by hand is lost.

What a spec leaves out has the careful default: an order stays tracked, a request is not repeated, a fee is unknown. So
leaving something out is no error, but it costs a promise. `exconn lint SPEC` prints the card: for each guarantee
whether it **holds**, is **weaker** or **given up** with this spec, why, where the spec says so, and what to write to
gain it.

```
exconn lint SPEC                          # the card
exconn lint SPEC --format json            # the same, for programs
exconn lint SPEC --require lost-answer    # exit 1 unless it holds; may be given again
```

Exit status: 0, the card was printed and all that was required holds; 1, the spec has findings, or a required guarantee
does not hold; 2, the file cannot be read, or a name is no guarantee's. Names and failures never change their meaning.

What validate proves of every spec stands on no card, for a spec without it is refused: `proofs.md` lists it.

## Guarantees

The numbers are those of the failures at the end.
"""
_FAILURES = """## Failures

What goes wrong in exchange connectors, where a spec has a say in it. Others (a truncated body, a crash between two
writes, a reconnect storm) are the market's own matter whatever the spec says, and so on no card.
"""


def write_page() -> str:
    """The whole page, as Markdown."""
    parts = [_HEAD, *map(_section, GUARANTEES), _FAILURES, "| no. | failure |\n|---|---|"]
    rows = [f"| {number} | {failure} |" for number, failure in FAILURES.items()]
    return "\n".join([*parts, *rows]) + "\n"


def _section(guarantee: Guarantee) -> str:
    head = f"### `{guarantee.name}`\n\n{_sentence(guarantee.promise)} Against {', '.join(guarantee.failures)}.\n"
    rows = ["| what the spec says | verdict | what follows | to gain it |", "|---|---|---|---|"]
    rows += [_row(name, outcome) for name, outcome in guarantee.outcomes.items()]
    return "\n".join([head, *rows, ""])


def _row(name: str, outcome: Outcome) -> str:
    return f"| {name} | {outcome.verdict.value} | {_plain(outcome.why)} | {_plain(outcome.gain)} |"


def _plain(text: str) -> str:
    """The text of an outcome with its values named: `{seconds}` as *seconds*."""
    named = re.sub(r"(?<!\{)\{(\w+)(?:![rs])?\}(?!\})", r"*\1*", text)
    return named.replace("{{", "{").replace("}}", "}").replace("|", "\\|")


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
