"""Pages that go on after a key of their last row: walked to the end, they have every row once."""

import pytest

from exconn.sandbox.actions.pages import first_page

ROWS = [1, 2, 2, 2, 3, 4, 4, 5]
FIRST: list[tuple[int | None, list[int]]] = [
    (None, ROWS),
    (8, ROWS),
    (9, ROWS),
    (1, [1]),
    (2, [1]),
    (3, [1]),
    (4, [1, 2, 2, 2]),
    (6, [1, 2, 2, 2, 3]),
    (7, [1, 2, 2, 2, 3, 4, 4]),
]


@pytest.mark.parametrize(("limit", "page"), FIRST)
def test_a_page_ends_with_a_key(limit: int | None, page: list[int]) -> None:
    assert list(first_page(ROWS, limit, int)) == page


@pytest.mark.parametrize("limit", range(1, 9))
def test_a_walk_has_every_row_once(limit: int) -> None:
    walked: list[int] = []
    while left := [row for row in ROWS if not walked or row > walked[-1]]:
        walked += first_page(left, limit, int)
    assert walked == ROWS
