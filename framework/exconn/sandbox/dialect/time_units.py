"""Units of moments that a client may ask for: by a header of a request, or by the address of a websocket.

Rules:
- What is asked for holds for moments that no suffix of a template writes otherwise.
- A word that is none is refused before anything else of a request is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .meanings import Refused
from .place import Place


@dataclass(frozen=True, slots=True)
class TimeUnits:
    """The names of the header and of the parameter, and the unit that each of their words stands for."""

    header: str = ""
    query: str = ""
    words: Mapping[str, str] | None = None

    def asked(self, values: Mapping[str, str], name: str) -> str | None:
        """The unit that a header or a parameter asks for, None without it. Refused: time_unit."""
        word = values.get(name) if self.words is not None else None
        if word is None or self.words is None:
            return None
        if word not in self.words:
            raise Refused("time_unit", field=name)
        return self.words[word]


def build_time_units(place: Place) -> TimeUnits:
    """The section `time_units`, if there is one."""
    return TimeUnits(**place.get("time_units", {}))
