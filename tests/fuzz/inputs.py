"""Which input has which number: a seed and a number always mean the same bytes.

Rules: of a hundred numbers, the same ones are always of the same sort; bombs come in the order of their list, whole at
first and at random scales after; the sort says how an input is made, the kind of what sort of file it is meant to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from .corpus import ROOT
from .document_bombs import DOCUMENT_BOMBS
from .language_bombs import LANGUAGE_BOMBS
from .soup import random_bytes, tokens
from .structure import mutant

BOMBS: Final = {**DOCUMENT_BOMBS, **LANGUAGE_BOMBS}
SORTS: Final = {"bytes": 18, "tokens": 27, "structure": 54, "bomb": 1}
_KINDS: Final = {"spec": 90, "cases": 5, "dialect": 5}
_MAKERS: Final = {"bytes": random_bytes, "tokens": tokens, "structure": mutant}


@dataclass(frozen=True, slots=True)
class Input:
    """One input; `file` is the name it has in findings, in a folder where its samples would be."""

    number: int
    sort: str
    what: str
    data: bytes
    file: str


def make_input(seed: int, number: int) -> Input:
    """The input of this number."""
    source = Random(f"{seed} {number}")
    sort = _sort_of(number)
    if sort == "bomb":
        turn, at = divmod(number // 100, len(BOMBS))
        name = list(BOMBS)[at]
        data = BOMBS[name](1.0 if turn == 0 else source.random())
        return Input(number, sort, name, data, _file("spec"))
    kind = source.choices(list(_KINDS), list(_KINDS.values()))[0]
    return Input(number, sort, kind, _MAKERS[sort](kind, source), _file(kind))


def _sort_of(number: int) -> str:
    at = number % 100
    for sort, share in SORTS.items():
        if at < share:
            return sort
        at -= share
    raise AssertionError("the shares make up a hundred")


def _file(kind: str) -> str:
    ending = "" if kind == "spec" else f".{kind}"
    return (
        str(Path("exchanges") / f"fuzzed{ending}.yaml")
        if kind != "cases"
        else str(ROOT / "exchanges/fuzzed.cases.yaml")
    )
