"""Routing, parking, remembering and delivering."""

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from exconn.errors import NotSent, UsageError
from exconn.market.tracking import (
    CancelRequested,
    MemoryStore,
    Phase,
    Refused,
    Submitted,
    TrackedOrder,
    Tracker,
    Unresolved,
)
from exconn.market.tracking.resting import pack
from exconn.market.tracking.tracker import RESTS_AFTER, RETAINED_SECONDS
from exconn.model import FeePaid, FillReport, MarketEvent, OrderReport, OrderState, OrderType, TradeType


def intent(client_id: str, pair: str = "BTC-USDT") -> TrackedOrder:
    return TrackedOrder(
        client_id=client_id,
        pair=pair,
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=Decimal(100),
        amount=Decimal(1),
    )


def report(state: OrderState, **ids: Any) -> OrderReport:
    return OrderReport(state=state, filled=Decimal(0), **ids)


def fill(trade_id: str, amount: str = "0.5", **ids: Any) -> FillReport:
    return FillReport(trade_id=trade_id, price=Decimal(100), amount=Decimal(amount), **ids)


class Told:
    """A tracker over a store in memory, and all it told."""

    def __init__(self, listener: Callable[["Told", MarketEvent, Any], None] | None = None) -> None:
        self.events: list[tuple[str, str]] = []
        self.store = MemoryStore()
        self.listener = listener
        self.tracker = Tracker(self.store, self.emit)

    def emit(self, tag: MarketEvent, event: Any) -> None:
        self.events.append((event.order_id, tag.name))
        if self.listener is not None:
            self.listener(self, tag, event)


def test_the_intent_is_in_the_store_before_anything_else() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    assert [order.phase for order in told.store.load()] == [Phase.INTENT]
    with pytest.raises(UsageError, match="client id a is taken; every order needs one of its own"):
        told.tracker.start(intent("a"))


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ({"client_id": "a"}, "a"),
        ({"exchange_order_id": "1"}, None),
        ({"exchange_order_id": "1", "pair": "BTC-USDT"}, "a"),
        ({"exchange_order_id": "1", "pair": "ETH-USDT"}, "b"),
        ({"exchange_order_id": "9"}, None),
        ({"client_id": "z"}, None),
        ({"client_id": "z", "exchange_order_id": "1", "pair": "BTC-USDT"}, "a"),
    ],
)
def test_a_report_finds_its_order_by_client_id_else_by_exchange_id(ids: dict[str, str], found: str | None) -> None:
    told = Told()
    for name, pair in (("a", "BTC-USDT"), ("b", "ETH-USDT")):
        told.tracker.start(intent(name, pair))
        told.tracker.report(report(OrderState.OPEN, client_id=name, exchange_order_id="1"), 1.0)
    order = told.tracker.find_report(report(OrderState.OPEN, **ids))
    assert (order and order.client_id) == found


