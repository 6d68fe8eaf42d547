"""All mutants, in the order of the catalogue's rows.

Rules: one mutant a row; the catalogue is the table of how connectors fail (S9: of what security requires), and a row
without a mutant is one that a single market on one exchange cannot show (a second process, a restart, a figure of
memory or of time).
"""

from types import ModuleType

from .mutant import Mutant
from .rows import account, books, cancels, fills, limits, lookups, secrets, states, streams, submit


def _of(module: ModuleType) -> list[Mutant]:
    return [each for each in vars(module).values() if isinstance(each, Mutant)]


_MODULES = (submit, lookups, states, fills, cancels, streams, books, limits, account, secrets)
_ALL = sorted((each for module in _MODULES for each in _of(module)), key=lambda each: str(each.row).rjust(3))
MUTANTS = {each.row: each for each in _ALL}
"""Row -> the mutant."""
