"""Where fills are read from: the confirmed point and an overlap, but never further back than the exchange shows."""

import logging
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from exconn.codec import Arguments, Sees
from exconn.errors import ExchangeError, ExconnError, Meaning, NotSent
from exconn.market.reconcile import Reconciler
from exconn.market.tracking import Phase, TrackedOrder
from exconn.model import BalanceReport, OrderType, Report, TradeType, Unreadable

DAY = 86_400
SECOND = 1_000_000_000


class FakeRest:
    """Answers everything with `reports`; its clock shows ten days."""

    def __init__(self, reach: float | None, reports: list[Report]) -> None:
        reaches = {} if reach is None else {"fills_since": reach}
        facts = SimpleNamespace(sees={"order_by_client_id": Sees(2.0)}, reach=reaches)
        self.codec = SimpleNamespace(facts=facts)
        self.clock = SimpleNamespace(time_ns=lambda: 10 * DAY * SECOND, offset=0.0)
        self.time = SimpleNamespace(now=lambda: 5.0)
        self.asked: list[tuple[str, int | None]] = []
        self._reports = reports

    def offers(self, operation: str) -> bool:
        return operation != "fills_of_order"

    async def ask_all(self, operation: str, arguments: Arguments) -> Any:
        self.asked.append((operation, arguments.since_ns))
        return SimpleNamespace(reply=SimpleNamespace(reports=self._reports), at=1.0, at_ns=9 * DAY * SECOND)


def reconciler_of(rest: Any, balances: Any = None) -> Reconciler:
    tracker: Any = SimpleNamespace(open={}, report=lambda *_: None)
    needs: Any = SimpleNamespace(pair=lambda _: False)
    return Reconciler(rest, tracker, SimpleNamespace(), needs, balances, (), lambda shown: None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reach", "confirmed", "since", "is_warned"),
    [
        (None, 2 * DAY, 2 * DAY - 3, False),
        (DAY, 10 * DAY - 60, 10 * DAY - 63, False),
        (DAY, 2 * DAY, 9 * DAY, True),
    ],
)
async def test_fills_are_read_from(
    caplog: pytest.LogCaptureFixture, reach: float | None, confirmed: int, since: int, is_warned: bool
) -> None:
    rest: Any = FakeRest(reach, [])
    reconciler = reconciler_of(rest)
    reconciler.confirmed_ns = confirmed * SECOND
    with caplog.at_level(logging.WARNING):
        await reconciler.fills()
    assert rest.asked == [("fills_since", since * SECOND)]
    assert reconciler.confirmed_ns == 9 * DAY * SECOND
    assert ("fills older than 86400 s are not shown" in caplog.text) == is_warned


def order_of(created_ns: int, phase: Phase = Phase.INTENT) -> TrackedOrder:
    return TrackedOrder(
        client_id="b",
        pair="B-Q",
        order_type=OrderType.LIMIT,
        side=TradeType.BUY,
        price=Decimal(1),
        amount=Decimal(1),
        created_ns=created_ns,
        phase=phase,
    )


async def test_an_order_is_as_old_as_it_is_whatever_became_of_the_wall_clock() -> None:
    """It misses fills, and the exchange's clock was set back since, ours too: created 60 s ago, 55 s before 10 days."""
    rest: Any = FakeRest(None, [])
    rest.time.now = lambda: 10 * DAY + 5.0
    rest.clock.offset = 3_600.0
    reconciler = reconciler_of(rest)
    reconciler.confirmed_ns = 11 * DAY * SECOND
    order = order_of(created_ns=(10 * DAY - 55) * SECOND, phase=Phase.ENDING)
    tracker: Any = reconciler._tracker
    tracker.open["b"], tracker.tell = order, lambda *_: None
    await reconciler.fills()
    assert rest.asked == [("fills_since", (10 * DAY - 60 - 3) * SECOND)]


async def test_balances_are_read_to_the_last_page() -> None:
    rows: list[Report] = [BalanceReport(asset="BTC", total=Decimal(1), available=None)]
    rest: Any = FakeRest(None, rows)
    loaded: list[Any] = []
    reconciler = reconciler_of(rest, SimpleNamespace(load=lambda found, at, is_whole: loaded.append((found, at))))
    await reconciler.balances()
    assert rest.asked == [("balances", None)]
    assert loaded == [(rows, 1.0)]


async def test_an_answer_that_is_late_does_not_overwrite_a_newer_one() -> None:
    rest: Any = FakeRest(None, [])
    loaded: list[float] = []
    reconciler = reconciler_of(rest, SimpleNamespace(load=lambda found, at, is_whole: loaded.append(at)))
    answers = [2.0, 1.0]

    async def answered(operation: str, arguments: Arguments) -> Any:
        return SimpleNamespace(reply=SimpleNamespace(reports=[]), at=answers.pop(0))

    rest.ask_all = answered
    await reconciler.balances()
    await reconciler.balances()
    assert loaded == [2.0]


