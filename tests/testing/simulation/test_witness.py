"""A witness that cannot fail proves nothing: it sees each kind of wrong book, and each outage."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from exconn.market import OrderBook
from exconn.model import BookUpdate
from exconn.testing.simulation import BookWitness, market_in, venue
from exconn.testing.virtual import World

PAIR = "BTC-USDT"


def misstate_a_size(book: OrderBook) -> None:
    price, _ = book.best_bid or (0.0, 0.0)
    book.apply_diffs(BookUpdate(bids=[(price, 123.0)], asks=[], pair=PAIR, last_id=book.uid))


def add_a_level(book: OrderBook) -> None:
    book.apply_diffs(BookUpdate(bids=[], asks=[(999999.0, 1.0)], pair=PAIR, last_id=book.uid))


def claim_too_much(book: OrderBook) -> None:
    book.last_diff_uid += 1_000_000


@pytest.mark.parametrize(
    ("spoil", "says"),
    [(misstate_a_size, "bids at "), (add_a_level, "asks at "), (claim_too_much, "which the exchange's book never had")],
)
@pytest.mark.virtual
async def test_a_wrong_book_is_seen(
    virtual_world: World, files: Any, spoil: Callable[[OrderBook], None], says: str
) -> None:
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange,
        market_in(virtual_world, files.codec, [PAIR]) as market,
    ):
        witness = BookWitness(exchange, market, virtual_world.time)
        with witness.watching():
            await market.wait_ready(10)
            await asyncio.sleep(2)
            assert (witness.differences, witness.outages) == ([], [])
            assert witness.compared > 3
            spoil(market.order_books[PAIR])
            witness.look(PAIR)
        assert len(witness.differences) == 1
        assert says in witness.differences[0]


@pytest.mark.virtual
async def test_an_outage_has_a_beginning_an_end_and_the_diffs_between(virtual_world: World, files: Any) -> None:
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange,
        market_in(virtual_world, files.codec, [PAIR]) as market,
    ):
        witness = BookWitness(exchange, market, virtual_world.time)
        with witness.watching():
            await market.wait_ready(10)
            await asyncio.sleep(2)  # the first diffs are older than the snapshot: losing one would be no loss
            exchange.take_down("/v1/book")
            exchange.drop_diff(PAIR)
            await asyncio.sleep(5)
            (outage,) = witness.open_outages()
            exchange.faults.clear()
            await asyncio.sleep(20)
        assert witness.open_outages() == []
        assert outage.ended is not None and outage.ended > outage.began + 3
        assert len(outage.diffs) > 5
        assert outage.next_diff(outage.began) == outage.began
        assert outage.next_diff(outage.ended + 1) is None
        assert PAIR in market.order_books


@pytest.mark.virtual
async def test_a_withheld_book_is_not_compared(virtual_world: World, files: Any) -> None:
    async with venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange:
        market = market_in(virtual_world, files.codec, [PAIR])
        witness = BookWitness(exchange, market, virtual_world.time)
        witness.look(PAIR)
        assert (witness.compared, witness.differences) == (0, [])
