"""How an update of a book chains onto what is known: the rules range, link, count, newer and none of the language.

Rules: ids rise; what ends at or before the known id is contained already, as far as one update can tell; an update
that reaches back to the known id, or beyond it, follows, because sizes are absolute and overlapping does no harm. What
names the known id itself as the one before it follows whatever its own id is: so a sequence that starts again from
lower ids is followed without a gap. An id that the rule needs and the update lacks is a gap.
"""

from collections.abc import Callable
from enum import Enum

from exconn.model import BookUpdate


class Link(Enum):
    """How an update stands to what is known."""

    NEXT = "next"
    SEEN = "seen"
    GAP = "gap"


_NEXT, _SEEN, _GAP = Link  # looked up once, for the sake of every update


def link(chain: str, known: int | None, update: BookUpdate) -> Link:
    """How `update` chains onto sequence number `known` under the rule `chain` (see the language's order_book)."""
    if chain == "none" or known is None:
        return _NEXT
    if update.last_id is None:
        return _NEXT if chain == "newer" else _GAP
    if update.last_id != known and chain == "link" and update.previous_id == known:
        return _NEXT
    if update.last_id <= known:
        return _SEEN
    return _NEXT if _REACHES_BACK[chain](known, update) else _GAP


def _range_reaches(known: int, update: BookUpdate) -> bool:
    return update.first_id is not None and update.first_id <= known + 1


def _link_reaches(known: int, update: BookUpdate) -> bool:
    return update.previous_id is not None and update.previous_id <= known


def _count_reaches(known: int, update: BookUpdate) -> bool:
    return update.last_id == known + 1


def _newer_reaches(known: int, update: BookUpdate) -> bool:
    return True


_REACHES_BACK: dict[str, Callable[[int, BookUpdate], bool]] = {
    "range": _range_reaches,
    "link": _link_reaches,
    "count": _count_reaches,
    "newer": _newer_reaches,
}
