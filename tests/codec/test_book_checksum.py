"""Checksums of books: the worked examples of exchanges' own documents, each layout and way of writing numbers."""

import zlib
from decimal import ROUND_CEILING, Context, Decimal, localcontext

import pytest

from exconn.codec.book_checksum import Decimals, checksum_of, piece_writer
from exconn.codec.facts import Checksum

Rows = list[tuple[str, str]]

# https://docs.kraken.com/api/docs/guides/spot-ws-book-v2
V2_BIDS: Rows = [
    ("45283.5", "0.10000000"),
    ("45283.4", "1.54582015"),
    ("45282.1", "0.10000000"),
    ("45281.0", "0.10000000"),
    ("45280.3", "1.54592586"),
    ("45279.0", "0.07990000"),
    ("45277.6", "0.03310103"),
    ("45277.5", "0.30000000"),
    ("45277.3", "1.54602737"),
    ("45276.6", "0.15445238"),
]
V2_ASKS: Rows = [
    ("45285.2", "0.00100000"),
    ("45286.4", "1.54571953"),
    ("45286.6", "1.54571109"),
    ("45289.6", "1.54560911"),
    ("45290.2", "0.15890660"),
    ("45291.8", "1.54553491"),
    ("45294.7", "0.04454749"),
    ("45296.1", "0.35380000"),
    ("45297.5", "0.09945542"),
    ("45299.5", "0.18772827"),
]
# https://docs.kraken.com/api/docs/guides/spot-ws-book-v1
V1_BIDS: Rows = [
    (f"0.0{price}", "0.00000500") for price in (5000, 4995, 4990, 4980, 4975, 4970, 4965, 4960, 4955, 4950)
]
V1_ASKS: Rows = [(f"0.0{price}", "0.00000500") for price in range(5005, 5051, 5)]

DIGITS = Checksum(algorithm="crc32", levels=10, layout="asks_then_bids", number="digits")
PADDED = Checksum(algorithm="crc32", levels=10, layout="asks_then_bids", number="digits_padded")
IN_TURNS = Checksum(algorithm="crc32_signed", levels=25, layout="interleaved", number="wire", join=":")
NEGATIVE = Checksum(algorithm="crc32_signed", levels=25, layout="interleaved", number="wire", join=":", asks="negative")
BIDS_FIRST = Checksum(algorithm="crc32", levels=10, layout="bids_then_asks", number="digits")


def shortened(rows: Rows) -> Rows:
    """The numbers as a JSON encoder of floats would write them."""
    return [(repr(float(price)), repr(float(size))) for price, size in rows]


@pytest.mark.parametrize(
    ("rule", "bids", "asks", "checksum"),
    [
        (DIGITS, V2_BIDS, V2_ASKS, 3310070434),
        (DIGITS, V1_BIDS, V1_ASKS, 974947235),
        (PADDED, shortened(V2_BIDS), shortened(V2_ASKS), 3310070434),
        # the examples of OKEX's documents of 2019, whose checksum is unchanged since
        (IN_TURNS, [("3366.1", "7"), ("3366", "6")], [("3366.8", "9"), ("3368", "8")], -1881014294),
        (IN_TURNS, [("3366.1", "7")], [("3366.8", "9"), ("3368", "8"), ("3372", "8")], 831078360),
        (IN_TURNS, [("3366.1", "7")], [], zlib.crc32(b"3366.1:7") - 2**32),
        # https://docs.bitfinex.com/docs/ws-websocket-checksum, step by step; the sum is zlib's
        (NEGATIVE, [("6000", "1"), ("5900", "0.5")], [("6100", "2")], zlib.crc32(b"6000:1:6100:-2:5900:0.5") - 2**32),
        # https://docs.btcmarkets.net: bids first
        (BIDS_FIRST, [("99.81", "1.2")], [("100", "3.2")], zlib.crc32(b"99811210032")),
        (DIGITS, [("1e-7", "5E+1")], [], zlib.crc32(b"150")),
        (DIGITS, [], [], 0),
    ],
)
def test_a_checksum(rule: Checksum, bids: Rows, asks: Rows, checksum: int) -> None:
    decimals = Decimals(1, 8) if rule is PADDED else Decimals(None, None)
    sides = [
        [piece_writer(rule, is_ask, decimals)(*row) for row in rows] for is_ask, rows in ((False, bids), (True, asks))
    ]
    assert checksum_of(rule, *sides) == checksum


@pytest.mark.parametrize(
    ("text", "decimals", "digits"),
    [
        ("0.5", 2, "50"),
        ("0.50", 2, "50"),
        ("5.", 0, "5"),
        ("12", 0, "12"),
        ("12.5e-3", 2, "1"),
        ("1.5e3", 2, "150000"),
        ("0.05", 2, "5"),
        ("12", 2, "1200"),
        ("0.126", 2, "13"),
        ("1e-05", 8, "1000"),
        ("1.5E-7", 8, "15"),
        ("1.50", None, "150"),
        ("0", 3, ""),
    ],
)
def test_digits_of_numbers_however_they_are_written(text: str, decimals: int | None, digits: str) -> None:
    assert piece_writer(PADDED, False, Decimals(decimals, 0))(text, "0") == digits


@pytest.mark.parametrize(
    ("price", "size", "piece"),
    [
        ("0.10", "1.50", "0.10:-1.50"),
        ("0.10", "-1.50", "0.10:-1.50"),  # a sign on the wire told the side, and the checksum has its own
        (Decimal("45281.0"), 7, "45281.0:-7"),
        (Decimal("1e-7"), Decimal("0.0000100"), "1e-7:-0.0000100"),
        (Decimal("5E-8"), Decimal("-2"), "5e-8:-2"),
    ],
)
def test_the_wires_own_texts(price: object, size: object, piece: str) -> None:
    assert piece_writer(NEGATIVE, True, Decimals(None, None))(price, size) == piece


def test_numbers_are_padded_as_far_as_the_decimals_are_known() -> None:
    assert piece_writer(PADDED, True, Decimals(2, None))("0.5", "1") == "501"


def test_what_another_library_did_to_decimal_changes_no_digit() -> None:
    with localcontext(Context(rounding=ROUND_CEILING)):
        assert piece_writer(PADDED, False, Decimals(2, 0))("0.125", "1") == "121"
