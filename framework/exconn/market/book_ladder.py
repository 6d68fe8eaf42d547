"""One side of a book that must know its order: a dict of price to size, and its prices in a sorted list.

Rules: for books that are cut to a depth, proved by a checksum or exact; the list always holds the dict's prices, the
lowest first; a size of zero deletes; what lies beyond the depth is dropped with every change, because the exchange no
longer tells its changes, and it would pass for a level when better ones go. Prices may be Decimals: none is computed.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator

from exconn.market.book_side import Level
from exconn.model import Levels


class Ladder:
    """`is_bids`: the highest price is the best. `depth`: how many levels are kept, None: all."""

    __slots__ = ("_depth", "_is_bids", "_prices", "_sizes", "_sorted")

    def __init__(self, is_bids: bool, depth: int | None = None) -> None:
        self._is_bids = is_bids
        self._depth = depth
        self._sizes: dict[float, float] = {}
        self._prices: list[float] = []
        self._sorted: list[Level] | None = None

    def __len__(self) -> int:
        return len(self._prices)

    def __iter__(self) -> Iterator[float]:
        return iter(self._prices)

    def load(self, levels: Levels) -> None:
        self._sizes = {price: size for price, size in dict(levels).items() if size}
        self._prices = sorted(self._sizes)
        self._cut()

    def change(self, levels: Levels) -> None:
        sizes, prices = self._sizes, self._prices
        for price, size in levels:
            if size:
                if price not in sizes:
                    insort(prices, price)
                sizes[price] = size
            elif price in sizes:
                del sizes[price]
                del prices[bisect_left(prices, price)]
        self._cut()

    def _cut(self) -> None:
        self._sorted = None
        if self._depth is None or len(self._prices) <= self._depth:
            return
        beyond = slice(None, -self._depth) if self._is_bids else slice(self._depth, None)
        for price in self._prices[beyond]:
            del self._sizes[price]
        del self._prices[beyond]

    def top(self, count: int) -> list[float]:
        """The best prices, the best first."""
        return self._prices[: -count - 1 : -1] if self._is_bids else self._prices[:count]

    def best(self) -> Level | None:
        if not self._prices:
            return None
        price = self._prices[-1 if self._is_bids else 0]
        return price, self._sizes[price]

    def sorted(self) -> list[Level]:
        """All levels, best first; the same list until the next change."""
        if self._sorted is None:
            self._sorted = [(price, self._sizes[price]) for price in self.top(len(self._prices))]
        return self._sorted
