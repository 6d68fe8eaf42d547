"""Every row of the document's tables, called by its name and arguments on the real exchanges that are shipped, each
against its sandbox: what a function gives there, once before the network is there, then trading, then after the end."""

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.market.contract.page import read_table

from exconn.errors import ExconnError, UsageError
from exconn.market import Clock
from exconn.model import CancellationResult, MarketEvent, NetworkStatus, OrderType, TradeType, TradingRule
from exconn.testing.simulation import market_in, origins_of, venue
from exconn.testing.simulation.subjects import load_subject
from exconn.testing.virtual import World

D = Decimal
LIMIT = OrderType.LIMIT
LOOPS = ("_user_stream_event_listener", "_status_polling_loop", "_trading_rules_polling_loop")


class Walk:
    """Calls rows by name, on a market or what belongs to it. `called`: which rows were."""

    def __init__(self, market: Any) -> None:
        self.market = market
        self.called: set[str] = set()
        self.told: list[tuple[str, Any]] = []
        self.listeners: list[Callable[[Any], None]] = []
        for tag in MarketEvent:
            self.listeners.append(lambda event, tag=tag: self.told.append((tag.name, event)))  # type: ignore[misc]
            market.add_listener(tag, self.listeners[-1])

    def get(self, name: str, on: Any = None) -> Any:
        self.called.add(name)
        return getattr(self.market if on is None else on, name)

    def names(self, order_id: str) -> list[str]:
        return [name for name, event in self.told if getattr(event, "order_id", None) == order_id]


@pytest.mark.parametrize("exchange", ["binance", "kraken"])
async def test_every_function_on_a_real_exchanges_spec(virtual_world: World, exchange: str) -> None:
    subject = load_subject(exchange, "memory")
    pair, account, codec = subject.pairs[0], subject.accounts[0], subject.codec
    async with venue(virtual_world, subject.dialect, subject.accounts, origins_of(codec.facts)):
        market = market_in(virtual_world, codec, [pair], account)
        walk = Walk(market)
        await before_the_network(walk, pair)
        await walk.get("start_network")()
        await walk.get("start_network")()  # twice is once
        await market.wait_ready(60)
        shown(walk, exchange, pair)
        await reads(walk, codec)
        await trades(walk, pair)
        await requests(walk, codec)
        await comes_and_goes(walk)
        await market.stop()
        await after_the_end(walk, pair)
    assert walk.called == {row["name"] for row in read_table()}


async def before_the_network(walk: Walk, pair: str) -> None:
    """Nothing is known yet, and each says so in a word."""
    assert not walk.get("ready") and not all(walk.get("status_dict").values())
    assert walk.get("in_flight_orders") == walk.get("tracking_states") == walk.get("order_books") == {}
    with pytest.raises(UsageError, match="the trading rules are not loaded yet"):
        await walk.get("execute_buy")("early", pair, D(1), LIMIT, D(1))
    assert walk.names("early") == ["OrderFailure"]
    for name, given in [("c_quantize_order_price", (pair, D(1))), ("c_get_order_size_quantum", (pair, D(1)))]:
        with pytest.raises(UsageError, match="the trading rules are not loaded yet"):
            walk.get(name)(*given)
    with pytest.raises(ExconnError, match=f"the book of {pair} is withheld"):
        walk.get("c_get_order_book")(pair)
    assert await walk.get("cancel_all")(1.0) == []


def shown(walk: Walk, exchange: str, pair: str) -> None:
    assert walk.get("name") == exchange and walk.get("ready")
    assert walk.get("_auth") is walk.market.auth
    assert walk.get("c_get_order_book")(pair) is walk.get("order_books")[pair]
    assert LIMIT in walk.get("supported_order_types")()
    rule, book = walk.get("_trading_rules")[pair], walk.market.order_books[pair]
    price = D(str(book.best_bid[0]))
    assert walk.get("c_get_order_price_quantum")(pair, price) == rule.min_price_increment
    assert walk.get("c_get_order_size_quantum")(pair, D(1)) == rule.min_base_amount_increment
    assert walk.get("c_quantize_order_price")(pair, price + rule.min_price_increment / 2) == price
    amount = walk.get("c_quantize_order_amount")(pair, D("1.00000000009"))
    assert amount == D("1.00000000009") // rule.min_base_amount_increment * rule.min_base_amount_increment
    base, _, quote = pair.partition("-")
    assert 0 <= walk.get("c_get_fee")(base, quote, LIMIT, TradeType.BUY, amount, price).percent < 1
    total, free = walk.get("_account_balances"), walk.get("_account_available_balances")
    assert total[quote] >= free[quote] > 0


