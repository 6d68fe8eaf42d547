"""The living market: deterministic, two-sided, fills clients, survives anything, leaves no history."""

import os
import subprocess
import sys
from decimal import Decimal
from random import Random

import pytest
from msgspec.structs import replace

from exconn.sandbox.engine import (
    Exchange,
    FeeSchedule,
    Instrument,
    Kind,
    Life,
    NewOrder,
    Placed,
    Side,
    Status,
    Temper,
    temper_for,
)

D = Decimal

PAIR = Instrument("PAIR", "AAA", "QQQ", tick=D("0.01"), lot=D("0.0001"), min_notional=D(10))
SECOND = 1_000_000_000


def alive(seed: int = 1, instrument: Instrument = PAIR, price: str = "30000") -> tuple[Exchange, Life]:
    exchange = Exchange(fees=FeeSchedule(D("0.001"), D("0.002")))
    exchange.list_instrument(instrument, 0)
    exchange.open_account("ann")
    for asset in ("AAA", "QQQ"):
        exchange.deposit("ann", asset, D(10_000_000), 0)
    life = Life(exchange, Random(seed), [temper_for(instrument, D(price))])
    life.open(0)
    return exchange, life


def limit(side: Side, amount: str, price: D) -> NewOrder:
    return NewOrder("PAIR", side, Kind.LIMIT, D(amount), price)


def test_the_same_seed_tells_the_same_story() -> None:
    runs = []
    for seed in (7, 7, 8):
        _, life = alive(seed)
        runs.append([life.step(n * SECOND) for n in range(50)])
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


STORY = """
import hashlib, random
from decimal import Decimal as D
from exconn.sandbox.engine import Exchange, Instrument, Life, temper_for
pairs = [Instrument(s, s, "QQQ", D("0.01"), D("0.0001")) for s in ("AAA", "BBB")]
exchange = Exchange()
for pair in pairs: exchange.list_instrument(pair, 0)
life = Life(exchange, random.Random(3), [temper_for(pair, D(2000)) for pair in pairs])
story = [life.open(0)] + [life.step(n) for n in range(40)]
print(hashlib.sha256(repr(story).encode()).hexdigest())
"""


def test_the_hash_seed_changes_nothing() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", STORY],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_two_sides_always_and_a_price_that_moves_but_returns() -> None:
    exchange, life = alive()
    seen = []
    for n in range(600):
        life.step(n * SECOND)
        book = exchange.book("PAIR", 1)
        assert book.bids[0][0] < book.asks[0][0]
        seen.append(life.reference("PAIR"))
    assert len(set(seen)) > 50
    assert D(29000) < min(seen) < max(seen) < D(31000)
    assert exchange.ticker("PAIR", 600 * SECOND).trades > 100


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize("offset", ["0", "20"])
def test_a_resting_client_order_is_filled(side: Side, offset: str) -> None:
    exchange, life = alive()
    book = exchange.book("PAIR", 1)
    price = book.bids[0][0] - D(offset) if side is Side.BUY else book.asks[0][0] + D(offset)
    order = exchange.place("ann", limit(side, "0.05", price), 1)
    assert isinstance(order, Placed)
    now = order.order
    for n in range(1000):
        life.step(n * SECOND)
        now = exchange.order("ann", now.id) or now
        if not now.is_open:
            break
    assert now.state == "filled"
    assert all(fill.liquidity == "maker" for fill in now.fills)


@pytest.mark.parametrize(("side", "price"), [(Side.BUY, "30500"), (Side.SELL, "29500")])
def test_a_wall_across_the_market_gets_another_side(side: Side, price: str) -> None:
    exchange, life = alive()
    wall = exchange.place("ann", limit(side, "300", D(price)), 1)
    assert isinstance(wall, Placed)
    for n in range(100):
        life.step(n * SECOND)
        book = exchange.book("PAIR", 1)
        assert len(book.bids) == len(book.asks) == 1
    eaten = exchange.order("ann", wall.order.id)
    assert eaten is not None
    assert eaten.is_open
    assert len(eaten.fills) > len(wall.order.fills)


def test_a_swept_book_is_laid_again() -> None:
    exchange, life = alive()
    for n in range(20):
        swept = exchange.place("ann", NewOrder("PAIR", Side.BUY, Kind.MARKET, quote_amount=D(2_000_000)), n)
        assert isinstance(swept, Placed)
        assert swept.order.reason == "no_liquidity"
        life.step(n * SECOND)
        assert exchange.book("PAIR").asks


def test_a_market_that_does_not_trade_stands_still() -> None:
    exchange, life = alive()
    exchange.list_instrument(replace(PAIR, status=Status.HALTED), 1)
    assert life.step(2) == ()
    exchange.delist("PAIR", 3)
    assert life.step(4) == ()
    exchange.list_instrument(PAIR, 5)
    for n in range(20):
        life.step(n)
    assert exchange.book("PAIR").bids


def test_memory_is_bounded() -> None:
    exchange, life = alive()
    for n in range(300):
        life.step(n * SECOND)
    kept = [len(exchange.orders(name)) for name in exchange.accounts(house=True)]
    assert max(kept) <= 2 * 10
    assert all(not exchange.fills(name) for name in exchange.accounts(house=True))
    assert len(exchange.trades("PAIR")) <= 1000


ODD = [
    # instruments of odd scales, each with its price
    (replace(PAIR, tick=D("0.00000001"), lot=D(1), min_notional=D("0.0001")), "0.00000123"),
    (replace(PAIR, tick=D(1), lot=D("0.001")), "3"),
    (replace(PAIR, tick=D("0.5"), lot=D(10), min_size=D(100), max_size=D(200)), "12.5"),
]


@pytest.mark.parametrize(("instrument", "price"), ODD)
def test_odd_scales(instrument: Instrument, price: str) -> None:
    exchange, life = alive(instrument=instrument, price=price)
    for n in range(200):
        life.step(n * SECOND)
        book = exchange.book("PAIR", 1)
        assert book.bids
        assert book.asks
    assert exchange.trades("PAIR")


def test_a_life_needs_a_listed_instrument() -> None:
    with pytest.raises(KeyError, match="no instrument 'NONE' to live on; list it first"):
        Life(Exchange(), Random(1), [Temper("NONE", D(1))])
