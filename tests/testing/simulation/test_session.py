"""Sessions: a market in the world trades as the demo does, alone or beside another, the same under the same seed."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import UsageError
from exconn.model import NetworkStatus, OrderType
from exconn.sandbox import Opening, Secrets
from exconn.testing.demo.journal import Journal
from exconn.testing.simulation import LightTrader, Session, conclude, market_in, trade, venue
from exconn.testing.virtual import World, virtual_world

PAIR = "BTC-USDT"


def session(files: Any, seed: int) -> tuple[str, Session]:
    async def run(world: World) -> Session:
        account = files.accounts[0]
        async with (
            venue(world, files.dialect, files.accounts, files.origins) as exchange,
            market_in(world, files.codec, [PAIR], account) as market,
        ):
            return await trade(exchange, market, account.name, PAIR, 2.0, world.fork("trader"))

    with virtual_world(seed) as world:
        done = world.run(run(world), timeout_virtual=300)
        return world.trace.hexdigest(), done


def test_one_seed_is_one_session(files: Any) -> None:
    first, again, other = session(files, 1), session(files, 1), session(files, 2)
    assert first == again
    assert first[0] != other[0]
    for _, done in (first, other):
        assert (done.unmet, done.comparison.differences) == ((), ())
        assert done.comparison.orders > 8
        assert any(event.startswith("OrderFilled OrderFilledEvent(") for event in done.events)


@pytest.mark.virtual(timeout=600)
async def test_two_markets_trade_on_one_exchange(virtual_world: World, files: Any) -> None:
    alice, bob = files.accounts[:2]
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange,
        market_in(virtual_world, files.codec, [PAIR], alice, name="alice") as one,
        market_in(virtual_world, files.codec, [PAIR], bob, name="bob") as other,
    ):
        done = await asyncio.gather(
            trade(exchange, one, alice.name, PAIR, 2.0, virtual_world.fork("alice")),
            trade(exchange, other, bob.name, PAIR, 2.0, virtual_world.fork("bob")),
        )
    assert [each.comparison.differences for each in done] == [(), ()]


@pytest.mark.virtual(timeout=7200)
async def test_light_trading_agrees_with_the_ledger_and_leaves_nothing_open(virtual_world: World, files: Any) -> None:
    account = files.accounts[0]
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins, life_every=30.0) as exchange,
        market_in(virtual_world, files.codec, [PAIR], account) as market,
    ):
        journal = Journal(market, lambda tag, event: None)
        await market.wait_ready(30)
        trader = LightTrader(market, PAIR, virtual_world.fork("trader"))
        await trader.run(600.0, every=20.0)
        found = await conclude(exchange, market, journal, account.name)
        assert market.in_flight_orders == {}
    assert found.differences == ()
    assert 20 <= trader.placed == len(journal.orders)


@pytest.mark.virtual(timeout=600)
async def test_what_the_market_was_not_told_is_a_difference(virtual_world: World, files: Any) -> None:
    """A comparison that cannot fail proves nothing: an order of the account from elsewhere is found."""
    account = files.accounts[0]
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins) as exchange,
        market_in(virtual_world, files.codec, [PAIR], account, name="elsewhere") as elsewhere,
        market_in(virtual_world, files.codec, [PAIR], account) as market,
    ):
        journal = Journal(market, lambda tag, event: None)
        await market.wait_ready(30)
        await elsewhere.wait_ready(30)
        order = elsewhere.buy(PAIR, Decimal("0.01"), OrderType.MARKET)
        await asyncio.sleep(3)
        found = await conclude(exchange, market, journal, account.name)
    assert f"order {order}: in the ledger, never told" in found.differences
    assert any(each.startswith("fill ") and "not told so" in each for each in found.differences)


@pytest.mark.parametrize("account", [None, {"api_key": "a", "secret_key": "b"}])
@pytest.mark.virtual(timeout=600)
async def test_whose_market_it_is(virtual_world: World, files: Any, account: Mapping[str, str] | None) -> None:
    async with (
        venue(virtual_world, files.dialect, files.accounts, files.origins),
        market_in(virtual_world, files.codec, [PAIR], account) as market,
    ):
        await asyncio.sleep(10)
        assert market.ready is (account is None)
        wanted = NetworkStatus.CONNECTED if account is None else NetworkStatus.NOT_CONNECTED
        assert market.network_status is wanted


@pytest.mark.virtual
async def test_a_credential_that_the_exchange_does_not_have_is_refused(virtual_world: World, files: Any) -> None:
    account = Opening("dave", "key", Secrets("secret", "passphrase"), {})
    with pytest.raises(UsageError, match="passphrase"):
        market_in(virtual_world, files.codec, [PAIR], account)
