"""The recorder keeps what a market tells, to the digit, and gives another market back what it knew."""

import asyncio
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import UsageError
from exconn.market import Market
from exconn.market.recorder import MarketsRecorder, SQLConnectionManager
from exconn.market.recorder.states import State
from exconn.market.recorder.writing import milliseconds
from exconn.model import (
    BuyOrderCreatedEvent,
    MarketEvent,
    OrderCancelledEvent,
    OrderFilledEvent,
    OrderType,
    TradeFee,
    TradeType,
)
from exconn.testing.virtual import World

D = Decimal
PAIR = "BTC-USDT"
CONFIG = "conf.yml"
CREDENTIALS = {"api_key": "a-key", "secret_key": "a-secret-of-tests"}


@pytest.fixture
def idle(codec: Any) -> Market:
    """A market that is not started: events are triggered by hand."""
    return Market(codec, [PAIR], CREDENTIALS)


def test_importing_a_market_imports_no_database() -> None:
    asked = "import sys, exconn.market; print('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "False\n"


async def test_orders_statuses_and_fills_are_kept(
    virtual_world: World, open_floor: Any, sql: SQLConnectionManager
) -> None:
    async with open_floor() as floor:
        market = floor.market
        recorder = MarketsRecorder(sql, [market], CONFIG, "pure")
        recorder.start()
        taken = market.buy(PAIR, D("0.00123"))
        rests = market.sell(PAIR, D("0.001"), OrderType.LIMIT, D("90000.10"))
        broken = market.buy(PAIR, D("0.00001"), OrderType.LIMIT, D(60000))
        await asyncio.sleep(3)
        assert recorder.get_market_states(CONFIG, market) == market.tracking_states
        await market.execute_cancel(PAIR, rests)
        recorder.stop()
        market.buy(PAIR, D("0.001"))
        await asyncio.sleep(3)
        rows = {row.id: row for row in recorder.get_orders_for_config_and_market(CONFIG, market)}
        assert rows.keys() == {taken, rests}
        order = rows[rests]
        assert (order.price, order.amount, order.order_type) == (D("90000.1"), D("0.001"), "LIMIT")
        assert (order.market, order.symbol, order.base_asset, order.quote_asset) == ("myexchange", PAIR, "BTC", "USDT")
        assert (order.strategy, order.last_status) == ("pure", "OrderCancelled")
        assert order.exchange_order_id is not None
        told = [[row.status for row in recorder.get_order_statuses(each)][::-1] for each in (taken, rests, broken)]
        assert told == [floor.names(taken), floor.names(rests), ["OrderFailure"]]
        ledger = [fill for fill in floor.ledger()["fills"] if fill["client_id"] == taken]
        fills = recorder.get_trades_for_config(CONFIG)
        assert {(row.exchange_trade_id, row.price, row.amount) for row in fills} == {
            (fill["trade_id"], D(fill["price"]), D(fill["amount"])) for fill in ledger
        }
        [fee] = fills[0].trade_fee["flat_fees"]
        assert D(fee["amount"]) == D(ledger[-1]["fee"])


async def test_another_market_goes_on(virtual_world: World, open_floor: Any, codec: Any, sql: Any) -> None:
    async with open_floor() as floor:
        recorder = MarketsRecorder(sql, [floor.market], CONFIG, "pure")
        recorder.start()
        rests = floor.market.buy(PAIR, D("0.001"), OrderType.LIMIT, D(50000))
        await asyncio.sleep(2)
        sql.close()  # as a restart does
        later = Market(codec, [PAIR], CREDENTIALS)
        again = MarketsRecorder(sql, [later], CONFIG, "pure")
        again.restore_market_states(CONFIG, later)
        assert list(later.in_flight_orders) == [rests]
        assert later.tracking_states == floor.market.tracking_states
        assert again.get_market_states("other.yml", later) is None
        again.restore_market_states("other.yml", later)


def _created(order_id: str) -> BuyOrderCreatedEvent:
    return BuyOrderCreatedEvent(1000.25, OrderType.LIMIT, PAIR, D("0.10"), D("1E+4"), order_id, "77")


def _filled(trade_id: str) -> OrderFilledEvent:
    fee = TradeFee(D("nan"), ())
    return OrderFilledEvent(1001.0, "o1", PAIR, TradeType.BUY, OrderType.LIMIT, D(9), D("0.1"), fee, trade_id)


def test_a_fill_may_come_first_twice_and_late(idle: Market, sql: Any) -> None:
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    idle.trigger_event(MarketEvent.OrderFilled, _filled("t1"))
    idle.trigger_event(MarketEvent.BuyOrderCreated, _created("o1"))
    idle.trigger_event(MarketEvent.OrderFilled, _filled("t1"))
    idle.trigger_event(MarketEvent.OrderCancelled, OrderCancelledEvent(1002.0, "o1", "77"))
    idle.trigger_event(MarketEvent.OrderFilled, _filled("t2"))
    assert [row.exchange_trade_id for row in recorder.get_trades_for_config(CONFIG)] == ["t2", "t1"]
    assert len(recorder.get_trades_for_config(CONFIG, number_of_rows=1)) == 1
    [order] = recorder.get_orders_for_config_and_market(CONFIG, idle)
    assert (order.last_status, order.creation_timestamp, order.price) == ("OrderCancelled", 1_000_250, 10_000)
    assert (recorder.sql_manager, recorder.config_file_path, recorder.strategy_name) == (sql, CONFIG, "pure")


