"""The bench itself: that all contenders come to the same results, and what a table says of figures that are given."""

from collections.abc import Iterator

import pytest

from . import ours
from .__main__ import close, main
from .measure import Contender, measure, ratio
from .misses import KNOWN, Miss
from .row import Goal, Row, Verdict
from .rows import all_rows
from .table import table


@pytest.fixture(scope="module", autouse=True)
def ending() -> Iterator[None]:
    yield
    close()


def given(name: str, *times: float) -> Contender:
    """A contender that was measured already."""
    return Contender(name, lambda operations: None, times=list(times))


def test_a_ratio_is_that_of_turns_taken_together() -> None:
    slow, steady = given("slow", 4.0, 40.0, 6.0), given("steady", 2.0, 20.0, 2.0)
    assert (ratio(slow, steady), slow.figure) == (2.0, 6.0)


@pytest.mark.parametrize(
    ("most", "miss", "verdict"),
    [
        (2.0, None, Verdict.PASSED),
        (None, None, Verdict.PASSED),
        (1.9, None, Verdict.MISSED),
        (1.9, Miss(2.5, "because"), Verdict.KNOWN),
        (1.9, Miss(1.95, "because"), Verdict.MISSED),
    ],
)
def test_a_miss_is_known_only_as_far_as_is_said(most: float | None, miss: Miss | None, verdict: Verdict) -> None:
    goal = Goal(most, given("floor", 1.0))
    row = Row("a row", given("exconn", 2.0), (goal,), "a note")
    assert row.judge(goal, {} if miss is None else {("a row", "floor"): miss}) is verdict


def test_the_table_shows_figure_ratio_goal_and_verdict() -> None:
    goals = (Goal(3.0, given("floor", 1e-6)), Goal(0.1, given("peer", 4e-6)))
    lines = list(table([Row("a row", given("exconn", 2e-6), goals, "what is compared")]))
    assert [" ".join(line.split()) for line in lines] == [
        "row figure against its figure ratio goal verdict",
        "a row 2.00 us floor 1.00 2.000 <= 3 pass",
        "peer 4.00 0.500 <= 0.1 MISS",
        "",
        "a row: what is compared",
    ]


def test_each_takes_its_turn_in_every_round_and_the_slow_ones_less_often() -> None:
    turns: list[str] = []
    one = Contender("one", lambda operations: turns.append("one"), most=1)
    two = Contender("two", lambda operations: turns.append("two") or 5.0, most=1, every=2)
    measure([one, two, one], rounds=3, block=0.0)
    assert turns[-5:] == ["one", "two", "one", "one", "two"]
    assert (len(one.times), two.times) == (3, [5.0, 5.0])


def test_a_miss_names_a_row_and_a_contender_that_exist() -> None:
    goals = {(row.name, goal.against.name) for row in all_rows() for goal in row.goals}
    assert [known for known in KNOWN if known not in goals] == []


def test_all_contenders_find_the_same() -> None:
    """Each check compares what exconn makes of the bytes, in both modes, with what a peer makes of them."""
    checks = [row.checked for row in all_rows() if row.checked is not None]
    assert len(checks) >= 2 * len(ours.MODES)
    for check in checks:
        check()


def test_every_row_can_be_measured() -> None:
    """One operation of everything but what takes processes or seconds."""
    quick = [row for row in all_rows() if row.subject.every == 1]
    for each in dict.fromkeys(each for row in quick for each in row.contenders()):
        each.run(1)
    assert {row.name for row in quick} >= {f"book diff, {title}" for title in ours.MODES.values()}


def test_one_row_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--rounds", "2", "--only", "order intent, in memory"])
    told = capsys.readouterr().out
    assert "order intent, in memory" in told
    assert "generated" not in told
    assert code in (0, 1)


def test_a_profile_names_what_was_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--profile", "user event, in memory"]) == 0
    assert "apply" in capsys.readouterr().out
