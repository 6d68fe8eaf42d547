"""Pages of which the next one begins after a key of the last row: a moment, the number of a trade.

Rules:
- Rows of one key are on one page, or who asks for those after it would never see the others.
- So a page ends before the rows that would be divided; one that they fill alone has all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def first_page(rows: Sequence[Row], limit: int | None, key: Callable[[Row], int]) -> Sequence[Row]:
    """The first page of rows that are in order of their keys, of about `limit` of them; all of them where None."""
    if limit is None or len(rows) <= limit:
        return rows
    end, edge = limit, key(rows[limit])
    while end and key(rows[end - 1]) == edge:
        end -= 1
    while not end or (end < len(rows) and key(rows[end]) == key(rows[end - 1])):
        end += 1
    return rows[:end]
