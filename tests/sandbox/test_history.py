"""The books as they were: every sequence number, by a replay of its own."""

from decimal import Decimal
from random import Random

from exconn.sandbox.engine import BookChanged, Side
from exconn.sandbox.history import EVERY, History

FIRST = 1_000


def test_every_book_is_what_its_changes_make_of_it_then_and_later() -> None:
    chance, history = Random(7), History(FIRST)
    sides: dict[Side, dict[Decimal, Decimal]] = {Side.BUY: {}, Side.SELL: {}}
    books = [((), ())]
    for n in range(1, 3 * EVERY):
        side, price, size = chance.choice(list(Side)), Decimal(chance.randint(1, 40)), Decimal(chance.randint(0, 3))
        history.record(BookChanged("A-B", FIRST + n, side, price, size, n), n)
        sides[side] = {key: value for key, value in {**sides[side], price: size}.items() if value}
        bids, asks = sorted(sides[Side.BUY].items(), reverse=True), sorted(sides[Side.SELL].items())
        books.append((tuple(bids), tuple(asks)))
        latest = history.book("A-B", FIRST + n)
        assert latest is not None and (latest.bids, latest.asks) == books[-1]
        assert history.book("A-B", FIRST + n + 1) is None
    past = [history.book("A-B", FIRST + n) for n in range(len(books))]
    assert [each and (each.bids, each.asks) for each in past] == books