class ByPair(FakeRest):
    """Wants a pair for its fills; of some pairs it tells an error."""

    def __init__(self, errors: dict[str, ExconnError]) -> None:
        super().__init__(None, [])
        self.errors = errors
        texts = {"rest": dict.fromkeys(("A-Q", "B-Q", "C-Q"), "x")}
        self.context = SimpleNamespace(symbols=SimpleNamespace(texts=texts))
        self.read: list[tuple[str, int]] = []

    async def ask_all(self, operation: str, arguments: Arguments) -> Any:
        assert arguments.since_ns is not None
        self.read.append((arguments.pair, arguments.since_ns // SECOND))
        if arguments.pair in self.errors:
            raise self.errors[arguments.pair]
        return await super().ask_all(operation, arguments)


def by_pair(errors: dict[str, ExconnError]) -> tuple[Reconciler, ByPair, dict[str, list[Any]]]:
    """Read since day 2; an order is open in B-Q."""
    rest: Any = ByPair(errors)
    told: dict[str, list[Any]] = {}
    order = order_of(created_ns=2 * DAY * SECOND)
    tracker: Any = SimpleNamespace(
        open={"b": order}, tell=lambda name, fact, _: told.setdefault(name, []).append(fact), report=lambda *_: None
    )
    needs: Any = SimpleNamespace(pair=lambda _: True)
    pairs = ("NEVER-Q", "A-Q", "B-Q", "C-Q")
    reconciler = Reconciler(rest, tracker, SimpleNamespace(), needs, None, pairs, lambda shown: None)  # type: ignore[arg-type]
    reconciler.confirmed_ns = 2 * DAY * SECOND
    return reconciler, rest, told


async def test_a_pair_that_is_refused_keeps_no_other_from_its_fills() -> None:
    """The pair that was refused is read again from where it ended, the others from where they are now."""
    refused = ExchangeError("fills_since", Meaning.REJECTED, "1102", "unknown symbol")
    reconciler, rest, told = by_pair({"A-Q": refused})
    for _ in range(2):
        with pytest.raises(ExchangeError, match="unknown symbol"):
            await reconciler.fills()
    since, later = 2 * DAY - 3, 9 * DAY - 3
    assert rest.read == [("A-Q", since), ("B-Q", since), ("C-Q", since), ("A-Q", since), ("B-Q", later), ("C-Q", later)]
    assert len(told["b"]) == 2
    assert reconciler.confirmed_ns == 2 * DAY * SECOND
    rest.errors.clear()
    await reconciler.fills()
    assert reconciler.confirmed_ns == 9 * DAY * SECOND


async def test_an_order_whose_pair_was_not_read_is_not_told_so() -> None:
    reconciler, _, told = by_pair({"B-Q": ExchangeError("fills_since", Meaning.REJECTED)})
    with pytest.raises(ExchangeError):
        await reconciler.fills()
    assert told == {}


async def test_an_exchange_that_is_away_is_not_asked_pair_by_pair() -> None:
    reconciler, rest, _ = by_pair({"A-Q": NotSent("no connection")})
    with pytest.raises(NotSent):
        await reconciler.fills()
    assert [pair for pair, _ in rest.read] == ["A-Q"]


async def test_a_row_that_cannot_be_read_may_be_anybodys_fill() -> None:
    reconciler, rest, told = by_pair({})
    rest._reports = [Unreadable("fills_since.fill", "no price")]
    await reconciler.fills()
    assert told == {} and reconciler.confirmed_ns == 9 * DAY * SECOND


async def test_an_order_taken_up_while_fills_are_read_is_read_from_its_beginning() -> None:
    """What is read then began later than it: neither is its history complete, nor is anything confirmed."""
    reconciler, rest, told = by_pair({})
    tracker: Any = reconciler._tracker
    older = replace(tracker.open["b"], client_id="older", created_ns=DAY * SECOND - 5 * SECOND)
    rest.clock.time_ns = lambda: 5 * SECOND
    answer = rest.ask_all

    async def taken_up_meanwhile(operation: str, arguments: Arguments) -> Any:
        if "older" not in tracker.open:
            tracker.open["older"] = older
            reconciler.begin()
        return await answer(operation, arguments)

    rest.ask_all = taken_up_meanwhile
    await reconciler.fills()
    assert list(told) == ["b"] and reconciler.confirmed_ns == (DAY - 5) * SECOND


async def test_all_there_is_is_searched_once_for_an_order_found_elsewhere() -> None:
    """It misses fills that the exchange does not show: what is long must not be read again and again."""
    rest: Any = FakeRest(None, [])
    rest.clock.time_ns = lambda: 5 * SECOND
    reconciler = reconciler_of(rest)
    reconciler.confirmed_ns = 9 * DAY * SECOND
    tracker: Any = reconciler._tracker
    found = replace(order_of(4 * SECOND, Phase.OPEN), earliest_ns=0, told_filled=Decimal("0.5"))
    tracker.open["b"], tracker.tell = found, lambda *_: None
    since: list[int | None] = []
    for exchange_order_id in (None, "77", "77"):  # while its id is not known, nothing may be recognised
        tracker.open["b"] = replace(found, exchange_order_id=exchange_order_id)
        await reconciler.fills()
        since.append(rest.asked[-1][1])
    assert since == [0, 0, (9 * DAY - 3) * SECOND]
    reconciler.begin()
    assert reconciler.confirmed_ns == 0
