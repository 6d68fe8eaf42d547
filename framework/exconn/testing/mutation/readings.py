"""Edits of records: readings, rows, levels, fees and the matches among them.

Rules: every field is left out, read from nowhere, from its neighbour's place, from the other end of the message, as
another type, with and without `or none`; rows are lost or found elsewhere. A field that its record cannot do without
is not made optional, as its absence is an error of the row either way.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from exconn.document import Findings, Scalar
from exconn.spec.pieces import Cast, Source
from exconn.spec.read import read_reading
from exconn.spec.vocabulary import REQUIRED, WORDS

from .edit import Mutant, Site, becomes, removed
from .matches import match_mutants
from .paths import elsewhere, path_mutants

_ROW_KEYS: Final = ("rows", "shape", "envelope")
_OR_NONE: Final = " or none"
_LEVELS: Final = ("bids", "asks", "levels")
_CASTS: Final = {"s": "ms", "ms": "us", "us": "ms", "ns": "us", "iso": "ms"}
_DROPPED: Final = ("pow10_neg", "negated", "sign", "percent", "prefixed")


class Shapes:
    """For each shape, the records that use it: their kinds, their fields, and whether they have rows."""

    def __init__(self, root: Site) -> None:
        self._uses: dict[str, list[tuple[str, Site]]] = {}
        self._look(root, "")

    def uses(self, shape: str) -> list[tuple[str, Site]]:
        return self._uses.get(shape, [])

    def _look(self, site: Site, kind: str) -> None:
        shape = site.get("shape")
        if shape is not None and shape.text:
            self._uses.setdefault(shape.text, []).append((kind, site))
        for entry in site.entries():
            for item in entry.items():
                self._look(item, entry.name)


def shape_mutants(site: Site, shapes: Shapes) -> Iterator[Mutant]:
    """Edits of a shape; all its records change together."""
    uses = shapes.uses(site.name)
    fields = {entry.name for entry in site.entries()}
    needed = {field for kind, _ in uses for field in _needed(kind, fields)}
    yield from _field_mutants(site, needed, all(use.get("rows") is not None for _, use in uses))


def record_mutants(site: Site, kind: str, root: Site) -> Iterator[Mutant]:
    """Edits of a record, or of each of a list of them."""
    for record in site.items():
        shape = record.get("shape")
        laid = None if shape is None else root.get("shapes", shape.text)
        fields = {entry.name for each in (record, laid) if each is not None for entry in each.entries()}
        yield removed(record)
        yield from path_mutants(record.get("rows"))
        yield from (removed(each) for each in (record.get("rows"), shape, record.get("envelope")) if each is not None)
        yield from _field_mutants(record, _needed(kind, fields), record.get("rows") is not None)


def _needed(kind: str, fields: set[str]) -> set[str]:
    """The fields that alone say what a record of the kind must say."""
    told = [[field for field in choice if field in fields] for choice in REQUIRED.get(kind, ())]
    return {choice[0] for choice in told if len(choice) == 1}


def _field_mutants(record: Site, needed: set[str], has_rows: bool) -> Iterator[Mutant]:
    entries = [entry for entry in record.entries() if entry.name not in _ROW_KEYS]
    for entry in entries:
        yield removed(entry)
        if entry.name in _LEVELS:
            yield from _level_mutants(entry, has_rows)
        elif entry.name == "fee":
            yield from path_mutants(entry.get("rows"), has_rows)
            inner = has_rows or entry.get("rows") is not None
            yield from (each for field in _scalars(entry) for each in reading_mutants(field, inner))
        elif isinstance(entry.node, Scalar):
            yield from reading_mutants(entry, has_rows, may_lack=entry.name not in needed)
        else:
            yield from match_mutants(entry)
    for first, second in pairwise(_scalars(record)):
        yield from _read_from(first, second)
        yield from _read_from(second, first)


def _scalars(site: Site) -> list[Site]:
    """The readings of a table."""
    return [each for each in site.entries() if isinstance(each.node, Scalar) and each.name not in _ROW_KEYS]


def _level_mutants(site: Site, has_rows: bool) -> Iterator[Mutant]:
    yield from path_mutants(site.get("rows"), has_rows)
    for column in ("price", "size"):
        yield from path_mutants(site.get(column))
    side = site.get("side")
    if side is not None:
        yield from reading_mutants(side, True, may_lack=False)
    yield from match_mutants(site.get("gone"))


def _read_from(site: Site, other: Site) -> Iterator[Mutant]:
    """The field is read from the place of another."""
    (path, tail), (theirs, _) = _split(site), _split(other)
    if path and theirs and path != theirs:
        yield becomes(site, f"{theirs}{tail}")


def reading_mutants(site: Site, has_rows: bool, may_lack: bool = True) -> Iterator[Mutant]:
    """Edits of one reading. `may_lack`: that it is absent may be said of it."""
    reading = read_reading(_scalar(site), Findings())
    if reading.source is Source.ALWAYS:
        yield from (becomes(site, f"always {word}") for word in _other_words(reading.word or ""))
    if reading.source is Source.PART:
        yield becomes(site, f"{'base' if reading.word == 'quote' else 'quote'} of symbol")
    if reading.path is None:
        return
    path, tail = _split(site)
    yield becomes(site, f"{elsewhere(path)}{tail}")
    if has_rows:
        yield becomes(site, f"{path[1:] if path.startswith('/') else f'/{path}'}{tail}")
    if reading.cast is not None:
        yield from (becomes(site, f"{path}{other}") for other in _other_tails(reading.cast, tail))
    if reading.or_none:
        yield becomes(site, f"{path}{tail.removesuffix(_OR_NONE)}")
    elif may_lack:
        yield becomes(site, f"{path}{tail}{_OR_NONE}")


def _split(site: Site) -> tuple[str, str]:
    """The path of a reading, and what is said after it; two empty texts of a reading without one."""
    reading = read_reading(_scalar(site), Findings())
    if reading.path is None:
        return "", ""
    start = len("from topic") if reading.source is Source.TOPIC else 0
    end = site.text.index(reading.path.text, start) + len(reading.path.text)
    return site.text[:end], site.text[end:]


def _scalar(site: Site) -> Scalar:
    assert isinstance(site.node, Scalar)
    return site.node


def _other_tails(cast: Cast, tail: str) -> Iterator[str]:
    end = _OR_NONE if tail.endswith(_OR_NONE) else ""
    if cast.name in _CASTS:
        yield f" as {_CASTS[cast.name]}{end}"
    elif cast.name in _DROPPED:
        yield end
    elif cast.arguments:
        *before, last = cast.arguments
        shown = [repr(each) for each in (*before, 1 - last if last in (0, 1) else 0)]
        yield f" as {cast.name}({', '.join(shown)}){end}"


def _other_words(word: str) -> Iterator[str]:
    """One other of our words that could stand there."""
    for words in WORDS.values():
        if word in words:
            yield words[words.index(word) - 1]
