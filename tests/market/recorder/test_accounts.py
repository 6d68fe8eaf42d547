"""Two accounts, markets or orders with the same ids in one database: none of them takes anything of another's."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.market import Market
from exconn.market.recorder import MarketsRecorder
from exconn.model import (
    BuyOrderCreatedEvent,
    MarketEvent,
    OrderCancelledEvent,
    OrderFilledEvent,
    OrderType,
    TradeFee,
    TradeType,
)

D = Decimal
PAIR = "BTC-USDT"


def _create(market: Market, at: float, price: int, exchange_id: str | None) -> None:
    event = BuyOrderCreatedEvent(at, OrderType.LIMIT, PAIR, D(1), D(price), "1", exchange_id)
    market.trigger_event(MarketEvent.BuyOrderCreated, event)


def _fill(market: Market, at: float, price: int) -> None:
    fee = TradeFee(D(0), (("USDT", D("0.1")),))
    event = OrderFilledEvent(at, "1", PAIR, TradeType.BUY, OrderType.LIMIT, D(price), D("0.5"), fee, "t1")
    market.trigger_event(MarketEvent.OrderFilled, event)


def _cancel(market: Market, at: float) -> None:
    market.trigger_event(MarketEvent.OrderCancelled, OrderCancelledEvent(at, "1", None))


def _orders(recorder: MarketsRecorder, market: Market) -> list[tuple[Decimal, str]]:
    rows = recorder.get_orders_for_config_and_market(recorder.config_file_path, market)
    return [(row.price, row.last_status) for row in rows]


async def test_orders_of_one_id_in_two_accounts_are_two(codec: Any, sql: Any) -> None:
    """The trade's id is the same as well where the two have traded with each other."""
    markets = [Market(codec, [PAIR], trading_required=False) for _ in range(2)]
    recorders = [MarketsRecorder(sql, [market], f"{at}.yml", "pure") for at, market in enumerate(markets)]
    for at, (market, recorder) in enumerate(zip(markets, recorders, strict=True)):
        recorder.start()
        _create(market, 1000.0 + at, 100 + at, "77")
        _fill(market, 1001.0, 100 + at)
    _cancel(markets[1], 1002.0)
    assert [_orders(recorder, market) for recorder, market in zip(recorders, markets, strict=True)] == [
        [(D(100), "OrderFilled")],
        [(D(101), "OrderCancelled")],
    ]
    fills = [
        [row.price for row in recorder.get_trades_for_config(f"{at}.yml")] for at, recorder in enumerate(recorders)
    ]
    assert fills == [[D(100)], [D(101)]]
    told = [[row.status for row in recorder.get_order_statuses("1")] for recorder in recorders]
    assert told == [
        ["OrderFilled", "BuyOrderCreated"],
        ["OrderCancelled", "OrderFilled", "BuyOrderCreated"],
    ]


async def test_orders_of_one_id_in_two_markets_are_two(codec: Any, sql: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Market(codec, [PAIR], trading_required=False) for _ in range(2))
    other = type("Other", (), {"name": "another", "__getattr__": lambda _, name: getattr(second, name)})()
    recorder = MarketsRecorder(sql, [first, other], "conf.yml", "pure")
    recorder.start()
    _create(first, 1000.0, 100, "77")
    _create(second, 1001.0, 101, "78")
    _cancel(second, 1002.0)
    assert _orders(recorder, first) == [(D(100), "BuyOrderCreated")]
    assert _orders(recorder, other) == [(D(101), "OrderCancelled")]
    assert [row.status for row in recorder.get_order_statuses("1", first)] == ["BuyOrderCreated"]
    assert len(recorder.get_order_statuses("1")) == 3


@pytest.mark.parametrize(
    ("exchange_ids", "orders"),
    [
        (("77", "78"), [(D(101), "BuyOrderCreated"), (D(100), "OrderCancelled")]),
        ((None, None), [(D(101), "BuyOrderCreated"), (D(100), "OrderCancelled")]),
        (("77", "77"), [(D(100), "OrderCancelled")]),  # the same order, told again
    ],
)
async def test_an_id_that_is_used_again_is_another_order(
    codec: Any, sql: Any, exchange_ids: tuple[str | None, str | None], orders: list[tuple[Decimal, str]]
) -> None:
    market = Market(codec, [PAIR], trading_required=False)
    recorder = MarketsRecorder(sql, [market], "conf.yml", "pure")
    recorder.start()
    _create(market, 1000.0, 100, exchange_ids[0])
    _create(market, 1000.5, 100, exchange_ids[0])  # an open order's id is nobody else's
    _cancel(market, 1001.0)
    _create(market, 2000.0, 101, exchange_ids[1])
    assert _orders(recorder, market) == orders
