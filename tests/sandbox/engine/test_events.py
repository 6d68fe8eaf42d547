"""Events: their causal order, what they carry, how they are published, and the public tape."""

from decimal import Decimal
from typing import Any

import pytest

from exconn.sandbox.engine import (
    BalanceChanged,
    BookChanged,
    Event,
    InstrumentChanged,
    OrderAccepted,
    OrderClosed,
    OrderRested,
    OrderUpdated,
    Policy,
    SelfTrade,
    TimeInForce,
    Trade,
)
from exconn.sandbox.engine.minute import DAY, HOUR, MINUTE, WEEK

D = Decimal


def tell(event: Event) -> str:
    """One event in a few words."""
    match event:
        case OrderAccepted(order):
            return f"accepted {order.id}"
        case OrderRested(order):
            return f"rested {order.id} {order.remaining.normalize():f}"
        case OrderUpdated(order, change, fill):
            return f"updated {order.id} {change} {fill.fee_asset if fill else '-'}"
        case OrderClosed(order, fill):
            return f"closed {order.id} {order.reason} {'with' if fill else 'without'} fill"
        case Trade():
            return f"trade {event.id} {event.amount.normalize():f}@{event.price} by {event.taker_side}"
        case BalanceChanged(account, asset, total, held, cause):
            return f"{account} {asset} {total.normalize():f}/{held.normalize():f} {cause}"
        case BookChanged(_, sequence, side, price, size):
            return f"book {sequence} {side} {size.normalize():f}@{price}"
        case InstrumentChanged(instrument, listed):
            return f"{instrument.symbol} {'listed' if listed else 'delisted'}"


