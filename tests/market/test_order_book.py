"""The book against a plain sorted model, and the contract's queries by a table."""

import math
import random
from decimal import Decimal
from typing import Any

import pytest

from exconn.market.book_ladder import Ladder
from exconn.market.book_side import Side
from exconn.market.order_book import EmptySide, OrderBook, OrderBookRow
from exconn.model import BookSnapshot, BookUpdate, Levels, OrderBookTradeEvent, TradeType

D = Decimal
BIDS = [(99.0, 1.0), (98.0, 2.0), (97.0, 4.0)]
ASKS = [(101.0, 1.0), (103.0, 2.0), (102.0, 3.0)]


def book(**options: Any) -> OrderBook:
    made = OrderBook(**options)
    made.apply_snapshot(BookSnapshot(bids=BIDS, asks=ASKS, last_id=7))
    return made


def change(bids: Levels, asks: Levels, last_id: int | None = None) -> BookUpdate:
    return BookUpdate(bids=bids, asks=asks, last_id=last_id)


def test_a_snapshot_replaces_all_and_is_read_best_first() -> None:
    made = book()
    assert [(row.price, row.amount) for row in made.bid_entries()] == BIDS
    assert next(made.ask_entries()) == OrderBookRow(101.0, 1.0, 7)
    assert (made.best_bid, made.best_ask, made.snapshot_uid, made.uid) == ((99.0, 1.0), (101.0, 1.0), 7, 7)
    made.apply_snapshot(BookSnapshot(bids=[(5.0, 1.0)], asks=[], last_id=9))
    assert made.snapshot == ([OrderBookRow(5.0, 1.0, 9)], [])
    assert repr(made) == "<OrderBook 5.0 / None, uid 9>"


def test_diffs_set_and_delete_levels() -> None:
    made = book()
    made.apply_diffs(change([(99.0, 0.0), (98.5, 3.0)], [(101.0, 0.5)], last_id=8))
    assert (made.best_bid, made.best_ask) == ((98.5, 3.0), (101.0, 0.5))
    assert (made.snapshot_uid, made.last_diff_uid, made.uid) == (7, 8, 8)
    made.apply_diffs(change([(99.0, 2.0)], []))
    assert (made.best_bid, made.last_diff_uid) == ((99.0, 2.0), 8)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("depth", [None, 10])
@pytest.mark.parametrize("seed", range(5))
def test_a_side_is_what_a_sorted_dict_would_be(sign: float, depth: int | None, seed: int) -> None:
    draw = random.Random(seed)
    side = Side(sign) if depth is None else Ladder(sign < 0, depth)
    model = dict[float, float]()
    for _ in range(1_500):
        rows = [(float(draw.randrange(1, 900)), float(draw.randrange(3))) for _ in range(draw.randrange(1, 6))]
        if draw.random() < 0.01:
            side.load(rows)
            model = dict(rows)
        else:
            side.change(rows)
            model |= dict(rows)
        kept = sorted(((price, size) for price, size in model.items() if size), key=lambda level: sign * level[0])
        if depth is not None:
            kept = kept[:depth]
        model = dict(kept)
        if draw.random() < 0.5:
            assert side.best() == (kept[0] if kept else None)
        assert side.sorted() == kept


def test_a_side_forgets_its_tombstones() -> None:
    side = Side(1.0)
    for price in range(10_000):
        side.change([(float(price), 1.0)])
        side.change([(float(price), 0.0)])
    assert len(side._sizes) < 600 and len(side._heap) == len(side._sizes)


def test_crossed_tops_are_seen() -> None:
    made = book()
    assert not made.is_crossed
    made.apply_diffs(change([(101.0, 1.0)], []))
    assert made.is_crossed


@pytest.mark.parametrize(
    ("query", "arguments", "price", "volume"),
    [
        ("get_price_for_volume", (True, 1.0), 101.0, 1.0),
        ("get_price_for_volume", (True, 2.5), 102.0, 2.5),
        ("get_price_for_volume", (False, 3.5), 97.0, 3.5),
        ("get_price_for_volume", (True, 100.0), 103.0, 6.0),
        ("get_price_for_quote_volume", (True, 101.5), 102.0, 101.5),
        ("get_volume_for_price", (True, 102.0), 102.0, 4.0),
        ("get_volume_for_price", (False, 98.0), 98.0, 3.0),
        ("get_volume_for_price", (True, 100.0), None, 0.0),
        ("get_quote_volume_for_price", (True, 102.0), 102.0, 407.0),
        ("get_quote_volume_for_base_amount", (True, 2.0), None, 203.0),
        ("get_quote_volume_for_base_amount", (False, 2.0), None, 197.0),
        ("get_vwap_for_volume", (True, 2.0), 101.5, 2.0),
        ("get_vwap_for_volume", (False, 100.0), (99 + 196 + 388) / 7, 7.0),
    ],
)
def test_queries(query: str, arguments: tuple[bool, float], price: float | None, volume: float) -> None:
    result = getattr(book(), query)(*arguments)
    assert result == getattr(book(), f"c_{query}")(*arguments) or math.isnan(result.query_price + result.query_volume)
    assert math.isnan(result.result_price) if price is None else result.result_price == pytest.approx(price)
    assert result.result_volume == pytest.approx(volume)


def test_simulated_orders_take_the_last_level_in_part() -> None:
    assert book().simulate_buy(2.0) == [OrderBookRow(101.0, 1.0, 7), OrderBookRow(102.0, 1.0, 7)]
    assert book().simulate_sell(2.0) == [OrderBookRow(99.0, 1.0, 7), OrderBookRow(98.0, 1.0, 7)]


def test_prices_are_those_that_a_taker_meets() -> None:
    assert (book().get_price(True), book().get_price(False)) == (101.0, 99.0)
    with pytest.raises(EmptySide, match="the book has no asks, so there is no price to quote"):
        OrderBook().get_price(True)
    assert math.isnan(OrderBook().get_vwap_for_volume(True, 1.0).result_price)


def test_exact_levels_stay_exact() -> None:
    made = OrderBook(exact=True)
    made.apply_snapshot(BookSnapshot(bids=[(D("99.10"), D("1.0"))], asks=[(D("101"), D("0.1")), (D("102"), D("0.2"))]))  # type: ignore[list-item]
    made.apply_diffs(BookUpdate(bids=[(D("99.20"), D("2")), (D("99.1"), D("0"))], asks=[]))  # type: ignore[list-item]
    assert str(made.best_bid) == "(Decimal('99.20'), Decimal('2'))" and not made.is_crossed
    assert made.get_price_for_volume(True, 0.3) == (pytest.approx(math.nan, nan_ok=True), D("0.3"), D(102), D("0.3"))
    assert made.get_volume_for_price(True, 101.5).result_volume == D("0.1")
    assert made.get_price_for_quote_volume(True, 10.0).result_price == 101
    assert str(made.get_vwap_for_volume(True, 0.2).result_price) == "101.5"
    assert [row.amount for row in made.simulate_buy(0.15)] == [D("0.1"), D("0.05")]


def test_the_last_trade_is_kept() -> None:
    made = book()
    assert math.isnan(made.last_trade_price)
    made.apply_trade(OrderBookTradeEvent("BTC-USDT", 5.0, TradeType.BUY, 101.0, 1.0))
    assert (made.last_trade_price, made.last_applied_trade) == (101.0, 5.0)
