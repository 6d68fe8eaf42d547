"""Pairs that the cases use and give no symbol for: what a codec says of them, told with the cure of a file of cases.

Rules: a market learns its symbols from the trading rules, a case from `symbols` of its file, so the codec's own advice
is of no use here and is left out; the words looked for are those of `exconn.codec`, and a test holds the two together.
"""

import re
from typing import Final

from exconn.spec import Spec

_TAIL: Final = ": load the trading rules, then use one of theirs (BASE-QUOTE)"
_WRITTEN: Final = re.compile(r"unknown trading pair \W*([A-Z0-9]+-[A-Z0-9]+)")
_READ: Final = re.compile(r"([A-Za-z0-9._:/-]*)\W* is no known symbol\.(\w+)")


def in_terms_of_cases(why: str) -> str:
    """A difference without the advice that is meant for traders."""
    return why.replace(_TAIL, "")


def symbol_hint(why: str, spec: Spec, file: str) -> str | None:
    """The symbols to add to the cases in `file`; None where the difference is about something else."""
    written, read = _WRITTEN.search(why), _READ.search(why)
    if written is not None:
        return _hint(dict.fromkeys(spec.symbols, (written[1], "...")), file)
    if read is not None:
        return _hint({read[2]: ("BASE-QUOTE", read[1] or "...")}, file)
    return None


def _hint(symbols: dict[str, tuple[str, str]], file: str) -> str:
    forms = ", ".join(f"{form}: {{{pair}: {symbol}}}" for form, (pair, symbol) in symbols.items())
    return f"say what the exchange calls the pair at the top of {file}: symbols: {{{forms}}}"
