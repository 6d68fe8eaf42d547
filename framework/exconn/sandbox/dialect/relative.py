"""Prices relative to the market, as clients write them: `+5`, `-5`, `#5`, each perhaps with `%`; or a bare number.

What they come to is the action's matter (`actions.prices`); this is only how they are read. ASCII digits, no exponent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_RELATIVE = re.compile(r"(?P<sign>[-+#]?)(?P<left>[0-9]+)(?:\.(?P<right>[0-9]+))?(?P<percent>%?)")


@dataclass(frozen=True, slots=True)
class Relative:
    """A price as an offset: its sign is `+`, `-`, `#` (whichever way the order waits), or none for a price itself."""

    amount: Decimal
    sign: str = ""
    percent: bool = False


def read_relative(text: str, whole: int, places: int) -> Relative | None:
    """Such a price, with at most so many digits before and after its point; None where the text is none."""
    found = _RELATIVE.fullmatch(text)
    if found is None or len(found["left"]) > whole or len(found["right"] or "") > places:
        return None
    return Relative(Decimal(text.strip("-+#%")), found["sign"], bool(found["percent"]))