def test_what_is_refused_is_named(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    told.tracker.start(intent("a"))
    told.tracker.report(report(OrderState.OPEN, client_id="a", exchange_order_id="1"), 1.0)
    told.tracker.report(fill("t", client_id="z", exchange_order_id="1"), 2.0)
    assert caplog.messages == ["order a: a report was refused: it is of client id z"]
    assert told.events == [("a", "BuyOrderCreated")]


def test_a_fill_that_overtakes_the_ack_waits_for_the_id() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    assert told.tracker.report(fill("t1", exchange_order_id="1"), 1.0) is None
    assert told.events == []
    told.tracker.report(report(OrderState.OPEN, client_id="a", exchange_order_id="1"), 2.0)
    assert told.events == [("a", "BuyOrderCreated"), ("a", "OrderFilled")]
    assert told.tracker.open["a"].executed_base == Decimal("0.5")


def test_foreign_reports_are_not_kept_when_every_order_has_its_id() -> None:
    told = Told()
    told.tracker.report(fill("t1", exchange_order_id="1"), 1.0)
    told.tracker.start(intent("a"))
    told.tracker.report(report(OrderState.OPEN, client_id="a", exchange_order_id="1"), 2.0)
    assert told.events == [("a", "BuyOrderCreated")]


def test_only_so_many_foreign_reports_are_kept() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    for number in range(1_200):
        told.tracker.report(fill("t", exchange_order_id=str(number)), 1.0)
    told.tracker.report(report(OrderState.OPEN, client_id="a", exchange_order_id="0"), 2.0)
    assert told.events == [("a", "BuyOrderCreated")]


def test_a_late_fill_counts_for_a_day(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    for name, closed_at in (("a", 0.0), ("b", 100.0)):
        told.tracker.start(intent(name))
        told.tracker.report(report(OrderState.CANCELED, client_id=name, exchange_order_id=f"x{name}"), closed_at)
    assert told.tracker.open == {}
    told.tracker.tick(86_399.0)
    told.tracker.report(fill("t1", exchange_order_id="xa"), 86_399.0)
    assert told.events[-1] == ("a", "OrderFilled")
    assert caplog.messages == ["order a: a fill came after its end and is counted"]
    told.tracker.tick(86_401.0)
    assert told.tracker.find("a") is None
    assert told.tracker.report(fill("t2", exchange_order_id="xa"), 86_402.0) is None
    assert [order.client_id for order in told.store.load()] == ["b"]


def test_where_ids_are_numbered_pair_by_pair_a_report_without_a_pair_is_nobodys() -> None:
    tracker = Told().tracker
    for name, pair in (("a", "BTC-USDT"), ("b", "ETH-USDT")):
        tracker.start(intent(name, pair))
        tracker.tell(name, report(OrderState.OPEN, exchange_order_id="7"), 1.0)
    unclear = report(OrderState.OPEN, exchange_order_id="7")
    assert tracker.report(unclear, 2.0) is None
    found = tracker.report(report(OrderState.OPEN, exchange_order_id="7", pair="ETH-USDT"), 2.0)
    assert found is not None and found.client_id == "b"
    tracker.stop("a")
    found = tracker.report(unclear, 2.0)
    assert found is not None and found.client_id == "b"


def test_a_closed_order_at_rest_is_whole_and_takes_little_room() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    told.tracker.tell("a", report(OrderState.OPEN, exchange_order_id="x"), 1.0)
    for name in ("t", "u"):
        told.tracker.report(fill(name, client_id="a", fees=(FeePaid("BNB", Decimal("1e-8")),), time_ns=7), 1.0)
    closed = told.tracker.find("a")
    assert closed is not None and closed.phase is Phase.FILLED
    told.tracker.tick(1.0 + RESTS_AFTER)
    assert told.tracker.find("a") == closed and told.store.load() == [closed]
    told.events.clear()
    told.tracker.report(fill("t", exchange_order_id="x"), 400.0)
    told.tracker.report(report(OrderState.OPEN, exchange_order_id="x"), 400.0)
    assert told.events == []
    told.tracker.report(fill("v", exchange_order_id="x"), 500.0)
    told.tracker.tick(501.0)
    told.tracker.report(fill("v", exchange_order_id="x"), 600.0)
    assert told.events == [("a", "OrderFilled")]
    assert len(pack(closed)) < 200
    told.tracker.tick(1.0 + RETAINED_SECONDS)
    assert told.tracker.find("a") is None and told.store.load() == []
    assert told.tracker.report(report(OrderState.OPEN, exchange_order_id="x"), 90_000.0) is None


def test_each_order_at_rest_is_forgotten_at_its_own_time() -> None:
    told = Told()
    for number, name in enumerate("abcd"):
        told.tracker.start(intent(name))
        told.tracker.tell(name, Refused(NotSent("no connection"), proven=True), 100.0 * number)
    for now in range(int(RESTS_AFTER), int(RESTS_AFTER) + 1_000, 50):
        told.tracker.tick(now)
    told.tracker.stop("b")
    left: dict[float, str] = {}
    for past in (-1.0, 0.0, 199.0, 200.0, 299.0, 300.0):
        told.tracker.tick(RETAINED_SECONDS + past)
        left[past] = "".join(name for name in "abcd" if told.tracker.find(name) is not None)
    assert left == {-1.0: "acd", 0.0: "cd", 199.0: "cd", 200.0: "d", 299.0: "d", 300.0: ""}


def test_an_order_that_failed_here_and_shows_up_there_is_an_alarm(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    told.tracker.start(intent("a"))
    told.tracker.tell("a", Refused(NotSent("no connection"), proven=True), 1.0)
    told.tracker.report(report(OrderState.OPEN, client_id="a", exchange_order_id="1"), 2.0)
    assert caplog.messages == ["order a failed here, but the exchange shows it as 1"]
    assert told.events == [("a", "OrderFailure")]


def test_the_tick_releases_what_was_held() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    ended = OrderReport(state=OrderState.CANCELED, filled=Decimal("0.5"), client_id="a")
    told.tracker.report(ended, 1.0)
    told.tracker.tick(30.0)
    assert told.events == [("a", "BuyOrderCreated")]
    told.tracker.tick(31.0)
    assert told.events[-1] == ("a", "OrderCancelled")


def test_events_keep_their_order_when_a_listener_causes_more() -> None:
    def meddle(told: Told, tag: MarketEvent, event: Any) -> None:
        if tag is MarketEvent.BuyOrderCreated and event.order_id == "a":
            told.tracker.start(intent("b"))
            told.tracker.report(report(OrderState.OPEN, client_id="b", exchange_order_id="2"), 1.0)

    told = Told(meddle)
    told.tracker.start(intent("a"))
    told.tracker.report(fill("t1", "1", client_id="a"), 1.0)
    assert told.events == [
        ("a", "BuyOrderCreated"),
        ("a", "OrderFilled"),
        ("a", "BuyOrderCompleted"),
        ("b", "BuyOrderCreated"),
    ]


def test_state_and_events_are_kept_before_they_are_told() -> None:
    seen: list[Any] = []

    class Strict(MemoryStore):
        def commit(self, order: TrackedOrder, events: Any) -> None:
            seen.append(("kept", [tag.name for tag, _ in events]))
            super().commit(order, events)

    store = Strict()
    tracker = Tracker(store, lambda tag, event: seen.append(("told", tag.name)))
    tracker.start(intent("a"))
    tracker.tell("a", Submitted(5), 1.0)
    tracker.report(report(OrderState.OPEN, client_id="a"), 1.0)
    assert seen == [("kept", []), ("kept", ["BuyOrderCreated"]), ("told", "BuyOrderCreated")]


def test_a_fact_that_changes_nothing_is_not_kept_again() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    opened = report(OrderState.OPEN, client_id="a", exchange_order_id="1")
    assert told.tracker.report(opened, 1.0) is told.tracker.report(opened, 2.0)
    assert told.tracker.tell("unknown", CancelRequested(), 1.0) is None


def test_an_interrupted_submit_comes_back_unresolved_and_an_order_known_here_stays() -> None:
    told = Told()
    told.tracker.start(intent("a"))
    told.tracker.tell("a", Unresolved("reset"), 1.0)
    told.tracker.restore([intent("a"), intent("b")])
    assert [(order.client_id, order.phase) for order in told.tracker.open.values()] == [
        ("a", Phase.UNRESOLVED),
        ("b", Phase.UNRESOLVED),
    ]


def test_a_stopped_order_is_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = Told()
    told.tracker.start(intent("a"))
    told.tracker.stop("a")
    assert told.tracker.report(fill("t1", client_id="a"), 1.0) is None
    assert (told.events, told.store.load(), told.tracker.open) == ([], [], {})
