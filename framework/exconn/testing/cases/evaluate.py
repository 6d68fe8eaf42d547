"""Paths and matches evaluated on sample payloads, one by one, to see what a case exercises.

Rules: a path is the compiler's own, so nothing is read in a second way; what a path cannot follow is nothing; a match
is asked with the functions that compiled code uses.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from exconn.codec import holds, is_empty, is_one_of, is_zero, starts
from exconn.compile.jmespath import compile_path
from exconn.errors import ExconnError
from exconn.spec.pieces import Match, Path, Record, Test, TestKind

_path: Final = lru_cache(maxsize=4096)(compile_path)

_TESTS: Final[dict[TestKind, Callable[[Any, Any], bool | None]]] = {
    TestKind.IS: is_one_of,
    TestKind.ANY_OF: is_one_of,
    TestKind.NOT: lambda value, wanted: not is_one_of(value, wanted),
    TestKind.NONE_OF: lambda value, wanted: not is_one_of(value, wanted),
    TestKind.PRESENT: lambda value, wanted: (value is not None) is wanted[0],
    TestKind.EMPTY: lambda value, wanted: is_empty(value) is wanted[0],
    TestKind.ZERO: lambda value, wanted: is_zero(value) is wanted[0],
    TestKind.STARTS: lambda value, wanted: starts(value, wanted[0]),
    TestKind.CONTAINS: lambda value, wanted: holds(value, wanted[0]),
}


def find(path: Path, message: Any, row: Any) -> Any:
    """What the path finds, None where it finds nothing or cannot be followed."""
    try:
        return _path(path.text)(message if path.from_top else row)
    except ExconnError:
        return None


def passes(test: Test, value: Any) -> bool:
    return bool(_TESTS[test.kind](value, test.values))


def match_holds(match: Match, message: Any, row: Any) -> bool:
    """Whether all lines of the match hold."""
    return all(passes(line.test, find(line.path, message, row)) for line in match.lines)


def rows_of(record: Record, message: Any) -> Iterator[Any]:
    """The rows of a record, those that its `only` leaves out among them."""
    if record.rows is None:
        yield message
        return
    found = find(record.rows, message, message)
    yield from found if isinstance(found, list) else [found] if isinstance(found, dict) else []
