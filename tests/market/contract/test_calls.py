"""Calls by the names of the document, on a market that trades in virtual time: what each gives, and what it tells."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import UsageError
from exconn.market import Clock, Market
from exconn.model import MarketEvent, NetworkStatus, OrderType, TradeType
from exconn.sandbox.engine import Close
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
LIMIT, MARKET = OrderType.LIMIT, OrderType.MARKET


async def test_the_waiting_functions_trade(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        assert await market.execute_buy("one", PAIR, D("0.0010009"), MARKET) is None
        assert await market.execute_sell("two", PAIR, D("0.001"), LIMIT, D("90000.019")) is None
        sent = market.in_flight_orders["two"]
        assert (sent.amount, sent.price) == (D("0.001"), D("90000.01"))
        assert await market.execute_cancel(PAIR, "two") == "two"
        assert await market.execute_cancel(PAIR, "nobody") == "nobody"  # needs no tracking
        await asyncio.sleep(1)
        assert floor.names("one") == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]
        assert floor.events("one")[0][1].amount == D("0.001")
        assert floor.names("two") == ["SellOrderCreated", "OrderCancelled"]
        assert floor.differences() == []


async def test_the_functions_that_return_at_once(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        bought, sold = market.c_buy(PAIR, D("0.001")), market.c_sell(PAIR, D("0.001"), LIMIT, D(90000))
        assert floor.told == []
        await asyncio.sleep(2)
        assert floor.names(bought) == ["BuyOrderCreated", "OrderFilled", "BuyOrderCompleted"]
        assert market.c_cancel(PAIR, sold) == sold
        await asyncio.sleep(2)
        assert floor.names(sold) == ["SellOrderCreated", "OrderCancelled"]


async def test_what_a_market_shows(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        assert market.name == "myexchange"
        assert market.order_books.keys() == {PAIR, "ETH-USDT"}
        assert market.c_get_order_book(PAIR) is market.order_books[PAIR]
        assert market._auth is market.auth
        rests, taken = market.buy(PAIR, D("0.001"), LIMIT, D(50000)), market.buy(PAIR, D("0.001"))
        await asyncio.sleep(0.01)
        assert market.in_flight_orders is market._in_flight_orders
        assert list(market.in_flight_orders) == [rests, taken]
        [order] = market.limit_orders
        assert (order.client_order_id, order.is_buy, order.price, order.quantity) == (rests, True, 50000, D("0.001"))


async def test_the_reads_by_rest(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market, ledger = floor.market, floor.ledger()
        rests = market.buy(PAIR, D("0.001"), LIMIT, D(50000))
        await asyncio.sleep(2)
        market._account_balances.clear()
        market._account_available_balances.clear()
        await market._update_balances()
        told = floor.ledger()["balances"]
        assert market._account_balances == {asset: D(held["total"]) for asset, held in told.items()}
        assert market._account_available_balances == {asset: D(held["available"]) for asset, held in told.items()}
        assert market._account_available_balances["USDT"] < D(ledger["balances"]["USDT"]["available"])
        before = dict(market._trading_rules)
        market._trading_rules.clear()
        await market._update_trading_rules()
        assert market._trading_rules == before
        await market.stop_network()  # whoever is away is not told
        [order] = floor.ledger()["orders"]
        floor.sandbox.exchange.cancel("alice", int(order["id"]), floor.sandbox.now_ns(), Close.REQUESTED)
        assert rests in market.in_flight_orders
        await asyncio.sleep(5)  # what is younger than an exchange may hide proves nothing
        await market._update_order_status()
        assert floor.names(rests) == ["BuyOrderCreated", "OrderCancelled"]


async def test_balances_without_a_push(virtual_world: World, open_floor: Any, codec: Any) -> None:
    from msgspec.structs import replace

    async with open_floor() as floor:
        assert floor.market._real_time_balance_update
        surroundings, connector = floor.market._parts.ground.surroundings, floor.world.connector
        await floor.market.stop()
        deaf = replace(codec, sockets={"public": codec.sockets["public"]})
        credentials = {"api_key": "a-key", "secret_key": "a-secret-of-tests"}
        async with Market(deaf, [PAIR], credentials, surroundings=surroundings, connector=connector) as market:
            await market.wait_ready(30)
            assert not market._real_time_balance_update
            free = market.get_available_balance("USDT")
            order_id = market.buy(PAIR, D("0.001"), LIMIT, D(50000))
            await asyncio.sleep(0.5)
            assert order_id not in market._in_flight_orders_snapshot
            assert market.get_available_balance("USDT") == free - D("0.001") * 50000 * D("1.0008")
            await market._update_balances()
            assert order_id in market._in_flight_orders_snapshot
            assert market._in_flight_orders_snapshot_timestamp == pytest.approx(market.current_timestamp, abs=0.001)


@pytest.mark.parametrize(
    "name",
    [
        "_status_polling_loop",
        "_trading_rules_polling_loop",
        "_user_stream_event_listener",
    ],
)
async def test_the_loops_run_until_they_are_cancelled(virtual_world: World, open_floor: Any, name: str) -> None:
    loops = ("_status_polling_loop", "_trading_rules_polling_loop", "_user_stream_event_listener")
    assert name in loops
    async with open_floor() as floor:
        await floor.market.stop_network()
        task = asyncio.create_task(getattr(floor.market, name)())
        await asyncio.sleep(70)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_quantums(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        assert market.c_get_order_price_quantum(PAIR, D(60000)) == D("0.01")
        assert market.c_get_order_size_quantum(PAIR, D(1)) == D("0.00001")
        assert market.c_quantize_order_amount(PAIR, D("0.0010009")) == D("0.001")
        assert market.c_quantize_order_amount(PAIR, D("0.00001"), D(60000)) == 0
        assert market.c_quantize_order_price(PAIR, D("60000.019")) == D("60000.01")


async def test_requests_of_ones_own(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        assert (await market._api_request("GET", "/v1/fees"))["data"]["maker"] == "0.0008"
        with pytest.raises(UsageError, match="GET /v1/withdraw is not declared by this exchange's spec"):
            await market._api_request("GET", "/v1/withdraw")
        assert market._http_client is market._http_client
        assert not market._http_client.closed
    with pytest.raises(UsageError, match="this market is stopped; make a new one to send requests"):
        assert market._http_client


async def test_a_transaction_that_timed_out(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        floor.market.c_did_timeout_tx("tx-1")
        floor.market.c_trigger_event(MarketEvent.ReceivedAsset, "a deposit")
        assert [(tag.name, getattr(event, "order_id", event)) for tag, event in floor.told] == [
            ("TransactionFailure", "tx-1"),
            ("ReceivedAsset", "a deposit"),
        ]


async def test_an_order_is_forgotten(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        market = floor.market
        market.c_start_tracking_order("by-hand", PAIR, LIMIT, TradeType.BUY, D(50000), D("0.001"))
        assert list(market.in_flight_orders) == ["by-hand"]
        market.c_stop_tracking_order("by-hand")
        assert market.in_flight_orders == {}
        await asyncio.sleep(30)
        assert floor.names("by-hand") == []


async def test_the_network_is_halted_without_waiting(virtual_world: World, open_floor: Any) -> None:
    async with open_floor() as floor:
        floor.market._stop_network()
        assert floor.market.network_status is NetworkStatus.STOPPED
        await asyncio.sleep(1)
        assert floor.market.order_books == {}


async def test_an_outer_clock(virtual_world: World, open_floor: Any) -> None:
    async with open_floor(is_ready=False) as floor:
        market, clock = floor.market, Clock()
        await market.stop_network()
        market.c_start(clock, 1_700_000_000.0)
        assert market.current_timestamp == 1_700_000_000.0
        await market.wait_ready(30)
        market.c_tick(1_700_000_001.0)
        assert market.current_timestamp == market._current_timestamp == 1_700_000_001.0
        market.c_stop(clock)
        assert market.network_status is NetworkStatus.STOPPED


async def test_events_have_the_markets_own_time(virtual_world: World, open_floor: Any) -> None:
    """Not the outer clock's last tick, nor the exchange's time, which is another here."""
    clock = virtual_world.clock()
    clock.step(-30)
    async with open_floor(clock=clock) as floor:
        market, began = floor.market, floor.market.current_timestamp
        market.c_tick(1_600_000_000.0)
        order_id = market.buy(PAIR, D("0.001"), LIMIT, D(50000))
        await asyncio.sleep(2)
        [(_, created)] = floor.events(order_id)
        assert market.current_timestamp == 1_600_000_000.0
        assert began < created.timestamp < began + 2 < floor.sandbox.now_ns() / 1e9 - 25
        await market._update_balances()
        assert created.timestamp < market._in_flight_orders_snapshot_timestamp < began + 5
