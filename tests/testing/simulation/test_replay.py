"""A run in a file, and the command: what a violation is printed as can be played again."""

from pathlib import Path
from typing import Any

import pytest

from exconn.testing.simulation import __main__ as command
from exconn.testing.simulation import run
from exconn.testing.simulation.invariants import Violation, judge
from exconn.testing.simulation.invariants.case import Case, Finding, Findings
from exconn.testing.simulation.replay import Replay, read_replay, replay_text
from exconn.testing.simulation.schedules import draw_schedule
from exconn.testing.simulation.subjects import load_subject

FAULTS: list[dict[str, Any]] = [{"at": 6.5, "fault": "lost", "on": ["place"]}, {"at": 7, "fault": "cut"}]


def test_a_replay_is_read_as_it_was_written(tmp_path: Path) -> None:
    replay, file = Replay("myexchange", "memory", 3, FAULTS), tmp_path / "run.json"
    file.write_text(replay_text(replay))
    assert read_replay(file) == replay
    assert len(file.read_text().splitlines()) == len(FAULTS) + 2


@pytest.mark.parametrize("text", ["[]", '{"exchange": "a", "mode": "memory", "seed": "1", "schedule": []}'])
def test_what_is_no_replay_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"run\.json: a replay is an object with exchange, mode, seed, schedule"):
        read_replay(file)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BUSY", 20.0)
    monkeypatch.setattr(run, "QUIET", 20.0)


def test_a_run_without_violations(short: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "run.json"
    file.write_text(replay_text(Replay("myexchange", "memory", 3, FAULTS)))
    assert command.main(["--replay", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("seed 3: ")
    assert lines[1:] == ["0 violations"]


def seed_with(kind: str) -> int:
    """The first seed that has a kind of fault."""
    subject = load_subject("myexchange", "memory")
    for seed in range(100):
        faults = draw_schedule(seed, subject.dialect, subject.codec.facts, subject.pairs, run.BUSY)
        if any(fault["fault"] == kind for fault in faults):
            return seed
    raise AssertionError(f"no seed has {kind}")


def test_a_violation_is_printed_shrunk_and_can_be_played_again(
    short: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def never_cut(case: Case) -> Findings:
        if case.exchange.faults.counts["cut"]:
            yield Finding("a connection was cut")

    monkeypatch.setattr(judge, "QUIET", {"I13": (never_cut,)})
    seed = seed_with("cut")
    assert command.main(["--seed", str(seed)]) == 1
    out = capsys.readouterr().out
    assert "I13 at " in out
    assert ": a connection was cut" in out
    file = tmp_path / "run.json"
    file.write_text(out[out.index("{") :])
    assert [fault["fault"] for fault in read_replay(file).schedule] == ["cut"]
    assert command.main(["--replay", str(file)]) == 1


def test_a_violation_tells_the_history_of_its_order() -> None:
    violation = Violation("I3", 12.5, "order a: told twice", ("     1.000  asked", "     2.000  told"))
    assert str(violation) == "I3 at 12.500 s: order a: told twice\n         1.000  asked\n         2.000  told"
