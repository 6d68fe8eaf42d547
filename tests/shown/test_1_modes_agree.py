"""Proof 1, in virtual time: the codec in memory and the written package are alike, to the byte, and true to the ledger.

One seed, the demo's own scenario, both modes: equal requests, equal events, equal traces of the whole network, no
difference to the exchange's ledger; and the same trace in processes of any hash seed. Then light trading for as long as
a day. Run as a program (`FOLDER` empty for the codec in memory) this file prints the trace's hash.
"""

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from exconn.codec import Codec
from exconn.compile import compile_spec
from exconn.market import Market
from exconn.sandbox import dummy_accounts, funds_for, load_dialect
from exconn.shipped import find
from exconn.spec import load_spec
from exconn.testing.demo.journal import Journal
from exconn.testing.simulation import LightTrader, Session, conclude, market_in, origins_of, trade, venue
from exconn.testing.virtual import World, first_difference, virtual_world
from exconn_codegen import generate

NAME, PAIR, SEED = "myexchange", "BTC-USDT", 7
SECONDS = 20.0
Maker = Codec | Callable[..., Market]


def written(folder: Path) -> Maker:
    """The market class of the package in `folder`."""
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(NAME)
    finally:
        sys.path.remove(str(folder))
    made: Maker = package.MyexchangeMarket
    return made


def compiled() -> Codec:
    path = find(NAME, ".yaml")
    return compile_spec(load_spec(path.read_bytes(), path.name))


def session(maker: Maker) -> tuple[World, Session]:
    """The demo's scenario on a living exchange; the world with its kept trace, and what came of it."""
    path = find(NAME, ".dialect.yaml")
    dialect = load_dialect(path.read_bytes(), path.name)
    facts = compiled().facts

    async def run(world: World) -> Session:
        accounts = dummy_accounts(funds_for(dialect), world.fork("accounts"))
        async with (
            venue(world, dialect, accounts, origins_of(facts)) as exchange,
            market_in(world, maker, [PAIR], accounts[0]) as market,
        ):
            return await trade(exchange, market, accounts[0].name, PAIR, SECONDS, world.fork("trader"))

    with virtual_world(SEED, keep_trace=True) as world:
        return world, world.run(run(world))


def test_both_modes_send_and_tell_the_same(exchange_files: Any, tmp_path: Path) -> None:
    folder = generate(load_spec(exchange_files.spec.read_bytes(), exchange_files.spec.name), tmp_path).parent
    memory_world, memory = session(exchange_files.codec)
    written_world, generated = session(written(folder))
    sent = memory_world.trace.carried("up")
    differences = [len(each.comparison.differences) for each in (memory, generated)]
    print(
        f"\n1. seed {SEED}, {SECONDS:.0f} virtual s: {len(sent)} connections, {sum(map(len, sent.values()))} bytes, "
        f"{len(memory.events)} events, {len(memory_world.trace)} network entries, equal in both modes; "
        f"{memory.comparison.orders} orders, {memory.comparison.fills} fills, differences to the ledger: {differences}"
    )
    assert sent == written_world.trace.carried("up")
    assert memory.events == generated.events
    assert first_difference(memory_world.trace.entries or [], written_world.trace.entries or []) is None
    assert memory_world.trace.hexdigest() == written_world.trace.hexdigest()
    for each in (memory, generated):
        assert (each.unmet, each.comparison.differences) == ((), ())
    assert memory.comparison.orders > 20
    assert memory.comparison.fills > 20


def test_no_hash_seed_changes_the_trace(exchange_files: Any, tmp_path: Path) -> None:
    folder = generate(load_spec(exchange_files.spec.read_bytes(), exchange_files.spec.name), tmp_path).parent
    runs = [(seed, place) for seed in ("0", "1", "7") for place in ("", str(folder))]

    def hash_of(run: tuple[str, str]) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": run[0]}
        told = subprocess.run([sys.executable, __file__, run[1]], env=environment, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    with ThreadPoolExecutor(2) as workers:
        hashes = list(workers.map(hash_of, runs))
    print(f"\n1. {len(runs)} processes, hash seeds 0, 1 and 7, both modes: trace {hashes[0][:16]} in all")
    assert len(hashes[0]) == 64
    assert set(hashes) == {hashes[0]}


def test_a_long_time_of_light_trading(exchange_files: Any, is_full: bool) -> None:
    hours = 24 if is_full else 2

    async def run(world: World) -> tuple[int, Any]:
        files = exchange_files
        account = files.accounts[0]
        async with (
            venue(world, files.dialect, files.accounts, files.origins, life_every=60.0) as exchange,
            market_in(world, files.codec, [PAIR], account) as market,
        ):
            journal = Journal(market, lambda tag, event: None)
            await market.wait_ready(30)
            trader = LightTrader(market, PAIR, world.fork("trader"))
            await trader.run(hours * 3600.0, every=300.0)
            return trader.placed, await conclude(exchange, market, journal, account.name)

    begun = time.perf_counter()
    with virtual_world(SEED) as world:
        placed, comparison = world.run(run(world), timeout_virtual=hours * 3600.0 + 600)
    print(
        f"\n1. {hours} virtual hours of light trading in {time.perf_counter() - begun:.1f} s: {placed} orders placed, "
        f"{comparison.orders} in the ledger, {comparison.fills} fills, {len(comparison.differences)} differences"
    )
    assert comparison.differences == ()
    assert placed > hours * 8
    assert comparison.fills > hours * 3


if __name__ == "__main__":
    print(session(written(Path(sys.argv[1])) if sys.argv[1] else compiled())[0].trace.hexdigest())
