"""The cursor of the next page, as `Reply.next` gives it: None at the end.

Rules: where the reply tells whether there is more (`more`), that alone decides; else a page that is shorter than `size`
is the last, and so is one without rows. A page that must lead on and does not is a BadValue, because rows would be lost
in silence: told more without a new cursor, a full page or rows before the cursor that give no new one.
"""

from exconn.codec.numbers import BadValue, read_text

Cursor = str | int | None


def next_cursor(value: object, before: Cursor, count: int, more: bool = False) -> Cursor:
    """The cursor that a reply of `count` rows gives; null and "" mean the end, and so does none that is new where there
    are no rows."""
    cursor = _cursor(value)
    if _is_new(cursor, before):
        return cursor
    if more:
        raise BadValue("there is more, as the page says, but it gives no new cursor")
    if cursor is not None and count:
        raise BadValue("a page with rows gives the cursor that it was asked by, so that it does not lead on")
    return None


def next_from_row(
    value: object, first: object, before: Cursor, count: int, size: int | None, more: bool = False
) -> Cursor:
    """The cursor that the last of `count` rows gives. `first`: what the first one gives; a last page that begins at the
    cursor holds nothing else."""
    if not more and _is_short(count, size):
        return None
    cursor = _cursor(value)
    if _is_new(cursor, before):
        return cursor
    if more:
        raise BadValue("there is more, as the page says, but its last row gives no new cursor")
    if size is not None:
        raise BadValue("a full page does not lead on: its last row gives no new cursor")
    if cursor is None:
        raise BadValue("a page does not lead on: its last row gives no cursor")
    if _is_new(_cursor(first), before):
        raise BadValue(
            "a page does not lead on: its last row gives the cursor that it was asked by, its first does not"
        )
    return None


def next_offset(before: Cursor, count: int, size: int | None, more: bool = False) -> Cursor:
    """Rows read so far."""
    if more and count == 0:
        raise BadValue("there is more, as the page says, but it has no rows to count on from")
    if not more and _is_short(count, size):
        return None
    return int(before or 0) + count


def next_number(before: Cursor, count: int, size: int | None, more: bool = False) -> Cursor:
    """Pages are counted from 1."""
    if not more and _is_short(count, size):
        return None
    return int(before or 1) + 1


def _cursor(value: object) -> Cursor:
    if value is None or value == "":
        return None
    return value if type(value) is int else read_text(value)


def _is_new(cursor: Cursor, before: Cursor) -> bool:
    return cursor is not None and (before is None or str(cursor) != str(before))


def _is_short(count: int, size: int | None) -> bool:
    return count == 0 or (size is not None and count < size)
