"""The table: a line a goal, the row's name and figure on the first of them, the reasons of known misses below.

Rules: a figure is a median; a ratio is the median of the rounds' own ratios, and need not be that of the figures.
"""

from collections.abc import Iterator, Sequence

from .measure import ratio
from .misses import KNOWN
from .row import Goal, Row, Verdict

_UNITS = {"us": 1e-6, "ms": 1e-3, "MiB": 1.0}
_HEAD = ("row", "figure", "", "against", "its figure", "ratio", "goal", "verdict")


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of the whole table."""
    cells = [_HEAD] + [each for row in rows for each in _cells(row)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
    for line in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    yield ""
    for row in rows:
        yield f"{row.name}: {row.note}"
    yield from _reasons(rows)


def _cells(row: Row) -> Iterator[tuple[str, ...]]:
    for number, goal in enumerate(row.goals):
        named = (row.name, _shown(row.subject.figure, row.unit), row.unit) if number == 0 else ("", "", "")
        verdict = "" if goal.most is None else row.judge(goal).value
        most = "" if goal.most is None else f"<= {goal.most:.3g}"
        against = (goal.against.name, _shown(goal.against.figure, row.unit))
        yield (*named, *against, f"{ratio(row.subject, goal.against):.3f}", most, verdict)


def _shown(figure: float, unit: str) -> str:
    return f"{figure / _UNITS[unit]:,.2f}"


def _reasons(rows: Sequence[Row]) -> Iterator[str]:
    for row, goal in missed(rows):
        if row.judge(goal) is Verdict.KNOWN:
            known = KNOWN[row.name, goal.against.name]
            yield f"known miss, {row.name} against {goal.against.name} (up to {known.up_to:g}): {known.why}"


def missed(rows: Sequence[Row]) -> Iterator[tuple[Row, Goal]]:
    """The goals that were not reached, known or not."""
    for row in rows:
        yield from ((row, goal) for goal in row.goals if row.judge(goal) is not Verdict.PASSED)
