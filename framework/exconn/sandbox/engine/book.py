"""One instrument's order book: price levels in order, first come first served within each.

Rules:
- Bids sort from the highest price, asks from the lowest; each level is a queue by time of arrival.
- A level's size is what its orders show. An iceberg whose part is gone shows the next one behind all others.
- Every change of a level's size raises the sequence by one and is reported; nothing else does.
- Resting orders are immutable: an update replaces one in its place, so it keeps its priority.
"""

from abc import abstractmethod
from collections import OrderedDict, deque
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace
from sortedcontainers import SortedDict  # type: ignore[import-untyped]  # it ships no types

from .amounts import ZERO
from .kinds import Side
from .lifecycle import sliced
from .order import Order


class BookSnapshot(Struct, frozen=True):
    """Levels as (price, size), best first, as they stand at `sequence`."""

    symbol: str
    sequence: int
    bids: tuple[tuple[Decimal, Decimal], ...]
    asks: tuple[tuple[Decimal, Decimal], ...]


class LevelChange(Struct, frozen=True):
    """A level's new total size (0: gone), and the sequence after it."""

    side: Side
    price: Decimal
    size: Decimal
    sequence: int


@dataclass(slots=True)
class Level:
    """The orders at one price, oldest first, and the size that they show."""

    price: Decimal
    size: Decimal = ZERO
    queue: OrderedDict[int, Order] = field(default_factory=OrderedDict)


class _Levels(MutableMapping[Decimal, Level]):
    """What is used of a SortedDict."""

    @abstractmethod
    def peekitem(self, index: int) -> tuple[Decimal, Level]:
        """The item at a place of the order."""


class Book:
    """The resting orders of one instrument."""

    __slots__ = ("_sides", "sequence", "symbol")

    def __init__(self, symbol: str, sequence: int = 0) -> None:
        self.symbol = symbol
        self.sequence = sequence
        self._sides: dict[Side, _Levels] = {Side.BUY: SortedDict(), Side.SELL: SortedDict()}

    def add(self, order: Order) -> LevelChange:
        """Queue an order behind all others at its price."""
        levels, key = self._sides[order.side], _key(order)
        level = levels.get(key)
        if level is None:
            level = levels[key] = Level(order.limit)
        level.queue[order.id] = order
        return self._resize(order.side, level, order.shown)

    def replace(self, order: Order) -> LevelChange:
        """Put a smaller version of a resting order in its place; one with nothing left leaves."""
        level = self._sides[order.side][_key(order)]
        left = order.remaining
        before = level.queue[order.id].shown
        if left:
            level.queue[order.id] = order
        else:
            del level.queue[order.id]
        return self._resize(order.side, level, order.shown - before)

    def remove(self, order: Order) -> LevelChange:
        """Take a resting order out."""
        level = self._sides[order.side][_key(order)]
        gone = level.queue.pop(order.id)
        return self._resize(order.side, level, -gone.shown)

    def best(self, side: Side) -> Level | None:
        """The level that trades first, or None when that side is empty."""
        levels = self._sides[side]
        return levels.peekitem(0)[1] if levels else None

    def refill(self, order: Order) -> LevelChange:
        """Queue an iceberg that shows its next part behind all others at its price."""
        level = self._sides[order.side][_key(order)]
        before = level.queue.pop(order.id).shown
        level.queue[order.id] = order
        return self._resize(order.side, level, order.shown - before)

    def takes(self, side: Side) -> Iterator[Order]:
        """What an incoming order meets, by priority, as long as it takes all that is shown: an iceberg comes again,
        as it will be then. The book must not change while this is read."""
        levels = self._sides[side]
        for level in map(levels.__getitem__, levels):
            again: deque[Order] = deque()
            for order in chain(level.queue.values(), _popped(again)):
                yield order
                if order.shown < order.remaining:
                    again.append(sliced(replace(order, filled=order.filled + order.shown)))

    def orders(self, side: Side) -> Iterator[Order]:
        """All resting orders of a side by priority. The book must not change while this is read."""
        for level in self._sides[side].values():
            yield from level.queue.values()

    def top_orders(self, depth: int | None) -> tuple[list[Order], list[Order]]:
        """The orders of the best `depth` levels (all when None), bids and asks, by priority."""
        bids, asks = (islice(self._sides[side].values(), depth) for side in (Side.BUY, Side.SELL))
        return [each for level in bids for each in level.queue.values()], [
            each for level in asks for each in level.queue.values()
        ]

    def all_orders(self) -> list[Order]:
        """All resting orders, bids first, each side by priority."""
        return [*self.orders(Side.BUY), *self.orders(Side.SELL)]

    def snapshot(self, depth: int | None = None) -> BookSnapshot:
        """The best `depth` levels of each side; all of them when None."""
        return BookSnapshot(self.symbol, self.sequence, self._top(Side.BUY, depth), self._top(Side.SELL, depth))

    def _top(self, side: Side, depth: int | None) -> tuple[tuple[Decimal, Decimal], ...]:
        return tuple((level.price, level.size) for level in islice(self._sides[side].values(), depth))

    def _resize(self, side: Side, level: Level, change: Decimal) -> LevelChange:
        level.size += change
        if not level.queue:
            del self._sides[side][-level.price if side is Side.BUY else level.price]
        self.sequence += 1
        return LevelChange(side, level.price, level.size, self.sequence)


def _popped(orders: deque[Order]) -> Iterator[Order]:
    while orders:
        yield orders.popleft()


def _key(order: Order) -> Decimal:
    """Bids are kept under their negative price, so that both sides sort best first."""
    return -order.limit if order.side is Side.BUY else order.limit