def test_a_moment_is_kept_to_the_millisecond() -> None:
    """1.001 s are 1000.9999999999999 ms to a float."""
    assert [milliseconds(each) for each in (1.001, 1_700_000_000.001, 1_700_000_000.999)] == [
        1001,
        1_700_000_000_001,
        1_700_000_000_999,
    ]


def _state_of(market: Market, *client_ids: str) -> dict[str, Any]:
    for client_id in client_ids:
        market.start_tracking_order(client_id, PAIR, OrderType.LIMIT, TradeType.BUY, D(50000), D("0.001"))
    return market.tracking_states


def _tell(market: Market, order_id: str) -> None:
    market.trigger_event(MarketEvent.OrderCancelled, OrderCancelledEvent(1002.0, order_id, "77"))


async def test_two_markets_share_a_database(codec: Any, sql: Any) -> None:
    """Each account has a config file, as it has with the original."""
    markets = [Market(codec, [PAIR], CREDENTIALS) for _ in range(2)]
    with pytest.raises(UsageError, match=r"2 markets are called myexchange, .* a config_file_path of its own"):
        MarketsRecorder(sql, markets, CONFIG, "pure")
    recorders = [MarketsRecorder(sql, [market], f"{at}.yml", "pure") for at, market in enumerate(markets)]
    for at, (market, recorder) in enumerate(zip(markets, recorders, strict=True)):
        recorder.start()
        _state_of(market, f"o{at}")
        market.trigger_event(MarketEvent.BuyOrderCreated, _created(f"o{at}"))
    for at, (market, recorder) in enumerate(zip(markets, recorders, strict=True)):
        assert recorder.get_market_states(f"{at}.yml", market) == market.tracking_states
        assert {row.id for row in recorder.get_orders_for_config_and_market(f"{at}.yml", market)} == {f"o{at}"}


async def test_a_restart_forgets_no_order_of_the_life_before(codec: Any, sql: Any) -> None:
    """The first event of a new life comes before the old states are taken up, or they never are."""
    first, second, third = (Market(codec, [PAIR], CREDENTIALS) for _ in range(3))
    before, after, last = (MarketsRecorder(sql, [market], CONFIG, "pure") for market in (first, second, third))
    saved = _state_of(first, "old-1", "old-2")
    before.save_market_states(CONFIG, first)
    after.start()
    new = _state_of(second, "new")
    second.trigger_event(MarketEvent.BuyOrderCreated, _created("new"))
    assert after.get_market_states(CONFIG, second) == {**saved, **new}
    after.restore_market_states(CONFIG, second)
    assert set(second.in_flight_orders) == {"old-1", "old-2", "new"}
    second.stop_tracking_order("old-2")  # what is over goes, and what is forgotten on purpose
    second.stop_tracking_order("old-1")
    _tell(second, "old-1")
    assert after.get_market_states(CONFIG, second) == second.tracking_states == new
    last.start()
    third.restore_tracking_states(new)  # by hand, and over before anything else is written
    third.stop_tracking_order("new")
    _tell(third, "new")
    assert last.get_market_states(CONFIG, third) == {}


async def test_two_processes_of_one_config_file_leave_each_others_orders(codec: Any, sql: Any) -> None:
    markets = [Market(codec, [PAIR], CREDENTIALS) for _ in range(2)]
    recorders = [MarketsRecorder(sql, [market], CONFIG, "pure") for market in markets]
    for at, (market, recorder) in enumerate(zip(markets, recorders, strict=True)):
        recorder.start()
        _state_of(market, f"a{at}", f"b{at}")
        market.trigger_event(MarketEvent.BuyOrderCreated, _created(f"a{at}"))
    markets[0].stop_tracking_order("a0")
    _tell(markets[0], "a0")
    assert set(recorders[1].get_market_states(CONFIG, markets[1]) or {}) == {"b0", "a1", "b1"}


async def test_what_cannot_be_taken_up_stays_kept(codec: Any, sql: Any, idle: Market) -> None:
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    broken = Market(codec, [PAIR], CREDENTIALS)
    [good] = _state_of(broken, "good").values()
    unread = {"client_order_id": "unread", "exchange_order_id": "7"}
    with sql.begin() as connection:
        State(CONFIG, "myexchange", 0, {"good": good, "unread": unread}, ()).write(connection)
    with pytest.raises(UsageError, match="saved order unread cannot be read"):
        recorder.restore_market_states(CONFIG, idle)
    assert list(idle.in_flight_orders) == ["good"]
    _tell(idle, "another")
    assert recorder.get_market_states(CONFIG, idle) == {"good": good, "unread": unread}
