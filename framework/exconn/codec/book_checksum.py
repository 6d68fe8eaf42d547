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
from typing import Final, NamedTuple, TypeAlias
from zlib import crc32

from exconn.codec.facts import Checksum

_ROUNDED: Final = Context(rounding=ROUND_HALF_EVEN)


class Decimals(NamedTuple):
    """Decimals of a pair's prices and sizes, by its trading rule; None where the rule does not say."""

    price: int | None
    size: int | None


PieceWriter: TypeAlias = Callable[[object, object], str]
"""The text of one level, of what the wire wrote of price and size; a sign of the size told its side."""
_NumberWriter: TypeAlias = Callable[[str], str]


def piece_writer(rule: Checksum, is_ask: bool, decimals: Decimals) -> PieceWriter:
    """What writes the levels of one side of a pair's book."""
    write_price, write_size = map(_NUMBERS[rule.number], decimals)
    between = f"{rule.join}-" if is_ask and rule.asks == "negative" else rule.join

    def write(price: object, size: object) -> str:
        price_text = price if type(price) is str else wire_text(price)
        size_text = size if type(size) is str else wire_text(size)
        return f"{write_price(price_text)}{between}{write_size(size_text.removeprefix('-'))}"

    return write


def wire_text(value: object) -> str:
    """A number as the wire writes it. The text of a JSON number below 0.000001 that was decoded as a Decimal has an
    exponent, as those have that JavaScript writes."""
    return str(value) if type(value) is not Decimal else str(value).replace("E", "e")


def checksum_of(rule: Checksum, bids: Sequence[str], asks: Sequence[str]) -> int:
    """The checksum of the pieces of the best levels, each side with the best first, at most `rule.levels` of them."""
    return _ALGORITHMS[rule.algorithm](rule.join.join(_LAYOUTS[rule.layout](bids, asks)).encode())


def _digits(text: str) -> str:
    plain = format(Decimal(text), "f") if "e" in text or "E" in text else text
    return plain.replace(".", "").lstrip("0")


def _padded_to(decimals: int | None) -> _NumberWriter:
    if decimals is None:
        return _digits
    point = slice(-decimals - 1, -decimals)

    def write(text: str) -> str:
        if text[point] == "." and (digits := text.replace(".", "")).isdigit():
            return digits.lstrip("0")  # it has its decimals, as exchanges mostly write them
        if "e" not in text and "E" not in text:
            whole, _, part = text.partition(".")
            if len(part) <= decimals:
                return (whole + part.ljust(decimals, "0")).lstrip("0")
        with localcontext(_ROUNDED):  # format rounds as the thread does, which another library may have changed
            return _digits(format(Decimal(text), f".{decimals}f"))

    return write


def _signed(data: bytes) -> int:
    return (crc32(data) ^ 0x80000000) - 0x80000000


def _in_turns(bids: Sequence[str], asks: Sequence[str]) -> list[str]:
    return [piece for level in zip_longest(bids, asks) for piece in level if piece is not None]


_NUMBERS: Final = MappingProxyType[str, Callable[[int | None], _NumberWriter]](
    {"wire": lambda decimals: str, "digits": lambda decimals: _digits, "digits_padded": _padded_to}
)
_LAYOUTS: Final = MappingProxyType[str, Callable[[Sequence[str], Sequence[str]], list[str]]](
    {
        "asks_then_bids": lambda bids, asks: [*asks, *bids],
        "bids_then_asks": lambda bids, asks: [*bids, *asks],
        "interleaved": _in_turns,
    }
)
_ALGORITHMS: Final = MappingProxyType[str, Callable[[bytes], int]]({"crc32": crc32, "crc32_signed": _signed})
