"""A database that is locked, full or none at all: the market goes on, and nothing that it told is lost unsaid."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exconn.market import Market
from exconn.market.recorder import MarketsRecorder, SQLConnectionManager
from exconn.market.recorder.waiting import Waiting
from exconn.model import (
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


@pytest.fixture
def idle(codec: Any) -> Market:
    """A market that is not started: events are triggered by hand."""
    return Market(codec, [PAIR], trading_required=False)


@contextmanager
def _held(sql: SQLConnectionManager) -> Iterator[None]:
    """Another process writes into the file, and takes its time."""
    holder = sqlite3.connect(sql.db_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def _fill(market: Market, order_id: str, trade_id: str, at: float = 1001.0, price: Any = 9) -> None:
    fee = TradeFee(D(0), ())
    price = D(price) if isinstance(price, int) else price
    event = OrderFilledEvent(at, order_id, PAIR, TradeType.BUY, OrderType.LIMIT, price, D("0.1"), fee, trade_id)
    market.trigger_event(MarketEvent.OrderFilled, event)


def _trades(recorder: MarketsRecorder) -> list[str]:
    return [row.exchange_trade_id for row in recorder.get_trades_for_config(CONFIG)][::-1]


def _track(market: Market, client_id: str) -> None:
    market.start_tracking_order(client_id, PAIR, OrderType.LIMIT, TradeType.BUY, D(50000), D("0.001"))


def _errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    records = [
        each for each in caplog.records if each.levelno == logging.ERROR and "exconn.market.recorder" in each.name
    ]
    return [each.getMessage() for each in records]


async def test_what_waits_is_written_without_another_event(
    virtual_world: World, idle: Market, sql: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Held for two minutes: one error, and a moment of waiting now and then, however much is told meanwhile."""
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    _track(idle, "a")
    with _held(sql), caplog.at_level(logging.INFO):
        begun = time.perf_counter()
        for number in range(120):
            _fill(idle, "a", f"t{number}")
            await asyncio.sleep(1.0)
        assert time.perf_counter() - begun < 5.0
        assert recorder.unwritten == 120
    assert _errors(caplog) == ["1 events are not recorded yet, and wait in memory: database is locked"]
    await asyncio.sleep(31.0)
    assert recorder.unwritten == 0
    assert _trades(recorder) == [f"t{number}" for number in range(120)]
    assert "the recorder writes again; 120 events that waited are recorded" in caplog.text
    assert recorder.get_market_states(CONFIG, idle) == idle.tracking_states
    recorder.stop()


def test_without_a_loop_the_next_event_writes_what_waits(idle: Market, sql: Any) -> None:
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    with _held(sql):
        _fill(idle, "a", "t1")
        assert recorder.unwritten == 1
    _fill(idle, "a", "t2")
    assert recorder.unwritten == 0
    assert _trades(recorder) == ["t1", "t2"]


async def test_of_the_states_the_newest_alone_wait(idle: Market, sql: Any, codec: Any) -> None:
    """And they speak for all orders that were known meanwhile, another process's stay."""
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    other = MarketsRecorder(sql, [Market(codec, [PAIR], trading_required=False)], CONFIG, "pure")
    _track(other._markets[0], "theirs")
    other.save_market_states(CONFIG, other._markets[0])
    recorder.start()
    for each in ("a", "b"):
        _track(idle, each)
    recorder.save_market_states(CONFIG, idle)
    with _held(sql):
        for number, each in enumerate(("a", "b")):
            idle.stop_tracking_order(each)
            idle.trigger_event(MarketEvent.OrderCancelled, OrderCancelledEvent(1000.0 + number, each, None))
            _track(idle, f"c{number}")
        _fill(idle, "c0", "t1")
        assert len(recorder._waiting._states) == 1
    assert recorder.flush()
    assert set(recorder.get_market_states(CONFIG, idle) or {}) == {"c0", "c1", "theirs"}


