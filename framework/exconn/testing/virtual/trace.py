"""What happened on the memory network, as one running hash: two runs are the same run if their hashes are equal.

Each entry is (virtual nanoseconds, mark, connection number, bytes). Bytes count when they are written, whole. With
`keep`, the entries stay readable, so that two unequal traces can be compared.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

__all__ = ["Mark", "Trace", "TraceEntry", "first_difference"]

Mark = Literal["up", "down", "open", "gone", "refused", "reset", "close"]


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """One entry; `at_ns`: virtual nanoseconds since the world began; `connection` counts from 1 (0: none was made)."""

    at_ns: int
    mark: Mark
    connection: int
    data: bytes


class Trace:
    """A running SHA-256 of everything the network carried."""

    def __init__(self, *, keep: bool = False) -> None:
        self._hash = hashlib.sha256()
        self._count = 0
        self.entries: list[TraceEntry] | None = [] if keep else None

    def __len__(self) -> int:
        return self._count

    def add(self, at: float, mark: Mark, connection: int, data: bytes = b"") -> None:
        """Record one entry, at virtual time `at` in seconds."""
        at_ns = round(at * 1e9)
        self._count += 1
        self._hash.update(f"{at_ns} {mark} {connection} {len(data)}\n".encode())
        self._hash.update(data)
        if self.entries is not None:
            self.entries.append(TraceEntry(at_ns, mark, connection, data))

    def carried(self, mark: Literal["up", "down"]) -> dict[int, bytes]:
        """All bytes of one direction by connection number; ValueError if the entries were not kept."""
        if self.entries is None:
            raise ValueError("this trace keeps only its hash: make the world with keep_trace=True")
        streams: defaultdict[int, bytearray] = defaultdict(bytearray)
        for entry in self.entries:
            if entry.mark == mark:
                streams[entry.connection] += entry.data
        return {number: bytes(stream) for number, stream in streams.items()}

    def hexdigest(self) -> str:
        """The hash of all entries so far."""
        return self._hash.hexdigest()


def first_difference(
    left: Sequence[TraceEntry], right: Sequence[TraceEntry]
) -> tuple[int, TraceEntry | None, TraceEntry | None] | None:
    """Where two kept traces part: index and both entries (None: that trace has ended); None if they are equal."""
    pairs = enumerate(zip_longest(left, right))
    return next(((index, one, other) for index, (one, other) in pairs if one != other), None)
