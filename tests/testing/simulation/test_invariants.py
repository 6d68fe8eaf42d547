"""An invariant that cannot fail proves nothing: each is broken by a market with a planted bug, and told by its name."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace

from exconn.codec import Keyring
from exconn.errors import ExconnError
from exconn.market import Auth, OrderBook, rest
from exconn.market import orders as market_orders
from exconn.market.account import Account
from exconn.market.book_asking import BookAsking
from exconn.market.http import Http
from exconn.market.limiter import Limiter
from exconn.market.lookups import Lookups
from exconn.market.polling import StatusPolling
from exconn.market.tracking import Phase, Refused, Tracker, announce
from exconn.market.tracking.order import TrackedOrder
from exconn.market.trading import Trading
from exconn.model import CancellationResult, OrderType, TradeType
from exconn.testing.simulation import run
from exconn.testing.simulation.busy_trader import BusyTrader
from exconn.testing.simulation.chronicle import Life
from exconn.testing.simulation.invariants import BEAT, KEPT, QUIET, TOLD, orders
from exconn.testing.simulation.subjects import load_subject

Schedule = Sequence[dict[str, Any]]
Plant = Callable[[pytest.MonkeyPatch], None]
RESET = [{"at": 5, "fault": "accepted_then_reset", "on": ["place"], "for": 50}]
LOST = [{"at": 5, "fault": "lost", "on": ["place"], "for": 50}]
BANNED = [{"at": at, "fault": "rate_limited", "on": ["place"], "status": 418, "retry_after": 8} for at in (10, 30)]


def a_timeout_is_a_failure(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(market_orders, "refusal", lambda error: Refused(error, proven=True))


def an_order_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BusyTrader, "_cancel", lambda self, client_id: self._market.stop_tracking_order(client_id))


def a_price_is_told_wrong(patch: pytest.MonkeyPatch) -> None:
    told = announce.filled
    wrong = Decimal("0.01")
    patch.setattr(
        announce, "filled", lambda order, fill, *rest: told(order, fill._replace(price=fill.price + wrong), *rest)
    )


def a_fill_is_told_twice(patch: pytest.MonkeyPatch) -> None:
    deliver = Tracker._deliver

    def twice(self: Tracker) -> None:
        fills = [each for each in self._outbox if each[0].name == "OrderFilled"]
        self._outbox.extendleft(fills)
        deliver(self)

    patch.setattr(Tracker, "_deliver", twice)


def a_call_places_twice(patch: pytest.MonkeyPatch) -> None:
    begin = Trading.begin

    def twice(self: Trading, *words: Any) -> str:
        begin(self, *words)
        return begin(self, *words)

    patch.setattr(Trading, "begin", twice)


def more_is_available(patch: pytest.MonkeyPatch) -> None:
    available = Account.available
    patch.setattr(Account, "available", lambda self, asset: available(self, asset) + 1)


def the_opening_was_another(patch: pytest.MonkeyPatch) -> None:
    made = run._case

    def case(*words: Any) -> Any:
        found = made(*words)
        found.opening = {**found.opening, "BTC": found.opening["BTC"] + Decimal("0.00000001")}
        return found

    patch.setattr(run, "_case", case)


def a_cancel_is_never_sent(patch: pytest.MonkeyPatch) -> None:
    async def nothing(self: Trading, client_id: str) -> str:
        return client_id

    patch.setattr(Trading, "cancel", nothing)


def a_sweep_is_always_proven(patch: pytest.MonkeyPatch) -> None:
    async def at_once(self: Trading, timeout: float) -> list[CancellationResult]:
        return [CancellationResult(each, True) for each in self._tracker.open]

    def sweep(self: BusyTrader) -> None:
        self._place()
        self._sweeps.append(asyncio.create_task(self._cancel_all()))

    patch.setattr(Trading, "cancel_all", at_once)
    patch.setattr(BusyTrader, "_act", sweep)


def a_book_says_a_later_sequence(patch: pytest.MonkeyPatch) -> None:
    uid = OrderBook.uid
    assert isinstance(uid, property)
    assert uid.fget is not None
    true = uid.fget
    patch.setattr(OrderBook, "uid", property(lambda self: true(self) + 1))


def limits_are_ignored(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Limiter, "take", lambda self, now, way: 0.0)
    patch.setattr(run, "_ACT_EVERY", 0.005)
    patch.setattr(run, "BUSY", 10.0)


def bans_are_not_heard(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rest, "hear_limits", lambda *words: None)
    patch.setattr(run, "_ACT_EVERY", 1.0)


def a_request_is_logged(patch: pytest.MonkeyPatch) -> None:
    send = Http.send

    async def logged(self: Http, request: Any, written: Any = None) -> Any:
        logging.getLogger("exconn.market.http").debug("%s %s", request.method, request.headers)
        return await send(self, request, written)

    patch.setattr(Http, "send", logged)


def an_error_shows_the_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Keyring, "__repr__", lambda self: self.text("secret_key"))
    patch.setattr(Auth, "__repr__", lambda self: f"<Auth {self._context.keys!r}>")


def a_task_stays(patch: pytest.MonkeyPatch) -> None:
    def begin_cancel(self: Trading, client_id: str) -> str:
        self._tasks.start(f"cancel {client_id}", asyncio.sleep(10_000))
        return client_id

    patch.setattr(Trading, "begin_cancel", begin_cancel)


def a_task_dies(patch: pytest.MonkeyPatch) -> None:
    async def fail(self: StatusPolling) -> None:
        await asyncio.sleep(30)
        raise KeyError("a bug")

    patch.setattr(StatusPolling, "_until_due", fail)


def connections_stay(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(aiohttp.BaseConnector, "_release", lambda *given, should_close=False: None)


def nothing_is_looked_up(patch: pytest.MonkeyPatch) -> None:
    async def fail(self: Lookups, client_id: str) -> None:
        raise ExconnError("a bug")

    patch.setattr(Lookups, "look_up", fail)


def no_book_comes_back(patch: pytest.MonkeyPatch) -> None:
    """A book is asked for once, and never again."""
    want, asked = BookAsking.want, dict[str, None]()

    def once(self: BookAsking, pair: str, *rest: Any) -> None:
        if pair not in asked:
            asked[pair] = None
            want(self, pair, *rest)

    patch.setattr(BookAsking, "want", once)


@pytest.mark.parametrize(
    ("name", "plant", "schedule"),
    [
        ("I1", an_order_is_forgotten, []),
        ("I2", a_price_is_told_wrong, []),
        ("I2", a_fill_is_told_twice, []),
        ("I3", a_timeout_is_a_failure, RESET),
        ("I4", a_timeout_is_a_failure, RESET),
        ("I5", a_call_places_twice, []),
        ("I7", more_is_available, []),
        ("I8", the_opening_was_another, []),
        ("I9", a_cancel_is_never_sent, []),
        ("I9", a_sweep_is_always_proven, []),
        ("I10", a_book_says_a_later_sequence, []),
        ("I11", limits_are_ignored, []),
        ("I11", bans_are_not_heard, BANNED),
        ("I12", a_request_is_logged, []),
        ("I12", an_error_shows_the_key, []),
        ("I13", a_task_stays, []),
        ("I13", a_task_dies, []),
        ("I13", connections_stay, []),
        ("I14", nothing_is_looked_up, LOST),
        ("I14", no_book_comes_back, [{"at": 20, "fault": "cut"}]),
    ],
)
def test_a_planted_bug_breaks_its_invariant(
    name: str, plant: Plant, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = load_subject("myexchange", "memory")
    monkeypatch.setattr(run, "BUSY", 60.0)
    monkeypatch.setattr(run, "QUIET", 60.0)
    monkeypatch.setattr(run, "_ACT_EVERY", 2.0)
    plain = run.simulate(subject, 1, [*schedule])
    plant(monkeypatch)
    assert plain.violations == ()
    assert name in {violation.invariant for violation in run.simulate(subject, 1, [*schedule]).violations}


def test_every_invariant_has_such_a_bug() -> None:
    marks = test_a_planted_bug_breaks_its_invariant.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for case in marks[0].args[1]} | {"I6"} == {*TOLD, *KEPT, *BEAT, *QUIET}


ORDER = TrackedOrder(
    client_id="a", pair="BTC-USDT", order_type=OrderType.LIMIT, side=TradeType.BUY, price=Decimal(1), amount=Decimal(2)
)


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ({"phase": Phase.OPEN}, {"phase": Phase.UNRESOLVED}, "order a went from OPEN to UNRESOLVED"),
        ({"phase": Phase.CANCELED}, {"phase": Phase.FILLED}, "order a went from CANCELED to FILLED"),
        ({"executed_base": Decimal(2)}, {"executed_base": Decimal(1)}, "order a: what is filled went down"),
        ({"told_filled": Decimal(2)}, {"told_filled": Decimal(1)}, "order a: what is filled went down"),
        ({"phase": Phase.OPEN}, {"phase": Phase.ENDING, "executed_base": Decimal(1)}, None),
        ({"phase": Phase.CANCELED}, {"phase": Phase.CANCELED, "executed_base": Decimal(1)}, None),
    ],
)
def test_states_only_rise(before: dict[str, Any], after: dict[str, Any], text: str | None) -> None:
    life = Life("a", order=replace(ORDER, **after), before=replace(ORDER, **before))
    case: Any = None
    assert [finding.text for finding in orders.monotone(case, life)] == ([] if text is None else [text])
