"""What an error is the answer to: tables of what was asked, answered and said, each with its second."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import ExchangeError, Meaning
from exconn.market.under_way import PING, SNAPSHOT, SUBSCRIBE, UNSUBSCRIBE, UnderWay
from exconn.model import BookSnapshot, LastPrice

ERROR = ExchangeError("public", Meaning.REJECTED, "7")
BOOK = BookSnapshot(pair="A-B", bids=(), asks=())

# what happened, and what an error at second 5 is then the answer to
STORIES: list[tuple[str, list[tuple[Any, ...]], str | None]] = [
    ("nothing", [], None),
    ("the oldest first", [(UNSUBSCRIBE, 1, "A-B"), (SUBSCRIBE, 1, "A-B")], "unsubscribe A-B"),
    ("one is answered", [(UNSUBSCRIBE, 1, "A-B"), (SUBSCRIBE, 1, "A-B"), ("acknowledged", 2)], "subscribe A-B"),
    ("both are", [(UNSUBSCRIBE, 1, "A-B"), (SUBSCRIBE, 1, "A-B"), ("acknowledged", 2), ("acknowledged", 2)], None),
    ("more answers than frames", [("acknowledged", 1), (SUBSCRIBE, 2, "A-B")], "subscribe A-B"),
    ("too long ago", [(SUBSCRIBE, -5, "A-B")], None),
    ("nearly so", [(SUBSCRIBE, -4.9, "A-B")], "subscribe A-B"),
    ("a ping", [(PING, 1)], "ping"),
    ("a ping that was answered", [(PING, 1), ("pong",)], None),
    ("an answer to a subscription is none to a ping", [(PING, 1), ("acknowledged", 2)], "ping"),
    ("a book", [(SNAPSHOT, 1, "A-B")], "snapshot A-B"),
    ("a book that came", [(SNAPSHOT, 1, "A-B"), ("came", [LastPrice(Decimal(1)), BOOK])], None),
    ("a book of another pair", [(SNAPSHOT, 1, "C-D"), ("came", [BOOK])], "snapshot C-D"),
]


@pytest.mark.parametrize(("story", "answer"), [each[1:] for each in STORIES], ids=[each[0] for each in STORIES])
def test_what_an_error_answers(story: list[tuple[Any, ...]], answer: str | None) -> None:
    under_way = UnderWay(10.0)
    for what, *given in story:
        getattr(under_way, what)(*given) if hasattr(under_way, what) else under_way.asked(what, *given)
    blamed = under_way.blame(ERROR, 5.0)
    assert (None if blamed is None else str(blamed)) == answer


def test_a_pong_after_all() -> None:
    under_way = UnderWay(10.0)
    under_way.asked(PING, 1)
    under_way.blame(ERROR, 2.0)
    assert under_way.pong() is ERROR
    assert under_way.pong() is None


def test_the_pong_of_the_next_ping_says_nothing_of_the_last() -> None:
    under_way = UnderWay(10.0)
    under_way.asked(PING, 1)
    under_way.blame(ERROR, 2.0)
    under_way.asked(PING, 3)
    assert under_way.pong() is None
    assert under_way.pong() is None


def test_what_is_never_answered_is_not_kept() -> None:
    under_way = UnderWay(10.0)
    for second in range(1_000):
        under_way.asked(SUBSCRIBE, float(second), "A-B")
    assert len(under_way.waiting) == 10
