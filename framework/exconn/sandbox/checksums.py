"""Checksums of books: CRC32 over the digits of the best levels, as exchanges of several habits write them.

Rules:
- A checksum is of the exchange's own book: it is worked out before anything comes between that book and a client.
- `asks_bids` goes through one side after the other, `interleaved` through both at once, bid first.
- `stripped` digits are written without the point and without zeros in front; `written` ones are as the channel has
  them. Straight-line and apart from the codec, so that one mistake cannot hide in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from zlib import crc32

Level = tuple[Decimal, Decimal]
Text = Callable[[Decimal], str]


@dataclass(frozen=True, slots=True)
class Checksum:
    """How a channel proves its books: over `levels` a side, joined by a text, unsigned unless said."""

    levels: int
    order: str
    digits: str
    join: str = ""
    signed: bool = False

    def of(self, bids: Sequence[Level], asks: Sequence[Level], price: Text, size: Text) -> int:
        """The checksum of a book, best levels first; `price` and `size` write their digits."""
        return self.of_orders(bids[: self.levels], asks[: self.levels], price, size)

    def of_orders(self, bids: Sequence[Level], asks: Sequence[Level], price: Text, size: Text) -> int:
        """The checksum of all that is given: the orders of the best levels, each as a level would be."""
        write = _strip if self.digits == "stripped" else str
        pieces = [
            write(text) for level in _ORDERS[self.order](bids, asks) for text in (price(level[0]), size(level[1]))
        ]
        value = crc32(self.join.join(pieces).encode())
        return value - (1 << 32) if self.signed and value >= 1 << 31 else value


def _strip(text: str) -> str:
    return text.replace(".", "").lstrip("0")


def _asks_bids(bids: Sequence[Level], asks: Sequence[Level]) -> Iterator[Level]:
    yield from asks
    yield from bids


def _interleaved(bids: Sequence[Level], asks: Sequence[Level]) -> Iterator[Level]:
    for pair in zip_longest(bids, asks):
        yield from (level for level in pair if level is not None)


_ORDERS: dict[str, Callable[[Sequence[Level], Sequence[Level]], Iterator[Level]]] = {
    "asks_bids": _asks_bids,
    "interleaved": _interleaved,
}
ORDERS = tuple(_ORDERS)
DIGITS = ("stripped", "written")
