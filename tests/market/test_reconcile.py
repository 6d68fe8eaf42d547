"""Where fills are read from: the confirmed point and an overlap, but never further back than the exchange shows."""

import logging
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from exconn.codec import Arguments, Sees
from exconn.market.reconcile import Reconciler
from exconn.model import BalanceReport, Report

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


async def test_balances_are_read_to_the_last_page() -> None:
    rows: list[Report] = [BalanceReport(asset="BTC", total=Decimal(1), available=None)]
    rest: Any = FakeRest(None, rows)
    loaded: list[Any] = []
    reconciler = reconciler_of(rest, SimpleNamespace(load=lambda found, at: loaded.append((list(found), at))))
    await reconciler.balances()
    assert rest.asked == [("balances", None)]
    assert loaded == [(rows, 1.0)]
