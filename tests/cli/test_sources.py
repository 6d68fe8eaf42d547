"""A path or a shipped name: every command finds its file in the same way, and says the same where it cannot."""

import asyncio
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from exconn.cli import demo, generate, sandbox, test, validate
from exconn.cli.sources import SPEC, locate, read

SHIPPED = Path(__file__).parents[2] / "exchanges"
PIER = Path(__file__).parents[1] / "testing" / "cases" / "pier.yaml"
COMMANDS = {each.__name__.rpartition(".")[2]: each for each in (demo, generate, sandbox, test, validate)}
NEEDED = {"generate": ["--out", "out"]}


def run(module: ModuleType, *arguments: str | Path) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(module.command)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_that_is_not_shipped(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    suffix = ".dialect.yaml" if command == "sandbox" else ".yaml"
    code, said, complaint = run(COMMANDS[command], "nosuch", *NEEDED.get(command, ()))
    assert (code, said) == (2, "")
    assert complaint.startswith(f"exconn {command}: no {suffix} file of 'nosuch' is shipped; there is ")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_not_there(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, said, complaint = run(COMMANDS[command], "gone.yaml", *NEEDED.get(command, ()))
    assert (code, said) == (2, "")
    assert complaint == f"exconn {command}: cannot read gone.yaml: No such file or directory\n"


def test_shipped_names_are_taken_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a folder, as the written package, has the same name."""
    monkeypatch.chdir(tmp_path)
    code, said, _ = run(generate, "myexchange", "--out", ".")
    assert (code, said.split(":")[0]) == (0, "myexchange")
    spec = SHIPPED / "myexchange.yaml"
    assert run(validate, "myexchange") == (0, f"{spec}: a good spec\n", "")
    assert run(test, "myexchange", "--mode", "memory")[0] == 0


@pytest.mark.parametrize("named", ["x.yaml", "folder/x", "/x", "plain"])
def test_what_is_a_path(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain").write_text("exconn: 1")
    assert locate(named, SPEC, "test") == Path(named)


def test_a_name_too_long_for_a_file() -> None:
    code, _, complaint = run(test, "n" * 5000)
    assert (code, complaint.count("\n")) == (2, 1)


def test_no_more_is_read_than_can_be_taken() -> None:
    assert len(read(Path("/dev/zero"), "test")) == 512 * 1024 + 1


def test_a_name_forges_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        read(tmp_path / "gone\nerror: forged", "test")
    assert capsys.readouterr().err.count("\n") == 1


def test_the_demo_of_a_bad_spec(tmp_path: Path) -> None:
    spec = tmp_path / "pier.yaml"
    spec.write_text(PIER.read_text().replace("name: pier", "nam: pier"))
    code, said, complaint = run(demo, spec)
    assert (code, complaint) == (1, "")
    assert "error[unknown-key] unknown key 'nam'" in said


def test_the_demo_of_a_spec_without_a_dialect(tmp_path: Path) -> None:
    spec = tmp_path / "pier.yaml"
    spec.write_text(PIER.read_text())
    code, _, complaint = run(demo, spec)
    assert code == 2
    assert complaint == (
        f"exconn demo: cannot read {tmp_path}/pier.dialect.yaml: No such file or directory; "
        "the demo trades on a sandbox, which needs the exchange's dialect beside its spec\n"
    )


def test_a_package_that_cannot_be_written_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exconn_codegen.layout._COMMAND", ("-c", "import sys; sys.exit('No module named ruff')"))
    for command, words in (("test", ["--mode", "generated"]), ("demo", ["--mode", "generated"])):
        code, said, complaint = run(COMMANDS[command], "myexchange", *words)
        assert (code, said) == (2, "")
        assert complaint.startswith(
            f"exconn {command}: ruff cannot lay the package out: No module named ruff; see that "
        )


async def test_the_sandbox_says_how_it_is_reached() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "exconn.cli", "sandbox", "myexchange", "--no-life", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("a Market"):
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        assert line, lines
        lines.append(line.rstrip("\n"))
    process.terminate()
    assert await process.wait() == 0
    port = lines[-3].split(" (token ")[0].rpartition(":")[2]
    http, ws = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
    assert lines[-3].startswith(f"myexchange on {http} (token ")
    assert lines[-2:] == [
        f"any client: every REST origin becomes {http}, every websocket origin {ws}; paths stay",
        f"a Market: hosts={{NAME: ORIGIN, ...}}, each NAME of its spec's hosts, https as {http}, wss as {ws}",
    ]
