"""One side of a book: a dict of price to size, and a heap of the same prices, best first.

Rules: every price of the dict is in the heap exactly once; a zero size is a tombstone, removed from both when it comes
to the top or at a compaction. A dict keeps its insertion order, so after `update` the new prices are its last ones. An
update costs O(changed levels), the best price O(1) amortised; the sorted view is made when it is asked for.
"""

from heapq import heapify, heappop, heappush
from itertools import islice
from typing import TypeAlias

from exconn.model import Levels

Level: TypeAlias = tuple[float, float]
_SMALLEST_COMPACTION = 256


class Side:
    """`sign`: 1.0 for asks (lowest first), -1.0 for bids (highest first)."""

    __slots__ = ("_best", "_compact_at", "_heap", "_sign", "_sizes", "_sorted")

    def __init__(self, sign: float) -> None:
        self._sign = sign
        self._sizes: dict[float, float] = {}
        self._heap: list[float] = []
        self._sorted: list[Level] | None = None
        self._best: Level | None = None
        self._compact_at = _SMALLEST_COMPACTION

    def load(self, levels: Levels) -> None:
        self._sizes = dict(levels)
        self._compact()

    def change(self, levels: Levels) -> None:
        sizes = self._sizes
        known = len(sizes)
        sizes.update(levels)
        self._sorted = self._best = None
        added = len(sizes) - known
        if added:
            heap, sign = self._heap, self._sign
            for price in islice(reversed(sizes), added):
                heappush(heap, sign * price)
            if len(sizes) > self._compact_at:
                self._compact()

    def _compact(self) -> None:
        """Drop the tombstones."""
        self._sizes = {price: size for price, size in self._sizes.items() if size}
        self._heap = [self._sign * price for price in self._sizes]
        heapify(self._heap)
        self._sorted = self._best = None
        self._compact_at = max(_SMALLEST_COMPACTION, 2 * len(self._sizes))

    def best(self) -> Level | None:
        """The best level, looked for once after a change."""
        if self._best is not None:
            return self._best
        heap, sizes, sign = self._heap, self._sizes, self._sign
        while heap:
            price = sign * heap[0]
            size = sizes[price]
            if size:
                self._best = price, size
                return self._best
            heappop(heap)
            del sizes[price]
        return None

    def _rank(self, level: Level) -> float:
        return self._sign * level[0]

    def sorted(self) -> list[Level]:
        """All levels, best first; the same list until the next change."""
        if self._sorted is None:
            self._sorted = sorted(((p, size) for p, size in self._sizes.items() if size), key=self._rank)
        return self._sorted
