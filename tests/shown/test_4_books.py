"""Proof 4: whatever the websocket does, no published book differs from the exchange's at the sequence it claims.

Every book is compared after each event that can change it, and at random moments between. After a fault the book is
live again within a second (virtual) of the next diff that comes. Latencies are drawn from 5 to 80 ms each way, so REST
snapshots and frames overtake each other.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from exconn.testing.simulation import BookWitness, Venue, market_in, venue
from exconn.testing.virtual import Latency, Link, Route, World, virtual_world

PAIRS = ("BTC-USDT", "ETH-BTC")
SLOW = Latency(0.005, 0.08)
BACK_WITHIN = 1.0
HEALTHY = 31.0
"""Seconds after which a connection counts as healthy, so that the next one is made without a growing pause."""


def kill(exchange: Venue, pair: str) -> None:
    exchange.kill_sockets(exchange.socket_of("book_update"))


def drop(exchange: Venue, pair: str) -> None:
    exchange.drop_diff(pair)


def duplicate(exchange: Venue, pair: str) -> None:
    exchange.duplicate_diff(pair)


FAULTS = {"kill the websocket": kill, "drop one diff": drop, "send one twice": duplicate}
Act = Callable[[Venue, BookWitness, random.Random], Coroutine[Any, Any, None]]


async def watched(world: World, files: Any, act: Act) -> tuple[Venue, BookWitness]:
    """Let `act` make its faults on a market whose books are watched, then let it settle."""
    world.network.set_route(Route(up=Link(SLOW), down=Link(SLOW), entry_latency=SLOW))
    async with (
        venue(world, files.dialect, files.accounts, files.origins, life_every=0.5) as exchange,
        market_in(world, files.codec, PAIRS) as market,
    ):
        witness = BookWitness(exchange, market, world.time)
        with witness.watching():
            await market.wait_ready(30)
            await act(exchange, witness, world.fork("faults"))
            # after many broken connections in a row the market itself waits up to half a minute
            await asyncio.sleep(40)
            for pair in PAIRS:
                assert pair in market.order_books, f"{pair} is not live at the end"
                witness.look(pair)
    return exchange, witness


def back_after(exchange: Venue, witness: BookWitness) -> list[float]:
    """For each outage, seconds from the next diff after its last fault to the book being live; 0 if sooner."""
    assert witness.open_outages() == []
    found = []
    for outage in witness.outages:
        ended = outage.ended or 0.0
        faults = [fault.at for fault in exchange.faults.happened if outage.began <= fault.at < ended]
        diff = outage.next_diff(max(faults, default=outage.began))
        found.append(0.0 if diff is None else ended - diff)
    return found


def figures(exchange: Venue, witness: BookWitness) -> str:
    longest = max(((outage.ended or 0.0) - outage.began for outage in witness.outages), default=0.0)
    return (
        f"{len(exchange.faults.happened)} faults, {witness.updates} diffs, {witness.compared} books compared, "
        f"{len(witness.differences)} differences, {len(witness.outages)} times withheld for at most {longest:.3f} s, "
        f"live again at most {max(back_after(exchange, witness), default=0):.3f} s after the next diff"
    )


@pytest.mark.parametrize(
    ("kind", "apart", "books_each"),
    [("kill the websocket", HEALTHY, 2), ("drop one diff", 10.0, 1), ("send one twice", 10.0, 0)],
)
def test_each_fault_alone(exchange_files: Any, is_full: bool, kind: str, apart: float, books_each: int) -> None:
    count = 12 if is_full else 4

    async def one_by_one(exchange: Venue, witness: BookWitness, source: random.Random) -> None:
        for _ in range(count):
            await asyncio.sleep(apart + source.random())
            FAULTS[kind](exchange, PAIRS[0])

    with virtual_world(seed=41) as world:
        exchange, witness = world.run(watched(world, exchange_files, one_by_one))
    print(f"\n4. {kind}, alone: {figures(exchange, witness)}")
    assert witness.differences == []
    assert len(exchange.faults.happened) == count
    assert len(witness.outages) == count * books_each
    assert max(back_after(exchange, witness), default=0.0) <= BACK_WITHIN
    assert witness.compared > witness.updates > 50


@pytest.mark.parametrize("seed", range(3))
def test_all_faults_mixed(exchange_files: Any, is_full: bool, seed: int) -> None:
    seconds = 900.0 if is_full else 90.0

    async def mixed(exchange: Venue, witness: BookWitness, source: random.Random) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            await asyncio.sleep(source.uniform(0.01, 5))
            pair = source.choice(PAIRS)
            witness.look(pair)
            FAULTS[source.choice(list(FAULTS))](exchange, pair)

    with virtual_world(seed=seed) as world:
        exchange, witness = world.run(watched(world, exchange_files, mixed))
    print(f"\n4. seed {seed}, all mixed for {seconds:.0f} s: {figures(exchange, witness)}")
    assert witness.differences == []
    assert len(witness.outages) >= 10
    assert max(back_after(exchange, witness)) <= BACK_WITHIN
