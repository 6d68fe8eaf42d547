"""Cursors of the next page, and the ends of reading on."""

import pytest

from exconn.codec.numbers import BadValue
from exconn.codec.pages import next_cursor, next_from_row, next_number, next_offset


@pytest.mark.parametrize(
    ("step", "arguments", "cursor"),
    [
        (next_cursor, ("abc", None), "abc"),
        (next_cursor, (17, None), 17),
        (next_cursor, (None, "abc"), None),
        (next_cursor, ("", "abc"), None),
        (next_cursor, ("abc", "abc"), None),
        (next_cursor, (17, "17"), None),
        (next_from_row, ("t9", None, 3, None), "t9"),
        (next_from_row, ("t9", None, 3, 3), "t9"),
        (next_from_row, ("t9", None, 2, 3), None),
        (next_from_row, (None, "t9", 0, 3), None),
        (next_from_row, ("t9", "t9", 1, None), None),
        (next_offset, (None, 100, 100), 100),
        (next_offset, (100, 100, 100), 200),
        (next_offset, ("200", 7, 100), None),
        (next_offset, (200, 0, None), None),
        (next_number, (None, 100, 100), 2),
        (next_number, (2, 100, None), 3),
        (next_number, (3, 1, 100), None),
    ],
)
def test_the_next_page(step, arguments, cursor):
    assert step(*arguments) == cursor


def test_a_full_page_must_lead_on():
    with pytest.raises(BadValue, match="a full page does not lead on: its last row gives no new cursor"):
        next_from_row("t9", "t9", 100, 100)


def test_a_cursor_is_a_text_or_an_integer():
    with pytest.raises(BadValue, match="an array is not a text"):
        next_cursor(["abc"], None)
