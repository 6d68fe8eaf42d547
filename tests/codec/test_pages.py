"""Cursors of the next page, and the ends of reading on."""

import pytest

from exconn.codec.numbers import BadValue
from exconn.codec.pages import next_cursor, next_from_row, next_number, next_offset


@pytest.mark.parametrize(
    ("step", "arguments", "cursor"),
    [
        (next_cursor, ("abc", None, 1), "abc"),
        (next_cursor, ("None", None, 1), "None"),
        (next_cursor, (17, None, 0), 17),
        (next_cursor, (None, "abc", 1), None),
        (next_cursor, ("", "abc", 1), None),
        (next_cursor, ("abc", "abc", 0), None),
        (next_cursor, (17, "17", 0), None),
        (next_cursor, ("abc", "17", 0, True), "abc"),
        (next_from_row, ("t9", "t1", None, 3, None), "t9"),
        (next_from_row, ("t9", "t1", None, 3, 3), "t9"),
        (next_from_row, ("t9", "t1", None, 2, 3), None),
        (next_from_row, ("t9", "t1", None, 2, None, True), "t9"),
        (next_from_row, (None, None, "t9", 0, 3), None),
        (next_from_row, ("t9", "t9", "t9", 1, None), None),
        (next_from_row, (9, "9", "9", 2, None), None),
        (next_offset, (None, 100, 100), 100),
        (next_offset, (100, 100, 100), 200),
        (next_offset, ("200", 7, 100), None),
        (next_offset, ("200", 7, None, True), 207),
        (next_offset, (200, 0, None), None),
        (next_number, (None, 100, 100), 2),
        (next_number, (2, 100, None), 3),
        (next_number, (3, 1, 100), None),
        (next_number, (3, 0, None, True), 4),
    ],
)
def test_the_next_page(step, arguments, cursor):
    assert step(*arguments) == cursor


def test_a_full_page_must_lead_on():
    with pytest.raises(BadValue, match="a full page does not lead on: its last row gives no new cursor"):
        next_from_row("t9", "t1", "t9", 100, 100)


def test_a_cursor_is_a_text_or_an_integer():
    with pytest.raises(BadValue, match="an array is not a text"):
        next_cursor(["abc"], None, 1)
