"""Books against the sandbox: what is published is the exchange's book at the sequence it claims, whatever is lost."""

import asyncio
from typing import Any

import pytest

from exconn.errors import UsageError
from exconn.market import BookNotLive, MarketSettings, OrderBook
from exconn.market.rest import Rest
from exconn.sandbox import plan_faults
from exconn.sandbox.desk import Desk
from exconn.testing.virtual import World

PAIR = "BTC-USDT"


def mistakes(floor: Any) -> list[str]:
    """Published books that are not the exchange's at their sequence."""
    found = []
    for pair, book in floor.market.order_books.items():
        past = floor.sandbox.book_at(pair, book.uid)
        ours = [[(row.price, row.amount) for row in side] for side in book.snapshot]
        theirs = [[(float(price), float(size)) for price, size in side] for side in (past.bids, past.asks)]
        if ours != theirs:
            found.append(f"{pair} at {book.uid}")
    return found


async def watch(floor: Any, seconds: float) -> dict[str, float]:
    """Compare all books fifty times a second; pair -> how long it was withheld."""
    away: dict[str, float] = {}
    for _ in range(round(seconds * 50)):
        await asyncio.sleep(0.02)
        assert mistakes(floor) == []
        for pair in floor.market.trading_pairs:
            if pair not in floor.market.order_books:
                away[pair] = away.get(pair, 0.0) + 0.02
    return away


# what happens to one frame of BTC-USDT, and which pairs are withheld
FRAMES: list[tuple[str, set[str]]] = [("drop_frame", {PAIR}), ("duplicate_frame", set())]


@pytest.mark.parametrize(("kind", "withheld"), FRAMES)
async def test_a_frame_that_is_lost_or_doubled(
    virtual_world: World, open_floor: Any, kind: str, withheld: set[str]
) -> None:
    async with open_floor(is_alive=True) as floor:
        await watch(floor, 2)
        for _ in range(3):
            faults = floor.sandbox.faults
            faults.play(plan_faults([{"fault": kind, "channel": "book", "symbol": PAIR}], faults.names))
            away = await watch(floor, 3)
            assert set(away) == withheld
            assert away.get(PAIR, 0.0) < 1
            assert floor.market.ready
        assert floor.market.order_book_tracker.streams[0].connects == 1


async def test_starting_what_runs_changes_nothing(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(is_alive=True) as floor:
        streams = floor.market.order_book_tracker.streams
        await floor.market.start_network()
        await watch(floor, 2)
        assert floor.market.order_book_tracker.streams is streams and streams[0].is_live
        faults = floor.sandbox.faults
        faults.play(plan_faults([{"fault": "drop_frame", "channel": "book", "symbol": PAIR}], faults.names))
        assert set(await watch(floor, 3)) == {PAIR}
        assert floor.market.ready


async def test_a_cut_connection_withholds_all_books_until_they_are_in_step(
    virtual_world: World, open_floor: Any
) -> None:
    async with open_floor(is_alive=True) as floor:
        floor.sandbox.close_sockets("public")
        await asyncio.sleep(0.05)
        with pytest.raises(BookNotLive, match="the book of BTC-USDT is withheld: the connection is gone"):
            floor.market.get_order_book(PAIR)
        assert not floor.market.ready
        away = await watch(floor, 5)
        assert max(away.values()) < 3
        assert floor.market.ready


async def test_an_unknown_pair_is_named(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(pairs=(PAIR, "XYZ-USDT"), is_ready=False) as floor:
        with pytest.raises(TimeoutError, match="order_books_initialized; XYZ-USDT is not traded here"):
            await floor.market.wait_ready(5)
        assert floor.market.get_order_book(PAIR).uid
        with pytest.raises(UsageError, match="'ETH-USDT' is not a trading pair of this market; it has BTC-USDT, XYZ"):
            floor.market.get_order_book("ETH-USDT")


async def test_a_pair_that_is_traded_no_more_costs_itself_alone(
    virtual_world: World, open_floor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exchange refuses a whole subscription for one unknown pair."""
    async with open_floor(settings=MarketSettings(rules_every=20)) as floor:
        market = floor.market
        monkeypatch.setattr(Desk, "_is_shown", lambda *_: False)
        rules = floor.sandbox.exchange.instrument("ETH-USDT")
        floor.sandbox.exchange.delist("ETH-USDT", floor.sandbox.now_ns())
        await asyncio.sleep(60)  # read twice before it is believed
        with pytest.raises(BookNotLive, match="the book of ETH-USDT is withheld: it is not traded here any more"):
            market.get_order_book("ETH-USDT")
        floor.sandbox.close_sockets("public")
        await asyncio.sleep(5)
        assert list(market.order_books) == [PAIR] and mistakes(floor) == []
        floor.sandbox.exchange.list_instrument(rules, floor.sandbox.now_ns())
        await asyncio.sleep(60)
        assert list(market.order_books) == [PAIR, "ETH-USDT"] and mistakes(floor) == []


async def test_a_refused_opening_reads_the_rules_which_may_say_why(
    virtual_world: World, open_floor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long before they are read anyway."""
    async with open_floor() as floor:
        market = floor.market
        await asyncio.sleep(60)
        monkeypatch.setattr(Desk, "_is_shown", lambda *_: False)
        floor.sandbox.exchange.delist("ETH-USDT", floor.sandbox.now_ns())
        floor.sandbox.close_sockets("public")
        await asyncio.sleep(1)
        assert list(market.order_books) == []
        await asyncio.sleep(30)
        assert list(market.order_books) == [PAIR] and mistakes(floor) == []


async def test_a_book_that_stays_crossed_is_asked_for_ever_more_seldom(
    virtual_world: World, open_floor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_floor(is_alive=True) as floor:
        asked = [0]
        ask = floor.market._parts.ground.rest.__class__.ask

        async def count(rest: Any, operation: str, *more: Any, **named: Any) -> Any:
            asked[0] += operation == "book_snapshot"
            return await ask(rest, operation, *more, **named)

        with monkeypatch.context() as patched:
            patched.setattr(Rest, "ask", count)
            patched.setattr(OrderBook, "is_crossed", property(lambda book: True))
            await asyncio.sleep(200)
            assert floor.market.order_books == {}
            assert asked[0] < 2 * 30
        await asyncio.sleep(35)
        assert set(floor.market.order_books) == {PAIR, "ETH-USDT"}
