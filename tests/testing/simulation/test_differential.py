"""I16: faults that keep every order change no end. The same orders, with faults and without, end alike, to the digit.

What a run of the simulator ends with depends on moments: what its trader asks for on the book that he sees, who comes
first to a price, and what a fault refuses is not executed. Here nothing does: orders are asked for at fixed moments,
each takes at once or rests where nobody comes, and no fault refuses, loses or adds one.
"""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import planted

from exconn.market import MarketSettings
from exconn.model import OrderType
from exconn.testing.simulation import draw_schedule, market_in, origins_of, venue
from exconn.testing.simulation.chronicle import Chronicle
from exconn.testing.simulation.run import Subject
from exconn.testing.simulation.subjects import load_subject
from exconn.testing.virtual import Latency, Link, Route, World, virtual_world

D = Decimal
ORDERS, EVERY, QUIET = 24, 6.0, 120.0
_CHANGES_WHAT_IS_DONE = frozenset(
    {
        *("lost", "accepted_late", "rate_limited", "redirect", "maintenance", "clock_step", "clock_drift"),
        *("delist", "change_rules", "manual_order", "manual_cancel", "foreign_order"),
    }
)
"""Kinds that refuse an order, lose it, or make another."""

Ends = tuple[tuple[str, Decimal], ...]


def keeping(subject: Subject, seed: int) -> list[dict[str, Any]]:
    """The faults of a seed that do nothing to an order but hide what became of it."""
    schedule = draw_schedule(seed, subject.dialect, subject.codec.facts, subject.pairs, ORDERS * EVERY)
    kept = [fault for fault in schedule if fault["fault"] not in _CHANGES_WHAT_IS_DONE]
    hidden = {"accepted": True, "meaning": "internal"}
    return [fault | {name: value for name, value in hidden.items() if name in fault} for fault in kept]


def run(subject: Subject, seed: int, schedule: list[dict[str, Any]]) -> Ends:
    """How each order ended, and how much of it was executed, in the order of asking."""
    with virtual_world(seed) as world:
        return world.run(_trade(world, subject, schedule), timeout_virtual=2000)


async def _trade(world: World, subject: Subject, schedule: list[dict[str, Any]]) -> Ends:
    wire = Link(Latency(0.02, 0.02))  # nothing overtakes anything: a nonce that does is refused
    world.network.set_route(Route(up=wire, down=wire))
    chronicle, settings = Chronicle(world.time), MarketSettings(request_timeout=2.0)
    account, pair = subject.accounts[0], subject.pairs[0]
    origins = origins_of(subject.codec.facts)
    async with (
        venue(world, subject.dialect, subject.accounts, origins, life_every=20.0) as exchange,
        market_in(world, subject.codec, [pair], account, store=chronicle, settings=settings) as market,
    ):
        chronicle.listen(market)
        await market.wait_ready(60)
        middle = subject.dialect.venue.prices[pair]
        exchange.play(*schedule)
        asked = []
        for number in range(ORDERS):
            takes, buys = number % 3 != 2, number % 2 == 0
            away = D("0.02") if takes else D("0.05")  # what takes never meets what rests: both are ours
            price = middle * (1 + away if takes == buys else 1 - away)
            amount = market.quantize_order_amount(pair, D(20 + number) / middle, price)
            send = market.buy if buys else market.sell
            asked.append(send(pair, amount, OrderType.LIMIT, market.quantize_order_price(pair, price)))
            await asyncio.sleep(EVERY)
            if not takes:
                market.cancel(pair, asked[-1])
        exchange.faults.clear()
        await asyncio.sleep(QUIET)
        lives = [chronicle.life(each) for each in asked]
        return tuple((life.end[0] if life.end else "open", sum((f.amount for f in life.fills), D(0))) for life in lives)


@pytest.mark.parametrize("exchange", ["myexchange", "binance", "kraken"])
def test_faults_that_keep_every_order_change_no_end(exchange: str) -> None:
    subject = load_subject(exchange, "memory")
    for seed in range(1, 3):
        plain, faults = run(subject, seed, []), keeping(subject, seed)
        assert len(faults) > 5
        assert [word for word, _ in plain] == (["completed"] * 2 + ["cancelled"]) * (ORDERS // 3)
        assert run(subject, seed, faults) == plain


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (1, {"fault": "accepted_then_reset"}),
        (6, {"fault": "gateway_error", "status": 502, "html": True, "accepted": True}),
    ],
)
def test_a_planted_bug_changes_them(row: int, fault: dict[str, Any]) -> None:
    """A submit that is not answered, or by a proxy's page, has failed. The stream is late, so that it tells nothing."""
    subject, seed, lasts = load_subject("myexchange", "memory"), 3, {"at": 5, "for": ORDERS * EVERY, "seed": 1}
    faults = [{**lasts, "on": ["place"], "chance": 0.5, **fault}, {**lasts, "fault": "delay", "seconds": 2}]
    plain = run(subject, seed, [])
    assert run(subject, seed, faults) == plain
    with planted(MUTANTS[row]):
        assert run(subject, seed, faults) != plain
