"""`exconn test --mutate`: figures, survivors and exit codes, as a user sees them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

PIER = Path(__file__).parents[1] / "testing" / "cases"
# Whatever else a pier's mutants come to, two of a few are enough here.
WEAK = "endpoints.stream_ticket.gives.ticket: 'ticket' becomes 'ticket or none'"
STRONG = "words.role.maker[1]: left out"


def run(*arguments: str) -> Result:
    from exconn.cli.test import command

    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pier of which only two mutants are made."""
    from exconn.testing.mutation import bench, mutants_of

    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(
        bench, "mutants_of", lambda root: [each for each in mutants_of(root) if each.change in (WEAK, STRONG)]
    )
    (tmp_path / "samples" / "pier").mkdir(parents=True)
    for name in ("pier.yaml", "pier.cases.yaml", "samples/pier/markets.json"):
        (tmp_path / name).write_bytes((PIER / name).read_bytes())
    return tmp_path / "pier.yaml"


def excuse(spec: Path, change: str) -> None:
    cases = spec.with_name("pier.cases.yaml")
    reason = f'survivors:\n  - change: "{change}"\n    reason: the market refuses an empty ticket\n'
    cases.write_text(cases.read_text(encoding="utf-8") + reason, encoding="utf-8")


def test_a_survivor_is_listed_with_its_line(spec: Path) -> None:
    result = run(str(spec), "--mutate")
    assert result.exit_code == 1
    number = next(at for at, line in enumerate(spec.read_text().splitlines(), 1) if "gives: {ticket" in line)
    first, excerpt, carets, hint, _, head, figures = result.stdout.splitlines()
    assert first == f"{spec}:{number}:21: error[survived] no case fails with {WEAK}"
    assert excerpt.endswith("gives: {ticket: ticket}") and carets.endswith(" ^^^^^^")
    assert hint.startswith("hint: add the value's path to `needs` of a case with it")
    assert head.split() == ["mutants", "refused", "noticed", "excused", "survived", "seconds"]
    assert figures.split()[:-1] == ["2", "0", "1", "0", "1"]


def test_a_reason_is_counted(spec: Path) -> None:
    excuse(spec, WEAK)
    result = run(str(spec), "--mutate")
    assert result.exit_code == 0
    assert [line.split()[:5] for line in result.stdout.splitlines()][1:] == [["2", "0", "1", "1", "0"]]


def test_a_stale_reason_is_a_finding(spec: Path) -> None:
    excuse(spec, WEAK)
    excused = spec.with_name("pier.cases.yaml")
    excused.write_text(excused.read_text() + f'  - change: "{STRONG}"\n    reason: it is noticed after all\n')
    result = run(str(spec), "--mutate", "--format", "json")
    assert result.exit_code == 1
    [found] = json.loads(result.stdout)
    assert (found["code"], found["file"]) == ("stale-reason", str(excused))
    assert found["message"] == f"nothing survives that is told as '{STRONG}'"


def test_cases_that_do_not_pass_come_first(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8")
    assert "taker: 2" in text
    spec.write_text(text.replace("taker: 2", "taker: 4"), encoding="utf-8")
    result = run(str(spec), "--mutate")
    assert result.exit_code == 1
    assert "error[case-failed]" in result.stdout and "mutants" not in result.stdout


def test_a_reason_has_to_be_one(spec: Path) -> None:
    cases = spec.with_name("pier.cases.yaml")
    cases.write_text(cases.read_text() + 'survivors:\n  - {change: "x: left out", reason: so}\n', encoding="utf-8")
    result = run(str(spec), "--mutate")
    assert result.exit_code == 1
    assert "survivors" not in result.stderr and "at least 20" in result.stdout
