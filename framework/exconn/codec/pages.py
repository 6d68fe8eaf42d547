"""The cursor of the next page, as `Reply.next` gives it: None at the end.

Rules: a page that is shorter than `size` is the last; a cursor that does not move ends the reading, and is a BadValue
where the page was full, because then rows would be lost in silence.
"""

from exconn.codec.numbers import BadValue, read_text

Cursor = str | int | None


def next_cursor(value: object, before: Cursor) -> Cursor:
    """The cursor that a reply gives; null and "" mean the end."""
    if value is None or value == "":
        return None
    cursor = value if type(value) is int else read_text(value)
    return None if str(cursor) == str(before) else cursor


def next_from_row(value: object, before: Cursor, count: int, size: int | None) -> Cursor:
    """The cursor that the last of `count` rows gives."""
    if count == 0 or (size is not None and count < size):
        return None
    cursor = next_cursor(value, before)
    if cursor is None and size is not None:
        raise BadValue("a full page does not lead on: its last row gives no new cursor")
    return cursor


def next_offset(before: Cursor, count: int, size: int | None) -> Cursor:
    """Rows read so far."""
    if count == 0 or (size is not None and count < size):
        return None
    return int(before or 0) + count


def next_number(before: Cursor, count: int, size: int | None) -> Cursor:
    """Pages are counted from 1."""
    if count == 0 or (size is not None and count < size):
        return None
    return int(before or 1) + 1
