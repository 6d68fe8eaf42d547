"""The printed matrix: a row a step, a column a client; below it the reasons, by number.

Rules: a cell says ok, a dash with a number for what the client does not offer, or FAILED with a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of one step of one client, and why."""

    result: str
    why: str

    @property
    def failed(self) -> bool:
        """Whether the client offers the step and it did not pass."""
        return self.result == "FAILED"


def render(steps: Sequence[str], rows: Mapping[str, Mapping[str, Cell]]) -> str:
    """The matrix of `rows` (client -> step -> cell), as text."""
    reasons: dict[tuple[str, str], int] = {}
    table = [["step", *rows]]
    for step in steps:
        line = [step]
        for client, cells in rows.items():
            cell, mark = cells[step], ""
            if cell.result != "ok":
                mark = f" [{reasons.setdefault((client, cell.why), len(reasons) + 1)}]"
            line.append(("-" if cell.result == "not offered" else cell.result) + mark)
        table.append(line)
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = ["  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in table]
    notes = [f"[{number}] {client}: {why}" for (client, why), number in reasons.items()]
    return "\n".join([*lines, *(["", *notes] if notes else [])])
