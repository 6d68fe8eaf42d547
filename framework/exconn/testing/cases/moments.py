"""Moments as cases write them: an integer and its unit, `1767225600262 ms`, just as the documents give them.

Rules: the unit always stands there, because a wrong unit is the commonest mistake; equal moments are equal in any unit;
a moment is shown in the unit that was asked for, where it has no fraction in it.
"""

import re
from dataclasses import dataclass
from typing import Final

_UNITS: Final = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
FORM: Final = "^(0|[1-9][0-9]{0,19}) (s|ms|us|ns)$"
_READ = re.compile(FORM).fullmatch


@dataclass(frozen=True, slots=True)
class Moment:
    """Nanoseconds since 1970."""

    ns: int

    def show(self, unit: str = "s") -> str:
        """The moment in `unit`, or in the greatest one that shows all of it."""
        order = [unit, *(each for each in _UNITS if each != unit)]
        fitting = next(each for each in order if self.ns % _UNITS[each] == 0)
        return f"{self.ns // _UNITS[fitting]} {fitting}"


def read_moment(text: str) -> Moment | None:
    """The moment that `text` writes, None where it has not the form."""
    found = _READ(text)
    return None if found is None else Moment(int(found[1]) * _UNITS[found[2]])


def unit_of(text: str) -> str:
    return text.rpartition(" ")[2] if _READ(text) else "s"
