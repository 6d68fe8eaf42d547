"""Files that were not made as they would be now: those of the first tables are taken up whole, others are refused."""

import sqlite3
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from exconn.errors import UsageError
from exconn.market import Market
from exconn.market.recorder import MarketsRecorder, SQLConnectionManager
from exconn.model import MarketEvent, OrderCancelledEvent, OrderFilledEvent, OrderType, TradeFee, TradeType

D = Decimal
PAIR = "BTC-USDT"

# as the first tables were made, printed by SQLite's own `.schema`
FIRST = """
CREATE TABLE "Order" (
    id TEXT NOT NULL, config_file_path TEXT NOT NULL, strategy TEXT NOT NULL, market TEXT NOT NULL,
    symbol TEXT NOT NULL, base_asset TEXT NOT NULL, quote_asset TEXT NOT NULL, creation_timestamp BIGINT NOT NULL,
    order_type TEXT NOT NULL, amount TEXT NOT NULL, price TEXT NOT NULL, last_status TEXT NOT NULL,
    last_update_timestamp BIGINT NOT NULL, exchange_order_id TEXT, PRIMARY KEY (id)
);
CREATE INDEX o_config_timestamp_index ON "Order" (config_file_path, creation_timestamp);
CREATE INDEX o_market_symbol_timestamp_index ON "Order" (market, symbol, creation_timestamp);
CREATE TABLE "OrderStatus" (
    id INTEGER NOT NULL, order_id TEXT NOT NULL, timestamp BIGINT NOT NULL, status TEXT NOT NULL, PRIMARY KEY (id)
);
CREATE INDEX os_order_id_timestamp_index ON "OrderStatus" (order_id, timestamp);
CREATE TABLE "TradeFill" (
    id INTEGER NOT NULL, config_file_path TEXT NOT NULL, strategy TEXT NOT NULL, market TEXT NOT NULL,
    symbol TEXT NOT NULL, base_asset TEXT NOT NULL, quote_asset TEXT NOT NULL, timestamp BIGINT NOT NULL,
    order_id TEXT NOT NULL, trade_type TEXT NOT NULL, order_type TEXT NOT NULL, price TEXT NOT NULL,
    amount TEXT NOT NULL, trade_fee JSON NOT NULL, exchange_trade_id TEXT NOT NULL, PRIMARY KEY (id),
    CONSTRAINT tf_once UNIQUE (market, order_id, exchange_trade_id)
);
CREATE INDEX tf_config_timestamp_index ON "TradeFill" (config_file_path, timestamp);
CREATE TABLE "MarketState" (
    config_file_path TEXT NOT NULL, market TEXT NOT NULL, timestamp BIGINT NOT NULL, saved_state JSON NOT NULL,
    PRIMARY KEY (config_file_path, market)
);
INSERT INTO "Order" VALUES ('o1','a.yml','pure','myexchange','BTC-USDT','BTC','USDT',1000250,'LIMIT','0.10',
    '123456789012345678901234567890.000000000000000001','OrderFilled',1001000,'77');
INSERT INTO "OrderStatus" VALUES
    (1,'o1',1000250,'BuyOrderCreated'), (2,'o1',1001000,'OrderFilled'), (3,'o2',1,'OrderFailure');
INSERT INTO "TradeFill" VALUES (7,'a.yml','pure','myexchange','BTC-USDT','BTC','USDT',1001000,'o1','BUY','LIMIT',
    '9.10','0.050','{"percent": "0", "flat_fees": [{"asset": "BTC", "amount": "0.0000500"}]}','t1');
INSERT INTO "MarketState" VALUES ('a.yml','myexchange',1001000,'{"o1": {"price": "9.10"}}');
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trades.sqlite"


@pytest.fixture
def idle(codec: Any) -> Market:
    return Market(codec, [PAIR], trading_required=False)


def _make(path: Path, script: str) -> None:
    made = sqlite3.connect(path)
    made.executescript(script)
    made.close()


def test_the_first_tables_are_taken_up_with_all_that_they_hold(path: Path, idle: Market) -> None:
    _make(path, FIRST)
    recorder = MarketsRecorder(SQLConnectionManager(path), [idle], "a.yml", "pure")
    recorder.start()
    [order] = recorder.get_orders_for_config_and_market("a.yml", idle)
    assert (order.id, order.amount, order.exchange_order_id) == ("o1", D("0.10"), "77")
    assert str(order.price) == "123456789012345678901234567890.000000000000000001"
    [fill] = recorder.get_trades_for_config("a.yml")
    assert (str(fill.price), str(fill.amount), fill.exchange_trade_id) == ("9.10", "0.050", "t1")
    assert fill.trade_fee == {"percent": "0", "flat_fees": [{"asset": "BTC", "amount": "0.0000500"}]}
    assert [row.status for row in recorder.get_order_statuses("o1", idle)] == ["OrderFilled", "BuyOrderCreated"]
    assert [row.status for row in recorder.get_order_statuses("o2", idle)] == ["OrderFailure"]
    assert recorder.get_market_states("a.yml", idle) == {"o1": {"price": "9.10"}}
    fee = TradeFee(D(0), ())
    told = OrderFilledEvent(1001.0, "o1", PAIR, TradeType.BUY, OrderType.LIMIT, D(9), D("0.05"), fee, "t1")
    idle.trigger_event(MarketEvent.OrderFilled, told)  # the fill that is there
    idle.trigger_event(MarketEvent.OrderCancelled, OrderCancelledEvent(1002.0, "o1", "77"))
    recorder.stop()
    [order] = recorder.get_orders_for_config_and_market("a.yml", idle)
    assert order.last_status == "OrderCancelled" and len(recorder.get_trades_for_config("a.yml")) == 1
    with recorder.sql_manager.begin() as connection:
        names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master ORDER BY name")]
    assert not [name for name in names if name.endswith("_0")] and "tf_config_timestamp_index" in names


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (FIRST.replace("amount TEXT", "amount FLOAT"), "table Order of this database is not this recorder's: give it"),
        (
            FIRST.replace("id INTEGER NOT NULL, order_id", "other TEXT, id INTEGER NOT NULL, order_id").split("INSERT")[
                0
            ],
            "table OrderStatus of this database is not this recorder's: give it a file of its own",
        ),
        ('CREATE TABLE "TradeFill" (id TEXT)', "table Order of this database is not this recorder's"),
        ("PRAGMA user_version = 9", "this database is of version 9, this recorder of 1: give it a file of its own"),
    ],
)
def test_a_file_of_another_program_is_refused_and_left(path: Path, idle: Market, script: str, why: str) -> None:
    _make(path, script)
    before = sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall()
    recorder = MarketsRecorder(SQLConnectionManager(path), [idle], "a.yml", "pure")
    with pytest.raises(UsageError, match=why):
        recorder.start()
    idle.trigger_event(MarketEvent.OrderCancelled, OrderCancelledEvent(1002.0, "o1", "77"))
    assert recorder.unwritten == 0
    assert sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall() == before


def test_two_that_open_a_file_at_once_both_do(path: Path) -> None:
    _make(path, FIRST)
    managers = [SQLConnectionManager(path) for _ in range(4)]
    opened: list[SQLConnectionManager] = []

    def open_it(manager: SQLConnectionManager) -> None:
        for _ in range(20):  # as a recorder does, where the machine is slow
            try:
                manager.open()
            except OperationalError:
                continue
            opened.append(manager)
            break

    threads = [threading.Thread(target=open_it, args=(manager,)) for manager in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    with managers[0].begin() as connection:
        assert connection.exec_driver_sql('SELECT COUNT(*) FROM "OrderStatus"').scalar() == 3
