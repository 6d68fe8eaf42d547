"""One line of a file as a terminal shows it, with carets under a span.

Columns of a span count characters, a terminal counts cells: tabs become spaces, wide characters take two cells,
combining ones none, and what would not print is written out. A long line is cut around the caret. A span that goes on
over the end of its line gets a single caret where it begins; the reader finds the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from .diagnostic import Span, printable

BEFORE = 60  # cells shown at most on the left of the caret
AFTER = 60  # cells shown at most from the caret on

_TAB = "    "
_CUT = "…"


def excerpt(line: str, span: Span) -> tuple[str, str]:
    """The text to show for `line` (without its line end), and the carets to print under it."""
    start = min(span.col - 1, len(line))
    before = _fit(reversed(line[max(0, start - BEFORE) : start]), BEFORE)[::-1]
    after = _fit(line[start : start + AFTER], AFTER)
    left = "".join(before) if len(before) == start else _CUT + "".join(before)
    right = "".join(after) if start + len(after) == len(line) else "".join(after) + _CUT
    marked = "".join(after[: _length(span, len(line) - start)])
    return (left + right).rstrip(), " " * cells(left) + "^" * max(1, cells(marked))


def cells(text: str) -> int:
    """How many cells of a terminal the printable `text` fills."""
    return sum(map(_width, text))


def _fit(characters: Iterable[str], room: int) -> list[str]:
    """The first of `characters`, each as it is shown, that fit into `room` cells."""
    fitting: list[str] = []
    for character in characters:
        shown = _TAB if character == "\t" else printable(character)
        room -= cells(shown)
        if room < 0:
            break
        fitting.append(shown)
    return fitting


def _length(span: Span, rest: int) -> int:
    """How many characters of its line the carets mark, of the `rest` there are."""
    if span.end_col is None or span.end_line not in (None, span.line):
        return 1
    return max(1, min(span.end_col - span.col, rest))


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
