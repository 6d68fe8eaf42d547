"""Nonces: strictly increasing numbers, one stock a unit, one `Nonces` an API key.

Rules: a nonce is never below the wall clock in its unit and always above the one before, also when the clock is set
back or two are drawn in the same tick; the highest given out can be read, kept, and put back after a restart.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

_PER_UNIT_NS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000}


class Nonces:
    __slots__ = ("_marks", "_time_ns")

    def __init__(self, time_ns: Callable[[], int], marks: Mapping[str, int] | None = None) -> None:
        """`marks`: the high-water marks of an earlier life."""
        self._time_ns = time_ns
        self._marks = dict(marks or {})

    def draw(self, unit: str) -> int:
        """The next nonce in `unit`: s, ms or us since 1970."""
        nonce = max(self._time_ns() // _PER_UNIT_NS[unit], self._marks.get(unit, 0) + 1)
        self._marks[unit] = nonce
        return nonce

    def raise_to(self, unit: str, mark: int) -> None:
        """Never again give out `mark` or less."""
        self._marks[unit] = max(mark, self._marks.get(unit, 0))

    @property
    def marks(self) -> Mapping[str, int]:
        """Unit -> the highest nonce given out."""
        return MappingProxyType(self._marks)
