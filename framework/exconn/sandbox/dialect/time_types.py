"""Types of time: moments, lengths, and how far a zone is east of UTC.

Rules: a moment is read in ns, whatever its unit on the wire; a length and a zone in seconds. A number of a unit stands
for its first ns, and one that `ends` a span for its last, since moments are shown with what is finer cut off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from .place import Place
from .types import TypeReader
from .wire import UNITS, After, Malformed, as_text, is_digits

_FRACTION = re.compile(r"[0-9]{1,12}\.([0-9]{1,9})")
_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,12}))?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_FAR = 10_000_000_000 * UNITS["s"]
"""A moment past any that is meant (the year 2286): a number that leads beyond it is of a finer unit."""
_ZONE = re.compile(r"([+-]?)([0-9]{1,2})(?::([0-5][0-9]))?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _iso(value: Any, fractions: bool = False, ends: bool = False) -> int:
    """A moment as RFC 3339 writes it, in ns; the last one that its digits may stand for where it `ends` a span, and
    with `fractions` where it has any after the point."""
    found = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is None:
            raise Malformed
        whole = datetime.fromisoformat(f"{found[1]}{'+00:00' if found[3] in 'Zz' else found[3]}")
    except ValueError:
        raise Malformed from None
    digits = found[2] or ""
    filled = "9" if ends or (fractions and digits) else "0"
    return int(whole.timestamp()) * UNITS["s"] + int(digits.ljust(9, filled)[:9])


def _time(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    sent = place.get("sent", "text")
    offsets, fractions, ends = (place.get(name, False) for name in ("offsets", "fractions", "ends"))
    if place.get("unit") == "iso":
        return partial(_iso, fractions=fractions, ends=ends)
    unit = UNITS[place.get("unit")]
    finer = UNITS[place.get("finer", place.get("unit"))]

    def read(value: Any) -> int | After | None:
        text = as_text(value, sent)
        if offsets and text.startswith("+") and is_digits(text[1:], 10):
            return After(int(text[1:]) * unit)
        if offsets and text == "0":
            return None
        if fractions and (found := _FRACTION.fullmatch(text)):  # which stands for all of its last digit
            last = unit // int("1".ljust(len(found[1]) + 1, "0"))
            return int(Decimal(text) * unit) + max(last, 1) - 1
        if not is_digits(text, 19):
            raise Malformed
        step = finer if int(text) * unit > _FAR else unit
        return int(text) * step + (step - 1 if ends else 0)

    return read


def _zone(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    least, most = place.get("least") * 3600, place.get("most") * 3600

    def read(value: Any) -> int:
        found = _ZONE.fullmatch(as_text(value, "either"))
        if found is None:
            raise Malformed
        seconds = int(found[2]) * 3600 + int(found[3] or 0) * 60
        if not least <= (seconds := -seconds if found[1] == "-" else seconds) <= most:
            raise Malformed
        return seconds

    return read


def _duration(place: Place, types: TypeReader) -> Callable[[Any], Any]:
    units: dict[str, int] = place.plain

    def read(value: Any) -> int:
        if not isinstance(value, str) or value[-1:] not in units or not is_digits(value[:-1], 4):
            raise Malformed
        if not 0 < int(value[:-1]) <= units[value[-1]]:
            raise Malformed
        return int(value[:-1]) * _SECONDS[value[-1]]

    return read


TIME_MAKERS: Mapping[str, Callable[[Place, TypeReader], Callable[[Any], Any]]] = {
    "time": _time,
    "zone": _zone,
    "duration": _duration,
}
"""A maker a kind."""
