"""The quick part of `make conformance`, and proof that it can fail.

Rules:
- All bundled cases and a few generated traces: enough to exercise every capability of the profile.
- Each fault put into the engine must be found; each entry of `NOT_OFFERED` must still be true.
"""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from tracebook.conformance import generate_campaign_trace, run_conformance

from exconn.sandbox.engine import Order, Side, TimeInForce, admission, matching, rules
from exconn.sandbox.engine.book import Book, LevelChange

from .__main__ import main, report
from .adapter import EngineAdapter
from .score import NOT_OFFERED, PROFILE, NotOffered, Score, Verdict, score

Break = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def result() -> Score:
    return score(EngineAdapter, traces=4, events=200)


def test_the_engine_conforms(result: Score) -> None:
    lines = "\n".join(report(result))
    assert result.is_clean, lines
    assert lines.endswith("score: 4 of 5 fixed cases (1 not offered), 4 of 4 traces, 13 of 13 capabilities: clean")


def test_self_trade_cases_pass_beyond_the_profile(result: Score) -> None:
    beyond = {case.name: case.verdict for case in result.cases if not case.in_profile}
    assert beyond == {
        "stp-cancel-resting": Verdict.PASSED,
        "stp-cancel-resting-deep": Verdict.PASSED,
        "stp-cancel-incoming": Verdict.PASSED,
        "pro-rata-allocation": Verdict.NOT_OFFERED,
    }


def _partial_fill_loses_its_place(patch: pytest.MonkeyPatch) -> None:
    original = Book.replace

    def to_the_back(self: Book, order: Order) -> LevelChange:
        change = original(self, order)
        level = self.best(order.side)
        if level is not None and order.id in level.queue:
            level.queue.move_to_end(order.id)
        return change

    patch.setattr(Book, "replace", to_the_back)


def _newest_trades_first(patch: pytest.MonkeyPatch) -> None:
    def orders(self: Book, side: Side) -> Iterator[Order]:
        for level in self._sides[side].values():
            yield from reversed(level.queue.values())

    patch.setattr(Book, "orders", orders)


def _reaches_one_level_too_far(patch: pytest.MonkeyPatch) -> None:
    original = Order.reaches
    patch.setattr(Order, "reaches", lambda self, price: original(self, price) or abs(price - self.limit) < 1)


def _fok_fills_partly(patch: pytest.MonkeyPatch) -> None:
    original = admission._matching_error

    def as_ioc(a: rules.Application, order: Order, its_plan: matching.Plan) -> object:
        return original(a, replace(order, time_in_force=TimeInForce.IOC), its_plan)

    patch.setattr(admission, "_matching_error", as_ioc)


FAULTS = [_partial_fill_loses_its_place, _newest_trades_first, _reaches_one_level_too_far, _fok_fills_partly]


@pytest.mark.parametrize("break_engine", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
def test_a_fault_in_the_engine_is_found(break_engine: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = generate_campaign_trace(PROFILE, seed=1, event_count=200)
    assert run_conformance(trace, EngineAdapter).conformant
    break_engine(monkeypatch)
    divergence = run_conformance(trace, EngineAdapter).divergence
    assert divergence is not None
    assert divergence.category in ("trades", "book_state"), divergence


@pytest.mark.parametrize(
    ("name", "entry", "verdict"),
    [
        ("fifo-lifecycle", NotOffered(1, "$.observation.outcome.reason", "passes by now"), Verdict.STALE),
        ("tick-grid", NotOffered(2, NOT_OFFERED["tick-grid"].path, "another event"), Verdict.FAILED),
        ("tick-grid", NotOffered(1, "$.observation.trades", "another path"), Verdict.FAILED),
        ("tick-grid", None, Verdict.FAILED),
    ],
)
def test_the_list_must_be_true(
    name: str, entry: NotOffered | None, verdict: Verdict, result: Score, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(NOT_OFFERED, name, raising=False)
    if entry is not None:
        monkeypatch.setitem(NOT_OFFERED, name, entry)
    assert {case.name: case.verdict for case in result.cases}[name] is verdict
    assert not result.is_clean


def test_the_command_tells_what_was_not_exercised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--traces", "1", "--events", "4"]) == 1
    assert "fifo-price-time-priority" in capsys.readouterr().out.split("not exercised: ")[1]


def test_the_command_shows_a_fault_in_its_shortest_form(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _newest_trades_first(monkeypatch)
    assert main(["--traces", "1", "--events", "40"]) == 1
    out = capsys.readouterr().out
    assert "FAIL         fifo-lifecycle" in out
    assert "trace 1, reduced to 2 events:" in out
    assert out.rstrip().splitlines()[-2].endswith(": NOT clean")
