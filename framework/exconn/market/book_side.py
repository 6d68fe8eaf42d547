"""One side of a book: a dict of price to size, and a heap of the same prices, best first.

Rules: every price of the dict is in the heap exactly once; a zero size is a tombstone, removed from both when it comes
to the top or at a compaction. A dict keeps its insertion order, so after `update` the new prices are its last ones.
"""

from heapq import heapify, heappop, heappush
from itertools import islice
from typing import TypeAlias

from exconn.model import Levels

Level: TypeAlias = tuple[float, float]
_SMALLEST_COMPACTION = 256


class Side:
    """`sign`: 1.0 for asks (lowest first), -1.0 for bids (highest first). `depth`: how many levels are kept, None:
    all.
    """

    __slots__ = ("_compact_at", "_depth", "_heap", "_sign", "_sizes", "_sorted")

    def __init__(self, sign: float, depth: int | None = None) -> None:
        self._sign = sign
        self._depth = depth
        self._sizes: dict[float, float] = {}
        self._heap: list[float] = []
        self._sorted: list[Level] | None = None
        self._compact_at = _SMALLEST_COMPACTION

    def load(self, levels: Levels) -> None:
        self._sizes = dict(levels)
        self._compact()

    def change(self, levels: Levels) -> None:
        sizes = self._sizes
        known = len(sizes)
        sizes.update(levels)
        self._sorted = None
        added = len(sizes) - known
        if not added:
            return
        sign = self._sign
        for price in islice(reversed(sizes), added):
            heappush(self._heap, sign * price)
        if self._depth is not None or len(sizes) > self._compact_at:
            self._compact()

    def _compact(self) -> None:
        """Drop the tombstones, and what lies beyond the depth: the exchange no longer tells its changes."""
        levels = [(price, size) for price, size in self._sizes.items() if size]
        if self._depth is not None and len(levels) > self._depth:
            levels = sorted(levels, key=self._rank)[: self._depth]
        self._sizes = dict(levels)
        self._heap = [self._sign * price for price in self._sizes]
        heapify(self._heap)
        self._sorted = None
        self._compact_at = max(_SMALLEST_COMPACTION, 2 * len(self._sizes))

    def _rank(self, level: Level) -> float:
        return self._sign * level[0]

    def best(self) -> Level | None:
        heap, sizes, sign = self._heap, self._sizes, self._sign
        while heap:
            price = sign * heap[0]
            size = sizes[price]
            if size:
                return price, size
            heappop(heap)
            del sizes[price]
        return None

    def sorted(self) -> list[Level]:
        """All levels, best first; the same list until the next change."""
        if self._sorted is None:
            self._sorted = sorted(((p, size) for p, size in self._sizes.items() if size), key=self._rank)
        return self._sorted
