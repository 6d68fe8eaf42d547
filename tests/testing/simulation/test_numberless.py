"""Books without numbers: a published one must be one that the exchange once had, as deep as can be known."""

from collections import Counter
from decimal import Decimal

import pytest

from exconn.codec import BookFacts, Checksum
from exconn.sandbox.engine import BookChanged, Side
from exconn.sandbox.history import EVERY, History
from exconn.testing.simulation.numberless import NumberlessBooks

PAIR = "BTC-USD"
FACTS = BookFacts(
    start="stream",
    chain="none",
    on_gap="resubscribe",
    depth=3,
    checksum=Checksum(algorithm="crc32", levels=1, layout="asks_then_bids", number="digits"),
)
CHANGES = [
    ("buy", 10, 1),
    ("sell", 12, 5),
    ("buy", 9, 2),
    ("sell", 13, 6),
    ("buy", 10, 0),
    ("buy", 8, 3),
    ("buy", 7, 4),
]


def past() -> History:
    history = History(0)
    for number, (side, price, size) in enumerate(CHANGES, 1):
        history.record(BookChanged(PAIR, number, Side(side), Decimal(price), Decimal(size), number), number)
    return history


ASKS = [(12.0, 5.0), (13.0, 6.0)]
KNOWN = [
    ("one of the past", [(10.0, 1.0), (9.0, 2.0)], [(12.0, 5.0)], (), True),
    ("the last one, cut to its depth", [(9.0, 2.0), (8.0, 3.0), (7.0, 4.0)], ASKS, (), True),
    ("a size of none", [(9.0, 2.5), (8.0, 3.0)], ASKS, (), False),
    ("levels of two at once", [(9.0, 2.0), (8.0, 3.0)], [(12.0, 5.0)], (), False),
    ("wrong below the proof, and nothing was lost", [(9.0, 2.0), (8.0, 9.0)], ASKS, (), False),
    ("wrong below the proof after a loss", [(9.0, 2.0), (8.0, 9.0)], ASKS, ("drop_frame",), True),
    ("wrong in the proof after a loss", [(9.0, 2.5), (8.0, 3.0)], ASKS, ("drop_frame",), False),
    ("wrong below the proof after a fault of requests", [(9.0, 2.0), (8.0, 9.0)], ASKS, ("lost",), False),
]


@pytest.mark.parametrize(("what", "bids", "asks", "happened", "is_known"), KNOWN)
def test_a_book_is_one_that_was(
    what: str,
    bids: list[tuple[float, float]],
    asks: list[tuple[float, float]],
    happened: tuple[str, ...],
    is_known: bool,
) -> None:
    books = NumberlessBooks(past(), FACTS, Counter(happened))
    assert (books.difference(PAIR, bids, asks) is None) is is_known, what


def test_an_older_book_is_found_after_a_newer_one() -> None:
    books = NumberlessBooks(past(), FACTS, {})
    newer, older = [(9.0, 2.0), (8.0, 3.0)], [(10.0, 1.0)]
    assert [books.difference(PAIR, newer, ASKS), books.difference(PAIR, older, [])] == [None, None]
    assert books.difference(PAIR, newer, ASKS) is None
    assert books.difference("ETH-USD", [], []) is None


def test_every_book_of_a_long_past_is_walked_through_once() -> None:
    history = History(5)
    for number in range(6, 2 * EVERY + 20):
        history.record(BookChanged(PAIR, number, Side.BUY, Decimal(number), Decimal(1), number), number)
    for start in (0, 5, 6, EVERY + 4, EVERY + 5, EVERY + 6, 2 * EVERY + 19):
        walked = [(sequence, len(sides[Side.BUY])) for sequence, sides in history.walk(PAIR, start)]
        assert walked == [(sequence, sequence - 5) for sequence in range(max(start, 5), 2 * EVERY + 20)]
