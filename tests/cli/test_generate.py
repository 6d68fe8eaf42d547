"""`exconn generate`: what it writes, what it says, how it exits."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from exconn.cli import COMMANDS
from exconn.cli.generate import command

GOOD = Path(__file__).parents[1] / "compile" / "harbor.yaml"
APP = typer.Typer()
APP.command()(command)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(APP, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_it_is_a_command() -> None:
    assert COMMANDS["generate"][0] == "exconn.cli.generate"


def test_a_good_spec_is_written(tmp_path: Path) -> None:
    assert run(GOOD, "--out", tmp_path / "new" / "out") == (
        0,
        f"{tmp_path}/new/out/harbor: written from {GOOD}\n",
        "",
    )
    assert (tmp_path / "new" / "out" / "harbor" / "codec.py").is_file()


def test_findings_write_nothing(tmp_path: Path) -> None:
    spec = tmp_path / "x.yaml"
    spec.write_text(GOOD.read_text().replace("endpoints:", "endpoint:", 1))
    code, said, complaint = run(spec, "--out", tmp_path / "out")
    assert (code, complaint) == (1, "")
    assert f"{spec}:" in said
    assert "error[unknown-key]" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("spec", "foreign", "complaint"),
    [
        ("gone.yaml", "", "exconn generate: cannot read gone.yaml: No such file or directory\n"),
        (GOOD, "notes.txt", "notes.txt was not written by exconn generate; move it away or choose another --out\n"),
    ],
)
def test_what_stops_the_writing(tmp_path: Path, spec: str | Path, foreign: str, complaint: str) -> None:
    (tmp_path / "harbor").mkdir()
    if foreign:
        (tmp_path / "harbor" / foreign).write_text("mine")
    code, said, complained = run(spec, "--out", tmp_path)
    assert (code, said) == (2, "")
    assert complained.endswith(complaint)
    assert [path.name for path in (tmp_path / "harbor").iterdir()] == ([foreign] if foreign else [])


def test_a_failing_ruff_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "exconn_codegen.layout._COMMAND", ("-c", "import sys; sys.exit('first\\nNo module named ruff')")
    )
    code, said, complaint = run(GOOD, "--out", tmp_path)
    assert (code, said) == (2, "")
    assert complaint == (
        "exconn generate: ruff cannot lay the package out: No module named ruff; see that `python -m ruff --version` "
        "runs with the Python that runs exconn, or install exconn again\n"
    )
    assert list(tmp_path.iterdir()) == []
