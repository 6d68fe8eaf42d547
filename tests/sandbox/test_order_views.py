"""What subscribers to a book's orders are told, so that a queue that appends, changes and deletes stays the book's."""

from decimal import Decimal

import pytest

from exconn.sandbox.book_orders import BookOrder, BookOrdersRow
from exconn.sandbox.order_views import OrderViews

Orders = list[tuple[int, int, int]]
PLACE = (1, "BTC-USD")


def _row(bids: Orders, asks: Orders) -> BookOrdersRow:
    """Orders as (id, price, amount), best first."""
    sides = [
        [BookOrder("BTC-USD", number, Decimal(price), Decimal(amount), number) for number, price, amount in side]
        for side in (bids, asks)
    ]
    return BookOrdersRow("BTC-USD", sides[0], sides[1], 9)


CHANGES: list[tuple[str, Orders, Orders, list[tuple[str, int, int]]]] = [
    ("nothing", [(1, 10, 5)], [(1, 10, 5)], []),
    ("a new one", [(1, 10, 5)], [(1, 10, 5), (2, 10, 3)], [("add", 2, 3)]),
    ("one that fills", [(1, 10, 5), (2, 10, 3)], [(1, 10, 4), (2, 10, 3)], [("modify", 1, 4)]),
    ("one that is gone", [(1, 10, 5), (2, 10, 3)], [(2, 10, 3)], [("delete", 1, 5)]),
    ("one that lost its place", [(1, 10, 5), (2, 10, 3)], [(2, 10, 3), (1, 10, 6)], [("delete", 1, 5), ("add", 1, 6)]),
    ("the last, refilled", [(1, 10, 5), (2, 10, 1)], [(1, 10, 5), (2, 10, 3)], [("modify", 2, 3)]),
    (
        "behind a new one",
        [(1, 10, 5)],
        [(2, 10, 3), (1, 10, 5)],
        [("delete", 1, 5), ("add", 2, 3), ("add", 1, 5)],
    ),
    ("at another price", [(1, 10, 5)], [(1, 9, 5)], [("delete", 1, 5), ("add", 1, 5)]),
    ("a level that falls out", [(1, 10, 5), (2, 9, 3)], [(3, 11, 1), (1, 10, 5)], [("add", 3, 1)]),
    ("a level that comes in", [(1, 10, 5), (2, 9, 3)], [(2, 9, 3), (4, 8, 7)], [("delete", 1, 5), ("add", 4, 7)]),
    ("a level that is gone for good", [(1, 10, 5), (2, 9, 3)], [(1, 10, 5)], [("delete", 2, 3)]),
    (
        "one that moves up as its old level falls out",
        [(1, 10, 5), (2, 9, 3)],
        [(2, 11, 3), (1, 10, 5)],
        [("delete", 2, 3), ("add", 2, 3)],
    ),
    ("all", [(1, 10, 5), (2, 9, 3)], [], [("delete", 1, 5), ("delete", 2, 3)]),
]


@pytest.mark.parametrize(("before", "after", "told"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_what_is_told_of_two_levels(before: Orders, after: Orders, told: list[tuple[str, int, int]]) -> None:
    views = OrderViews()
    views.begin(PLACE, _row(before, []))
    row = views.advance(PLACE, _row(after, []), 2)
    assert [(each.event, each.id, each.amount) for each in (row.bids if row else ())] == told
    assert row is None or row.asks == []


def test_asks_fall_out_above() -> None:
    views = OrderViews()
    views.begin(PLACE, _row([], [(1, 10, 5), (2, 11, 3)]))
    row = views.advance(PLACE, _row([], [(3, 9, 1), (1, 10, 5)]), 2)
    assert row is not None
    assert [(each.event, each.id) for each in row.asks] == [("add", 3)]


def test_a_book_that_nobody_follows_tells_nothing() -> None:
    assert OrderViews().advance(PLACE, _row([(1, 10, 5)], []), 2) is None