async def reads(walk: Walk, codec: Any) -> None:
    assert await walk.get("check_network")() is NetworkStatus.CONNECTED
    for name in ("_update_balances", "_update_order_status", "_update_trading_rules"):
        await walk.get(name)()
    assert isinstance(walk.get("_real_time_balance_update"), bool)
    assert walk.get("_in_flight_orders_snapshot") == {}
    assert walk.get("_in_flight_orders_snapshot_timestamp") > 1e9
    rules = codec.endpoints["trading_rules"]
    raw = await walk.get("_api_request")(rules.method, rules.path)
    assert all(isinstance(each, TradingRule) for each in walk.get("_format_trading_rules")(raw))


async def trades(walk: Walk, pair: str) -> None:
    market = walk.market
    price = D(str(market.order_books[pair].best_bid[0]))
    low, high = (market.quantize_order_price(pair, price * each) for each in (D("0.9"), D("1.1")))
    amount = market.quantize_order_amount(pair, D(100) / price)
    bought, sold = walk.get("c_buy")(pair, amount), walk.get("c_sell")(pair, amount, LIMIT, high)
    names = [market._parts.trading._client_ids.draw() for _ in range(5)]
    await walk.get("execute_buy")(names[0], pair, amount, LIMIT, low)
    await walk.get("execute_sell")(names[1], pair, amount, LIMIT, high)
    answer = await walk.get("place_order")(names[2], pair, amount, True, LIMIT, low)
    assert isinstance(answer, dict) and answer
    await asyncio.sleep(3)
    assert walk.names(bought)[-1] == "BuyOrderCompleted" and walk.names(names[1]) == ["SellOrderCreated"]
    assert set(walk.get("_in_flight_orders")) == {sold, *names[:3]} == set(walk.get("tracking_states"))
    assert {order.client_order_id for order in walk.get("limit_orders")} == {sold, *names[:3]}
    order = market.in_flight_orders[sold]
    assert await walk.get("get_exchange_order_id", order)() == order.exchange_order_id
    assert order.exchange_order_id in str(await walk.get("get_order")(sold))
    twice = [walk.get("execute_cancel")(pair, names[0]) for _ in range(2)]
    assert await asyncio.gather(*twice) == [names[0]] * 2
    assert walk.get("c_cancel")(pair, sold) == sold
    await asyncio.sleep(5)
    assert walk.names(sold) == ["SellOrderCreated", "OrderCancelled"] and walk.names(names[0])[1:] == ["OrderCancelled"]
    saved = market.tracking_states
    walk.get("c_stop_tracking_order")(names[1])
    walk.get("restore_tracking_states")(saved)
    assert market.tracking_states.keys() == saved.keys()
    walk.get("c_start_tracking_order")(names[3], pair, LIMIT, TradeType.BUY, low, amount)
    assert names[3] in market.in_flight_orders
    market.stop_tracking_order(names[3])
    results = await walk.get("cancel_all")(10.0)
    assert sorted(results) == sorted(CancellationResult(each, True) for each in names[1:3])


async def requests(walk: Walk, codec: Any) -> None:
    endpoint = codec.endpoints["balances"]
    signed = walk.get("generate_auth_dict", walk.market.auth)(endpoint.method, endpoint.path, {}, None)
    assert set(signed) == {"url", "headers", "body"} and endpoint.path in signed["url"]
    assert walk.get("_http_client") is walk.get("_http_client")
    walk.get("c_did_timeout_tx")("a-transaction")
    walk.get("c_trigger_event")(MarketEvent.ReceivedAsset, "a deposit")
    assert [name for name, _ in walk.told[-2:]] == ["TransactionFailure", "ReceivedAsset"]


async def comes_and_goes(walk: Walk) -> None:
    market = walk.market
    await walk.get("stop_network")()
    await walk.get("stop_network")()
    assert market.network_status is NetworkStatus.STOPPED and market.order_books == {}
    running = [asyncio.create_task(walk.get(name)()) for name in LOOPS]
    await asyncio.sleep(3)
    assert not any(task.done() for task in running)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    walk.get("c_start")(Clock(), 1_700_000_000.0)
    await market.wait_ready(60)
    walk.get("c_tick")(1_700_000_001.0)
    assert market.current_timestamp == 1_700_000_001.0
    walk.get("_stop_network")()
    walk.get("_stop_network")()


async def after_the_end(walk: Walk, pair: str) -> None:
    assert await walk.market.stop() == []
    late = walk.market.buy(pair, D(1), LIMIT, D(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert walk.names(late) == ["OrderFailure"]
    with pytest.raises(UsageError, match="this market is stopped"):
        await walk.market.start_network()
