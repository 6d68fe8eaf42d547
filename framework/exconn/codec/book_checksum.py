"""The checksum of a book: a number over the texts of its best levels, as the exchange computes it.

Rules: every level gives one piece of text, price and size with `join` between them, and the pieces are joined by the
same; asks then bids, or in turns beginning with the best bid, where a side that is out of levels is passed over; a
number is its own text on the wire, or its digits without the point and the zeros in front, padded to the pair's
decimals first where the exchange pads. Nothing here holds a book.
"""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from itertools import zip_longest
from types import MappingProxyType
from typing import Final, NamedTuple
from zlib import crc32

from exconn.codec.facts import Checksum

_ROUNDED: Final = Context(rounding=ROUND_HALF_EVEN)


class Decimals(NamedTuple):
    """Decimals of a pair's prices and sizes, by its trading rule; None where the rule does not say."""

    price: int | None
    size: int | None


def level_piece(rule: Checksum, price: str, size: str, is_ask: bool, decimals: Decimals) -> str:
    """The text of one level, from the wire's own texts."""
    number = _NUMBERS[rule.number]
    sign = "-" if is_ask and rule.asks == "negative" else ""
    return f"{number(price, decimals.price)}{rule.join}{sign}{number(size, decimals.size)}"


def checksum_of(rule: Checksum, bids: Sequence[str], asks: Sequence[str]) -> int:
    """The checksum of the pieces of the best levels, each side with the best first, at most `rule.levels` of them."""
    return _ALGORITHMS[rule.algorithm](rule.join.join(_LAYOUTS[rule.layout](bids, asks)).encode())


def _wire(text: str, decimals: int | None) -> str:
    return text


def _digits(text: str, decimals: int | None) -> str:
    plain = format(Decimal(text), "f") if "e" in text or "E" in text else text
    return plain.replace(".", "").lstrip("0")


def _padded(text: str, decimals: int | None) -> str:
    whole, _, part = text.partition(".")
    if decimals is not None and len(part) <= decimals and "e" not in text and "E" not in text:
        return (whole + part.ljust(decimals, "0")).lstrip("0")
    if decimals is None:
        return _digits(text, decimals)
    with localcontext(_ROUNDED):  # format rounds as the thread does, which another library may have changed
        return _digits(format(Decimal(text), f".{decimals}f"), decimals)


def _signed(data: bytes) -> int:
    return (crc32(data) ^ 0x80000000) - 0x80000000


def _in_turns(bids: Sequence[str], asks: Sequence[str]) -> list[str]:
    return [piece for level in zip_longest(bids, asks) for piece in level if piece is not None]


_NUMBERS: Final = MappingProxyType[str, Callable[[str, int | None], str]](
    {"wire": _wire, "digits": _digits, "digits_padded": _padded}
)
_LAYOUTS: Final = MappingProxyType[str, Callable[[Sequence[str], Sequence[str]], list[str]]](
    {
        "asks_then_bids": lambda bids, asks: [*asks, *bids],
        "bids_then_asks": lambda bids, asks: [*bids, *asks],
        "interleaved": _in_turns,
    }
)
_ALGORITHMS: Final = MappingProxyType[str, Callable[[bytes], int]]({"crc32": crc32, "crc32_signed": _signed})
