"""A sample of what a process and a market hold, and the verdict over many of them.

Rules: memory is what the process has resident after a collection, with what the allocator holds free given back;
collections are all dicts, lists, sets, deques and queues that can be reached from the market through the framework's
own objects, each by its path; what comes with orders, faults and requests under way is gone when a sample is taken, so
tasks and websockets must be exactly those of the first sample.
"""

import asyncio
import ctypes
import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import msgspec

MEGABYTE = 1 << 20
_SIZED = (dict, list, set, deque)
_OURS = ("exconn.market", "exconn.codec")


@dataclass(frozen=True, slots=True)
class Sample:
    """`hour`: virtual hours since the beginning; `memory` in bytes; `orders` and `fills`:
    in the ledger, of the last hour; `collections`: path -> number of entries."""

    hour: float
    memory: int
    tasks: int
    websockets: int
    connections: int
    orders: int
    fills: int
    collections: dict[str, int]

    @property
    def entries(self) -> int:
        return sum(self.collections.values())


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may grow after `hours`: memory by a share and by bytes, both of which hold; connections of requests, which
    come and go, by a few; a collection by half and a little, as what it holds is random."""

    hours: float = 24.0
    share: float = 0.05
    memory: int = 10 * MEGABYTE
    connections: int = 2
    entries: float = 1.5
    spare: int = 100


def resident() -> int:
    """Bytes of this process, after a collection."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc; elsewhere the figure is a little higher
    if trim is not None:
        trim(0)
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def collections_of(thing: Any) -> dict[str, int]:
    """Path -> number of entries, for every collection that `thing` holds, itself or through parts of the framework."""
    return dict(_walk(thing, type(thing).__name__, {}))


def _walk(thing: Any, path: str, seen: dict[int, None]) -> Iterator[tuple[str, int]]:
    if id(thing) in seen:
        return
    seen[id(thing)] = None
    if isinstance(thing, asyncio.Queue):
        yield path, thing.qsize()
    elif isinstance(thing, _SIZED):
        yield path, len(thing)
        for key, part in enumerate(thing) if isinstance(thing, list) else _items(thing):
            yield from _walk(part, f"{path}[{key}]", seen)
    elif type(thing).__module__.startswith(_OURS) and not isinstance(thing, msgspec.Struct):
        for name in _names(thing):
            yield from _walk(getattr(thing, name, None), f"{path}.{name}", seen)


def _items(thing: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a dict that may hold collections of their own; what comes by the hundred holds none that lasts."""
    return iter(list(thing.items())) if isinstance(thing, dict) and len(thing) < 20 else iter(())


def _names(thing: Any) -> list[str]:
    if is_dataclass(thing):
        return [field.name for field in fields(thing)]
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*slots, *getattr(thing, "__dict__", ())]


def shortfalls(samples: Sequence[Sample], bounds: Bounds) -> list[str]:
    """What falls short of the bounds, one line each. ValueError without a sample after the first `bounds.hours`."""
    early = [sample for sample in samples if sample.hour <= bounds.hours]
    later = [sample for sample in samples if sample.hour > bounds.hours]
    if not early or not later:
        raise ValueError(f"nothing can be said without samples before and after hour {bounds.hours:g}")
    first = samples[0]
    found = [line for sample in samples[1:] for line in _not_flat(first, sample, bounds)]
    return found + list(_grown(early, later, bounds))


def _not_flat(first: Sample, sample: Sample, bounds: Bounds) -> Iterator[str]:
    for name in ("tasks", "websockets"):
        if getattr(sample, name) != getattr(first, name):
            yield f"hour {sample.hour:g}: {getattr(sample, name)} {name}, there were {getattr(first, name)}"
    if sample.connections > first.connections + bounds.connections:
        yield f"hour {sample.hour:g}: {sample.connections} connections, there were {first.connections}"


def _grown(early: Sequence[Sample], later: Sequence[Sample], bounds: Bounds) -> Iterator[str]:
    before, after = early[-1].memory, max(sample.memory for sample in later)
    allowed = min(bounds.share * before, bounds.memory)
    if after - before > allowed:
        grown = f"{(after - before) / MEGABYTE:.1f} MB after hour {early[-1].hour:g}"
        yield f"memory grew by {grown}, {allowed / MEGABYTE:.1f} MB are allowed"
    for path in sorted({path for sample in later for path in sample.collections}):
        most = max(sample.collections.get(path, 0) for sample in early)
        now = max(sample.collections.get(path, 0) for sample in later)
        if now > bounds.entries * most + bounds.spare:
            yield f"{path} grew from {most} entries to {now}"
