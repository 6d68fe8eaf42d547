"""Edits of matches: lines, their paths, and what each value must be.

Rules: every line is left out, asks about another path, and asks for another literal, one of another type included; a
list loses each of its words.
"""

from collections.abc import Iterator

from exconn.document import Mapping, Scalar, Sequence

from .edit import Mutant, Site, becomes, removed, renamed
from .paths import elsewhere


def match_mutants(site: Site | None) -> Iterator[Mutant]:
    """Edits of a match; its one line is left out with the match, which a spec may be able to do without."""
    if site is None:
        return
    for line in site.entries():
        yield removed(line)
        yield renamed(site, line, elsewhere(line.name))
        yield from _test_mutants(line)


def _test_mutants(site: Site) -> Iterator[Mutant]:
    if isinstance(site.node, Sequence):
        for item in site.items():
            yield removed(item)
            yield from literal_mutants(item)
    elif isinstance(site.node, Mapping):
        for entry in site.entries():
            yield from _test_mutants(entry)
    else:
        yield from literal_mutants(site)


def literal_mutants(site: Site) -> Iterator[Mutant]:
    """Another literal, and one of another type that is written alike."""
    assert isinstance(site.node, Scalar)
    value = site.node.value
    if isinstance(value, bool):
        yield becomes(site, not value)
    elif isinstance(value, int):
        yield becomes(site, value + 1)
        yield becomes(site, str(value))
    elif isinstance(value, str):
        yield becomes(site, f"{value}x")
        if value.isascii() and value.isdecimal() and str(int(value)) == value:
            yield becomes(site, int(value))
    else:
        yield becomes(site, "x")
