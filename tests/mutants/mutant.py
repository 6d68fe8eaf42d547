"""A mutant: one bug of the catalogue of failures, planted into the market's own code for the length of a block.

Rules: shipped code has no switch for it; what is replaced is named by module and name, and a name that is gone, or that
takes other arguments now, is an error, never a mutant that nobody plants. A wrong version is made from the right one,
and differs from it as a programmer's mistake would. `breaks` are the invariants that say what the bug does: another
one that happens to be broken does not count as catching it.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

Wrong = Callable[[Any], Any]
"""From the right version to the wrong one."""


class NoTarget(Exception):
    """What a mutant replaces is not there any more, or not as it was."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`row`: of the catalogue, or of the requirements of security; `target`: `module:name`, `module:Class.name`, or
    `module:table[Key]` for the entry of a dict whose key has that name; `faults`: the kinds that together show the bug,
    whose seeds come first."""

    row: int | str
    bug: str
    target: str
    breaks: frozenset[str]
    faults: frozenset[str]
    wrong: Wrong

    @property
    def name(self) -> str:
        return self.wrong.__name__


def mutant(
    row: int | str, bug: str, target: str, breaks: Sequence[str], faults: Sequence[str] = ()
) -> Callable[[Wrong], Mutant]:
    """Makes a mutant of a function that takes the right version and gives the wrong one."""
    return lambda wrong: Mutant(row, bug, target, frozenset(breaks), frozenset(faults), wrong)


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """Plant the bug for the block. Raises NoTarget."""
    owner, name, key = _place(mutant.target)
    right = vars(owner)[name] if key is None else getattr(owner, name)[key]
    wrong = mutant.wrong(right)
    _check_alike(mutant, right, wrong)
    _put(owner, name, key, wrong)
    try:
        yield
    finally:
        _put(owner, name, key, right)


def _place(target: str) -> tuple[Any, str, Any]:
    """Owner, name and, for an entry of a table, its key."""
    module, _, path = target.partition(":")
    path, _, key_name = path.removesuffix("]").partition("[")
    *owners, name = path.split(".")
    try:
        owner: Any = importlib.import_module(module)
        for each in owners:
            owner = vars(owner)[each]
        value = vars(owner)[name]
        key = next(each for each in value if each.__name__ == key_name) if key_name else None
    except (ImportError, KeyError, StopIteration):
        raise NoTarget(f"{target} is not there any more: name what has taken its place") from None
    return owner, name, key


def _check_alike(mutant: Mutant, right: Any, wrong: Any) -> None:
    if not callable(right):
        return
    arguments = [list(inspect.signature(each).parameters) for each in (right, wrong)]
    if arguments[0] != arguments[1]:
        raise NoTarget(f"{mutant.target} takes {arguments[0]} now, the mutant {mutant.name} takes {arguments[1]}")
    if inspect.iscoroutinefunction(right) != inspect.iscoroutinefunction(wrong):
        raise NoTarget(f"{mutant.target} and the mutant {mutant.name}: only one of the two is to be awaited")


def _put(owner: Any, name: str, key: Any, value: Any) -> None:
    if key is None:
        setattr(owner, name, value)
    else:
        getattr(owner, name)[key] = value
