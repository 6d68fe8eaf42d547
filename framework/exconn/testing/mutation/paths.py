"""Edits of paths: one that leads to nothing, and one that begins elsewhere.

Rules: the last name or index of a path is changed, so that the rest of it is still followed; a path begins at the top
instead of the row, or the other way round, only where the two differ.
"""

import re
from collections.abc import Iterator

from .edit import Mutant, Site, becomes

_INDEX = re.compile(r"\[(\d{1,6})\]$")


def elsewhere(path: str) -> str:
    """The path with its last step changed."""
    found = _INDEX.search(path)
    if found is not None:
        return f"{path[: found.start()]}[{int(found[1]) + 1}]"
    if path.endswith('"'):
        return f'{path[:-1]}x"'
    if path[-1:].isalnum() or path.endswith("_"):
        return f"{path}x"
    return "nothing_of_this_name"


def path_mutants(site: Site | None, has_rows: bool = False) -> Iterator[Mutant]:
    """Edits of a scalar that is a path. `has_rows`: the top is not the row."""
    if site is None:
        return
    yield becomes(site, elsewhere(site.text))
    if has_rows:
        yield becomes(site, site.text.removeprefix("/") if site.text.startswith("/") else f"/{site.text}")
