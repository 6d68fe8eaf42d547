"""The good files that everything grows from: the shipped ones, the imaginary exchanges, the suites' own.

Rules: a file is good or it is not in the corpus, which a test holds; small files come up more often than large ones,
since they say as much in less time; the order is that of the names, so that a seed means the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from .tree import Tree, read_tree

ROOT = Path(__file__).parents[2]
_FOLDERS = ("exchanges", "tests/imaginary", "tests/spec/good", "tests/compile")
_ENDINGS = {".cases": "cases", ".dialect": "dialect", "": "spec"}


@dataclass(frozen=True, slots=True, eq=False)
class Good:
    """One good file. `kind` is spec, cases or dialect; `path` is where it stands, from which samples are found."""

    path: Path
    kind: str
    data: bytes
    tree: Tree


@cache
def good_files(kind: str) -> tuple[Good, ...]:
    """Every good file of a kind, in the order of their names."""
    paths = sorted(path for folder in _FOLDERS for path in (ROOT / folder).glob("*.yaml"))
    found = [path for path in paths if _ENDINGS[Path(path.stem).suffix] == kind]
    return tuple(Good(path, kind, path.read_bytes(), read_tree(path.read_bytes())) for path in found)


def choose(kind: str, source: Random) -> Good:
    """A good file of a kind; half as long is twice as likely."""
    files = good_files(kind)
    return source.choices(files, [1 / len(each.data) for each in files])[0]