STORIES: dict[str, tuple[tuple[str, ...], tuple[str, str, dict[str, Any]], list[str]]] = {
    "an order rests": (
        (),
        ("ann", "buy 1 @ 100", {}),
        ["accepted 1", "ann QQQ 1000/100 hold", "rested 1 1", "book 1 buy 1@100"],
    ),
    "an order trades with one and rests": (
        ("sell 1 @ 100",),
        ("ann", "buy 1.5 @ 101", {}),
        [
            "accepted 2",
            "ann QQQ 1000/151.5 hold",
            "trade 1 1@100 by buy",
            "book 2 sell 0@100",
            "closed 1 filled with fill",
            "updated 2 fill AAA",
            "bob AAA 999/0 trade",
            "ann QQQ 900/50.5 trade",
            "bob QQQ 1100/0 trade",
            "ann AAA 1001/0 trade",
            "rested 2 0.5",
            "book 3 buy 0.5@101",
        ],
    ),
    "the remainder of an IOC order is released": (
        ("sell 1 @ 100",),
        ("ann", "buy 1.5 @ 101", {"time_in_force": TimeInForce.IOC}),
        [
            "accepted 2",
            "ann QQQ 1000/151.5 hold",
            "trade 1 1@100 by buy",
            "book 2 sell 0@100",
            "closed 1 filled with fill",
            "updated 2 fill AAA",
            "bob AAA 999/0 trade",
            "ann QQQ 900/50.5 trade",
            "bob QQQ 1100/0 trade",
            "ann AAA 1001/0 trade",
            "closed 2 ioc_remainder without fill",
            "ann QQQ 900/0 release",
        ],
    ),
    "a market order fills": (
        ("sell 2 @ 100",),
        ("ann", "buy 1", {}),
        [
            "accepted 2",
            "ann QQQ 1000/100 hold",
            "trade 1 1@100 by buy",
            "book 2 sell 1@100",
            "updated 1 fill QQQ",
            "closed 2 filled with fill",
            "bob AAA 999/1 trade",
            "ann QQQ 900/0 trade",
            "bob QQQ 1100/0 trade",
            "ann AAA 1001/0 trade",
        ],
    ),
    "an own order is withdrawn": (
        ("sell 1 @ 100",),
        ("bob", "buy 1 @ 100", {"self_trade": SelfTrade.CANCEL_OLDEST}),
        [
            "accepted 2",
            "bob QQQ 1000/100 hold",
            "book 2 sell 0@100",
            "closed 1 self_trade without fill",
            "bob AAA 1000/0 release",
            "rested 2 1",
            "book 3 buy 1@100",
        ],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_causal_order(desk: Any, story: str) -> None:
    before, (account, order, options), expected = STORIES[story]
    for text in before:
        desk.placed("bob", text)
    assert [tell(event) for event in desk.events(account, order, **options)] == expected


def test_cancelling_and_delisting(desk: Any) -> None:
    order = desk.placed("ann", "sell 1 @ 100")
    cancelled = desk.exchange.cancel("ann", order.id, 5)
    assert [tell(e) for e in cancelled.events] == [
        "book 2 sell 0@100",
        "closed 1 requested without fill",
        "ann AAA 1000/0 release",
    ]
    desk.placed("bob", "buy 1 @ 100")
    assert [tell(e) for e in desk.exchange.delist("PAIR", 6)] == [
        "book 4 buy 0@100",
        "closed 2 delisted without fill",
        "bob QQQ 1000/0 release",
        "PAIR delisted",
    ]


def test_listeners_hear_each_operation_once_and_in_order(desk: Any) -> None:
    heard: list[tuple[Event, ...]] = []
    unsubscribe = desk.exchange.subscribe(heard.append)
    first = desk.events("ann", "buy 1 @ 100")
    desk.rejected("ann", "buy 1")
    unsubscribe()
    desk.events("ann", "buy 1 @ 100")
    assert heard == [first]


def test_calls_together_are_one_operation_also_where_one_fails(desk: Any) -> None:
    heard: list[list[str]] = []
    desk.exchange.subscribe(lambda events: heard.append([tell(event) for event in events]), OrderRested, Trade)

    def trade() -> None:
        assert desk.events("ann", "buy 1 @ 100") == desk.events("bob", "sell 2 @ 100") == ()
        assert heard == []

    def fail() -> None:
        desk.placed("ann", "buy 1 @ 99")
        raise RuntimeError("no more")

    told = desk.exchange.together(trade)
    with pytest.raises(RuntimeError, match="no more"):
        desk.exchange.together(fail)
    desk.placed("ann", "buy 1 @ 98")
    assert [tell(event) for event in told if isinstance(event, Trade)] == ["trade 1 1@100 by sell"]
    assert heard == [["rested 1 1", "trade 1 1@100 by sell", "rested 2 1"], ["rested 3 1"], ["rested 4 1"]]


def test_a_listener_of_some_kinds_hears_those_alone_and_is_not_called_without(desk: Any) -> None:
    heard: list[list[str]] = []

    def hear(events: tuple[Event, ...]) -> None:
        heard.append([tell(event) for event in events])

    unsubscribe = desk.exchange.subscribe(hear, OrderRested, BookChanged)
    desk.placed("ann", "buy 1 @ 100")
    desk.exchange.deposit("bob", "QQQ", Decimal(1), 1)
    desk.placed("bob", "sell 2 @ 100")
    unsubscribe()
    desk.placed("ann", "buy 1 @ 99")
    assert heard == [
        ["rested 1 1", "book 1 buy 1@100"],
        ["book 2 buy 0@100", "rested 2 1", "book 3 sell 1@100"],
    ]


def test_a_listener_may_call_the_exchange(desk: Any) -> None:
    heard: list[str] = []

    def answer(events: tuple[Event, ...]) -> None:
        if any(isinstance(event, OrderRested) and event.order.account == "ann" for event in events):
            desk.placed("bob", "sell 1 @ 100")

    desk.exchange.subscribe(answer)
    desk.exchange.subscribe(lambda events: heard.extend(tell(event).split()[0] for event in events))
    desk.placed("ann", "buy 1 @ 100")
    assert heard[:4] == ["accepted", "ann", "rested", "book"]
    assert heard[4:7] == ["accepted", "bob", "trade"]


@pytest.mark.parametrize("kinds", [(), (OrderRested,)])
def test_a_listener_that_fails_is_said_loudly_and_stops_nothing_else(
    desk: Any, caplog: pytest.LogCaptureFixture, kinds: tuple[type[Event], ...]
) -> None:
    def fail(_: tuple[Event, ...]) -> None:
        raise RuntimeError("no ears")

    heard: list[tuple[Event, ...]] = []
    desk.exchange.subscribe(fail, *kinds)
    desk.exchange.subscribe(heard.append)
    events = desk.events("ann", "buy 1 @ 100")
    assert heard == [events]
    (record,) = caplog.records
    assert record.name == "exconn.sandbox.engine.journal"
    assert record.levelname == "ERROR"
    assert record.getMessage().endswith("the others go on: " + fail.__qualname__)
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "no ears"
    caplog.clear()


def test_the_log_and_the_tape_are_bounded(open_desk: Any) -> None:
    desk = open_desk(Policy(trades_kept=3, events_kept=7))
    desk.placed("bob", "sell 5 @ 100")
    for _ in range(5):
        desk.placed("ann", "buy 1 @ 100")
    assert [trade.number for trade in desk.exchange.trades("PAIR")] == [3, 4, 5]
    assert [trade.number for trade in desk.exchange.trades("PAIR", 2)] == [4, 5]
    assert len(desk.exchange.log()) == 7


def trade_at(desk: Any, now: int, price: str, amount: str) -> None:
    desk.now = now - 1
    desk.placed("bob", f"sell {amount} @ {price}")
    desk.now = now - 1
    desk.placed("ann", f"buy {amount} @ {price}")


def test_ticker_and_minutes(desk: Any) -> None:
    for now, price, amount in ((1, "100", "1"), (2, "110", "2"), (MINUTE, "90", "1"), (DAY, "95", "1")):
        trade_at(desk, now, price, amount)
    desk.placed("bob", "sell 1 @ 120")
    ticker = desk.exchange.ticker("PAIR", DAY)
    assert (ticker.open, ticker.high, ticker.low, ticker.last) == (100, 110, 90, 95)
    assert (ticker.volume, ticker.quote_volume, ticker.trades) == (5, 505, 4)
    assert (ticker.bid, ticker.bid_size, ticker.ask, ticker.ask_size) == (None, None, 120, 1)
    *_, first = desk.exchange.minutes("PAIR", DAY)
    assert (first.start, first.open, first.high, first.low, first.close) == (0, 100, 110, 100, 110)
    assert (first.volume, first.quote_volume, first.trades) == (3, 320, 2)


LATER = [
    # now, open, high, low, volume
    (DAY + MINUTE - 1, 100, 110, 90, 5),
    (DAY + MINUTE, 90, 95, 90, 2),
    (DAY + 2 * MINUTE, 95, 95, 95, 1),
    (2 * DAY + MINUTE, None, None, None, 0),
]


def weeks(desk: Any, days: int) -> Any:
    """A trade every five hours for so many days, each dearer by 1 than the one before; the tape."""
    desk.exchange.deposit("ann", "QQQ", D(10_000), 0)
    desk.exchange.deposit("bob", "AAA", D(100), 0)
    tape = desk.exchange._venue["PAIR"].tape
    for number in range(days * 24 // 5):
        trade_at(desk, number * 5 * HOUR + 1, str(100 + number), "1")
    return tape


def test_minutes_are_kept_for_a_week(desk: Any) -> None:
    tape = weeks(desk, 10)
    now = desk.now
    found = list(desk.exchange.minutes("PAIR", now))
    assert [minute.close for minute in found] == [D(147 - n) for n in range(7 * 24 // 5 + 1)]
    assert found[-1].start >= now - WEEK - MINUTE > found[-1].start - 5 * HOUR
    assert {minute.trades for minute in found} == {1}
    assert [minute.first for minute in found] == [48 - n for n in range(len(found))]
    assert len(tape._past._hours) <= 6 * 24 // 5 + 1  # and nothing older
    later = now + 20 * DAY
    trade_at(desk, later, "90", "1")
    trade_at(desk, later + 2 * DAY, "91", "1")
    assert [minute.close for minute in desk.exchange.minutes("PAIR", later + 2 * DAY)] == [91, 90]


WINDOWS = [
    (1, 143, 147, 5, 142),
    (2, 138, 147, 10, 137),
    (6, 119, 147, 29, 118),
    (7, 114, 147, 34, None),
    (9, 114, 147, 34, None),
]


@pytest.mark.parametrize(("days", "opened", "high", "trades", "previous"), WINDOWS)
def test_statistics_of_days(desk: Any, days: int, opened: int, high: int, trades: int, previous: int | None) -> None:
    weeks(desk, 10)
    now = desk.now
    ticker = desk.exchange.ticker("PAIR", now, (now - days * DAY - now % MINUTE, now))
    assert (ticker.open, ticker.low, ticker.high, ticker.last) == (opened, opened, high, high)
    assert (ticker.trades, ticker.volume, ticker.quote_volume) == (trades, trades, sum(range(opened, high + 1)))
    assert ticker.previous == previous
    assert (ticker.since, ticker.until) == (now - days * DAY - now % MINUTE, now)


def test_what_was_paid_before_the_last_day(desk: Any) -> None:
    weeks(desk, 3)
    ticker = desk.exchange.ticker("PAIR", desk.now)
    assert (ticker.open, ticker.previous) == (109, 108)


@pytest.mark.parametrize(("now", "opened", "high", "low", "volume"), LATER)
def test_the_ticker_forgets_what_is_older_than_a_day(
    desk: Any, now: int, opened: int | None, high: int | None, low: int | None, volume: int
) -> None:
    for at, price, amount in ((1, "100", "1"), (2, "110", "2"), (MINUTE, "90", "1"), (DAY, "95", "1")):
        trade_at(desk, at, price, amount)
    ticker = desk.exchange.ticker("PAIR", now)
    assert (ticker.open, ticker.high, ticker.low, ticker.volume) == (opened, high, low, volume)
    assert ticker.last == D(95)


def test_time_that_steps_back_stays_in_the_last_minute(desk: Any) -> None:
    trade_at(desk, 5 * MINUTE, "100", "1")
    trade_at(desk, MINUTE, "90", "1")
    (minute,) = desk.exchange.minutes("PAIR", 5 * MINUTE)
    assert (minute.start, minute.low, minute.trades) == (5 * MINUTE, 90, 2)
