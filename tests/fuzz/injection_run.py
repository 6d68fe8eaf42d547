"""All payloads over all fields, in processes of their own; and the figures of it.

Rules: a process takes a payload with all its fields, since what is taken is also made into one package; the fields are
those of the schema as it is now; the watch is warm before it counts, so that first imports are not noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context

from exconn.spec.schema import load_schema

from .corpus import good_files
from .fields import fields_of
from .injection import Taken, inject
from .payloads import PAYLOADS
from .placing import Spot, spot_in, spot_of

_SHOWN = 20


@dataclass(slots=True)
class Figures:
    """What became of the payloads: how often one was tried and taken, and which fields took one at least once."""

    fields: int
    payloads: int = 0
    tried: int = 0
    taken: int = 0
    packages: int = 0
    takers: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)

    def add(self, result: Taken) -> None:
        self.payloads += 1
        self.tried += result.tried
        self.taken += len(result.spots)
        self.packages += result.packages
        self.takers |= {str(spot.field) for spot in result.spots}
        self.failures += result.failures


@cache
def all_spots() -> tuple[Spot, ...]:
    """The place of every field of a spec."""
    return tuple(spot_of(field) for field in fields_of(load_schema()))


@cache
def spots_by_sort() -> tuple[Spot, ...]:
    """A place for each sort of field, all of them in one file: the shortest that has a field of every sort."""
    for good in sorted(good_files("spec"), key=lambda good: len(good.data)):
        chosen: dict[str, Spot] = {}
        for spot in (spot_in(good, each) for each in fields_of(load_schema())):
            if not spot.grown:
                chosen.setdefault(spot.field.sort, spot)
        if len(chosen) == len({each.sort for each in fields_of(load_schema())}):
            return tuple(chosen.values())
    raise AssertionError("no good file has a field of every sort")


def warm(spots: Sequence[Spot]) -> None:
    """Load what is loaded at first use only: by a text that is taken, and by one that is refused."""
    name = next(spot for spot in all_spots() if spot.field.path == ("name",))
    for text in ("plain", "\x00{"):
        inject(text, [name, *spots])


def inject_all(workers: int) -> Figures:
    """Every payload in every field."""
    figures = Figures(fields=len(all_spots()))
    with get_context("spawn").Pool(workers, _prepare) as pool:
        for result in pool.imap_unordered(_inject, PAYLOADS):
            figures.add(result)
    return figures


def _prepare() -> None:
    warm(spots_by_sort())


def _inject(payload: str) -> Taken:
    return inject(payload, all_spots())


def lines_of(figures: Figures) -> Iterator[str]:
    """The report, line by line; the last line is the verdict."""
    yield f"  {figures.payloads} payloads in {figures.fields} fields: tried {figures.tried:,} times"
    yield f"  taken {figures.taken:,} times, by {len(figures.takers)} fields; {figures.packages:,} packages imported"
    yield from (f"  FAILED {failure}" for failure in figures.failures[:_SHOWN])
    yield f"  {len(figures.failures):,} failures: {'NOT clean' if figures.failures else 'clean'}"
