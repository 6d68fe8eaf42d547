"""`exconn test`: figures, findings and exit codes, as a user sees them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

HERE = Path(__file__).parent


def run(*arguments: str) -> Result:
    import typer

    from exconn.cli.test import command

    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "samples" / "pier").mkdir(parents=True)
    for name in ("pier.yaml", "pier.cases.yaml", "samples/pier/markets.json"):
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_good_spec(folder: Path) -> None:
    result = run(str(folder / "pier.yaml"))
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["mode", "cases", "passed", "failed", "uncovered"]
    assert [row.split()[0] for row in rows] == ["memory", "generated"]
    for row in rows:
        _, cases, passed, failed, gaps = row.split()
        assert (cases, failed, gaps) == (passed, "0", "0")


def test_one_mode(folder: Path) -> None:
    result = run(str(folder / "pier.yaml"), "--mode", "generated")
    assert [row.split()[0] for row in result.stdout.splitlines()] == ["mode", "generated"]


def test_a_failing_case_is_shown_once_for_both_modes(folder: Path) -> None:
    edit(folder / "pier.yaml", 'hmac_sha256: "{path_query}', 'hmac_sha512: "{path_query}')
    edit(folder / "pier.yaml", "taker: 2", "taker: [2, 9]")
    result = run(str(folder / "pier.yaml"))
    assert result.exit_code == 1
    assert result.stdout.count("case cancel on line") == 1
    assert result.stdout.count("no case shows the word 9 of words.role") == 1
    assert "^^^^" in result.stdout and f"hint: the spec says it at {folder}/pier.yaml:" in result.stdout
    assert result.stdout.splitlines()[-1].split()[0] == "generated"


def test_a_bad_spec_is_told_like_validate_does(folder: Path) -> None:
    edit(folder / "pier.yaml", "name: pier", "nam: pier")
    result = run(str(folder / "pier.yaml"))
    assert result.exit_code == 1
    assert "error[unknown-key] unknown key 'nam'" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 finding"


@pytest.mark.parametrize("format", ["json", "github"])
def test_formats(folder: Path, format: str) -> None:
    edit(folder / "pier.cases.yaml", "is: ignored", "is: pong")
    result = run(str(folder / "pier.yaml"), "--mode", "memory", "--format", format)
    assert result.exit_code == 1
    if format == "json":
        [found] = json.loads(result.stdout)
        assert (found["code"], found["file"]) == ("case-failed", str(folder / "pier.cases.yaml"))
    else:
        [line] = result.stdout.splitlines()
        assert line.startswith(f"::error file={folder}/pier.cases.yaml,line=")


def test_a_good_spec_as_json(folder: Path) -> None:
    assert json.loads(run(str(folder / "pier.yaml"), "--mode", "memory", "--format", "json").stdout) == []


def test_no_cases(folder: Path) -> None:
    (folder / "pier.cases.yaml").unlink()
    result = run(str(folder / "pier.yaml"))
    assert result.exit_code == 2
    assert result.stderr == (
        f"exconn test: cannot read {folder}/pier.cases.yaml: No such file or directory; cases stand beside their spec "
        "and begin with the lines cases: 1 and spec: pier; docs/cases.md says what follows\n"
    )


def test_no_such_shipped_spec() -> None:
    result = run("nosuch")
    assert result.exit_code == 2
    assert result.stderr.startswith("exconn test: no .yaml file of 'nosuch' is shipped")


def test_a_shipped_spec_by_name_from_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("myexchange", "--mode", "memory")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1].split()[0] == "memory"
