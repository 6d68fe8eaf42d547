"""What an unquoted scalar means: true, false, null, an integer, or else its own text.

Only one spelling of each is typed, so no reader has to know which version of YAML is meant: `yes`, `NO`, `True`, `~`,
`0123`, `0x1F`, `1_000`, `+5`, `-0`, `12:30:45`, `1.10` and `2024-01-01` are text, exactly as written. An integer
outside 64 signed bits stays text too: it is an identifier, and identifiers keep their digits. Nothing written is
null.
"""

from __future__ import annotations

import re

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
_INTEGER_STARTS = frozenset("-0123456789")
_LEAST, _GREATEST = -(2**63), 2**63 - 1


def read_plain(text: str) -> str | int | bool | None:
    """The value of the plain scalar `text`; never raises."""
    if text in _WORDS:
        return _WORDS[text]
    # Nearly all scalars are words; one look at the first character spares them the grammar.
    if text[0] not in _INTEGER_STARTS or not _INTEGER.fullmatch(text):
        return text
    number = int(text)
    return number if _LEAST <= number <= _GREATEST else text
