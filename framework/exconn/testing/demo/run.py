"""The demo joined: a market on a running sandbox, the scenario, the screen, and the comparison at the end.

Rules: the market is made by the caller, from a spec in memory or from a written package, and everything after that is
the same code; nothing here imports what a trading process must not need; a difference to the ledger, an act that did
not end as meant, or a market that never gets ready makes the demo fail.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console

from exconn.codec import Facts
from exconn.testing.demo.comparison import Comparison, compare
from exconn.testing.demo.exchange import fetch_ledger
from exconn.testing.demo.journal import Journal
from exconn.testing.demo.scenario import Trader
from exconn.testing.demo.screen import Screen, screen_for

READY_LIMIT = 20.0
QUIET = 5.0
MarketMaker = Callable[..., Any]
"""Called with (trading_pairs, credentials, hosts=..., trading_required=...); gives a Market."""


def credentials_of(facts: Facts, account: Mapping[str, Any]) -> dict[str, str]:
    """The credentials that the exchange wants, out of a sandbox account that names them alike."""
    return {field.name: account[field.name] for field in facts.credentials if account.get(field.name)}


def hosts_of(facts: Facts, port: int) -> dict[str, str]:
    """Every host of the exchange's first group, pointed at the sandbox's port."""
    group, learnt = next(iter(facts.hosts.values())), next(iter(facts.learnt.values()), {})
    schemes = {name: "ws" if origin.startswith("ws") else "http" for name, origin in group.items()}
    return {name: f"{scheme}://127.0.0.1:{port}" for name, scheme in (schemes | dict.fromkeys(learnt, "ws")).items()}


async def demonstrate(
    make: MarketMaker, facts: Facts, ready: Mapping[str, Any], *, seconds: float, seed: int, console: Console
) -> int:
    """Trade, compare, tell; returns the exit code: 0 without any difference, 1 otherwise."""
    account = ready["accounts"][0]
    hosts, credentials = hosts_of(facts, ready["port"]), credentials_of(facts, account)
    pair = await choose_pair(make, hosts, account["balances"])
    screen = screen_for(console)
    try:
        unmet, comparison = await _session(
            make, hosts, credentials, pair, ready, account["name"], screen, seconds, seed
        )
    finally:
        screen.close()
    return _verdict(console, unmet, comparison)


async def choose_pair(make: MarketMaker, hosts: Mapping[str, str], funds: Mapping[str, Any]) -> str:
    """The first pair that the account holds both assets of."""
    async with make([], None, hosts=hosts, trading_required=False) as market:
        await market.wait_ready(READY_LIMIT)
        for pair in market._trading_rules:
            base, quote = pair.split("-")
            if base in funds and quote in funds:
                return str(pair)
    raise RuntimeError("no pair of the exchange is made of assets that the sandbox account holds")


async def _session(
    make: MarketMaker,
    hosts: Mapping[str, str],
    credentials: Mapping[str, str],
    pair: str,
    ready: Mapping[str, Any],
    account: str,
    screen: Screen,
    seconds: float,
    seed: int,
) -> tuple[list[str], Comparison]:
    async with make([pair], credentials, hosts=hosts, trading_required=True) as market:
        journal = Journal(market, screen.event)
        await market.wait_ready(READY_LIMIT)
        screen.say(f"ready: {market.name}, {pair}")
        watcher = asyncio.create_task(_watch(market, pair, screen))
        try:
            trader = Trader(market, journal, pair, random.Random(seed), screen.say)
            await trader.run(seconds)
            comparison = await _settle(market, journal, dict(ready), account)
        finally:
            watcher.cancel()
            await asyncio.wait([watcher])
        screen.balances(_balance_rows(market))
        return trader.unmet, comparison


async def _watch(market: Any, pair: str, screen: Screen) -> None:
    """Tell the top of the book and the balances, once a second."""
    while True:
        book = market.order_books.get(pair)
        if book is not None and book.best_bid and book.best_ask:
            screen.top(pair, str(book.best_bid[0]), str(book.best_ask[0]))
        screen.balances(_balance_rows(market))
        await asyncio.sleep(1.0)


def _balance_rows(market: Any) -> list[tuple[str, Decimal, Decimal]]:
    return [(asset, total, available) for asset, (total, available) in _balances(market).items()]


def _balances(market: Any) -> dict[str, tuple[Decimal, Decimal]]:
    return {asset: (total, market.get_available_balance(asset)) for asset, total in market.get_all_balances().items()}


async def _settle(market: Any, journal: Journal, ready: dict[str, Any], account: str) -> Comparison:
    """Compare; what is still on its way gets a few seconds, then counts as a difference. Balances whose stream tells no
    available amounts are read once more.
    """
    if not market._real_time_balance_update:
        await market._update_balances()
    for _ in range(int(QUIET / 0.25)):
        ledger = await fetch_ledger(ready)
        found = compare(journal, _balances(market), ledger["accounts"][account])
        if not found.differences:
            break
        await asyncio.sleep(0.25)
    return found


def _verdict(console: Console, unmet: list[str], comparison: Comparison) -> int:
    def line(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    for text in unmet:
        line(f"not as meant: {text}")
    for text in comparison.differences:
        line(f"difference: {text}")
    line(
        f"compared with the exchange's ledger: {comparison.orders} orders, {comparison.fills} fills, "
        f"{comparison.assets} assets: {len(comparison.differences)} differences"
    )
    return 1 if unmet or comparison.differences else 0