async def test_of_more_events_than_may_wait_the_oldest_is_told_to_the_log(
    idle: Market, sql: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder._waiting = Waiting(at_most=3)
    recorder.start()
    with _held(sql), caplog.at_level(logging.ERROR):
        for number in range(4):
            _fill(idle, "a", f"t{number}")
    _, lost = _errors(caplog)
    assert "no room to keep this event, it is not recorded: myexchange (conf.yml): OrderFilled" in lost
    assert "trade_fee=TradeFee" in lost and "exchange_trade_id='t0'" in lost
    assert recorder.flush()
    assert _trades(recorder) == ["t1", "t2", "t3"]


@pytest.mark.parametrize(
    ("order_id", "at", "price"),
    [
        ("o\ud800", 1001.0, 9),  # no UTF-8
        ("o1", float("nan"), 9),
        ("o1", 1e300, 9),  # more than a column holds
        ("o1", 1001.0, None),
        (("o", 1), 1001.0, 9),
        (None, 1001.0, 9),
    ],
)
def test_an_event_that_cannot_be_written_keeps_none_of_the_others(
    idle: Market, sql: Any, caplog: pytest.LogCaptureFixture, order_id: Any, at: float, price: Any
) -> None:
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    with caplog.at_level(logging.ERROR):
        _fill(idle, order_id, "bad", at, price)
        _fill(idle, "o2", "good")
    [said] = _errors(caplog)
    assert said.startswith("this event cannot be recorded: ") and "exchange_trade_id='bad'" in said
    assert recorder.unwritten == 0
    assert _trades(recorder) == ["good"]


def test_states_that_cannot_be_joined_keep_no_event(idle: Market, sql: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The row is left as it is, for somebody to look at, and said once."""
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    _fill(idle, "o1", "t1")
    with sql.begin() as connection:
        connection.exec_driver_sql("UPDATE MarketState SET saved_state = '{torn'")
    with caplog.at_level(logging.ERROR):
        _fill(idle, "o1", "t2")
        _fill(idle, "o1", "t3")
    assert len(_errors(caplog)) == 1
    assert "the tracking states of myexchange (conf.yml) are not kept: " in caplog.text
    assert _trades(recorder) == ["t1", "t2", "t3"]
    with sql.begin() as connection:
        assert connection.exec_driver_sql("SELECT saved_state FROM MarketState").scalar() == "{torn"
        connection.exec_driver_sql("UPDATE MarketState SET saved_state = '{}'")
    assert recorder.flush()
    assert recorder.get_market_states(CONFIG, idle) == {}


def test_what_a_full_disk_does_not_take_waits(idle: Market, sql: Any, caplog: pytest.LogCaptureFixture) -> None:
    """All of a transaction or nothing of it: the small events that come first are not written alone."""
    recorder = MarketsRecorder(sql, [idle], CONFIG, "pure")
    recorder.start()
    with sql.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as there are
    with caplog.at_level(logging.ERROR):
        _fill(idle, "o1" * 100_000, "t1")
        _fill(idle, "o2", "t2")
        _fill(idle, "o3", "t3")
    assert _errors(caplog) == ["1 events are not recorded yet, and wait in memory: database or disk is full"]
    assert recorder.unwritten == 3
    with sql.begin() as connection:
        assert connection.exec_driver_sql('SELECT COUNT(*) FROM "OrderStatus"').scalar() == 0
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert recorder.flush()
    assert _trades(recorder) == ["t1", "t2", "t3"]


@pytest.mark.parametrize("content", [b"no database, but long enough to be looked at" * 40, None])
def test_a_file_that_cannot_be_opened_stops_no_market(
    idle: Market, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    path = tmp_path / "folder" / "trades.sqlite"
    if content is not None:
        path.parent.mkdir()
        path.write_bytes(content)
    recorder = MarketsRecorder(SQLConnectionManager(path), [idle], CONFIG, "pure")
    with caplog.at_level(logging.ERROR):
        recorder.start()
        _fill(idle, "o1", "t1")
        assert not recorder.flush()
    assert recorder.unwritten == 1
    [said] = _errors(caplog)
    assert said.endswith("file is not a database" if content else "unable to open database file")
    with caplog.at_level(logging.ERROR):
        recorder.stop()
    assert "stopped with 1 events not recorded" in caplog.text
    if content is not None:
        assert path.read_bytes() == content
        path.unlink()
    path.parent.mkdir(exist_ok=True)
    assert recorder.flush()
    assert _trades(recorder) == ["t1"]
