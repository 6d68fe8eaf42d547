"""`exconn validate`: which checker a file gets, what is printed, which exit code; `exconn` itself."""

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from exconn.cli import COMMANDS, main
from exconn.cli.validate import CHECKERS, command, validate
from exconn.document import Diagnostic, DocumentError, Span

SPEC = Path(__file__).parents[1] / "spec" / "good" / "minimal.yaml"
APP = typer.Typer()
APP.command()(command)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(APP, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.yaml"
    path.write_text(SPEC.read_text().replace("start: rest", "start: reset").replace("allow: 10", "alow: 10"))
    return path


def test_a_good_file_is_one_line() -> None:
    assert run(SPEC) == (0, f"{SPEC}: a good spec\n", "")


def test_findings_are_text_with_a_count(bad: Path) -> None:
    code, out, _ = run(SPEC, bad)
    assert code == 1
    assert f"{bad}:18:14: error[unknown-key] unknown key 'alow'" in out
    assert "hint: did you mean allow?" in out
    assert out.endswith(f"{SPEC}: a good spec\n\n2 findings\n")


def test_json_is_an_array_whatever_was_found(bad: Path) -> None:
    code, out, _ = run(bad, "--format", "json")
    assert code == 1
    assert [(row["code"], row["line"]) for row in json.loads(out)] == [("unknown-key", 18), ("not-one-of", 67)]
    assert run(SPEC, "--format", "json") == (0, "[]\n", "")


def test_github_shows_commands(bad: Path) -> None:
    code, out, _ = run(bad, "--format", "github")
    assert code == 1
    assert out.startswith(f"::error file={bad},line=18,col=14")


def test_an_unreadable_file_is_a_usage_error(tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "none.yaml", SPEC)
    assert code == 2
    assert "cannot read" in err and "No such file" in err
    assert "a good spec" in out


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("name: x\nexconn: 1\n", "the first key says what a file is; it is 'name'", "move exconn to the top"),
        ("excon: 1\n", "the first key says what a file is; it is 'excon'", "did you mean exconn?"),
        ("zzz: 1\n", "the first key says what a file is; it is 'zzz'", "begin the file with exconn: 1, cases: 1"),
        ("- 1\n", "this file is no mapping", "begin the file with exconn: 1, cases: 1"),
    ],
)
def test_the_first_key_says_what_a_file_is(text: str, message: str, hint: str) -> None:
    _, (found,) = validate(text.encode(), "f.yaml")
    assert (found.code, found.message) == ("unknown-kind", message)
    assert found.hint is not None and found.hint.startswith(hint)


@pytest.mark.parametrize("key", ["cases", "dialect"])
def test_other_kinds_have_their_own_checker(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, function = CHECKERS[key]
    seen: list[tuple[bytes, str]] = []

    def load(data: bytes, file: str) -> None:
        seen.append((data, file))
        if b"wrong" in data:
            raise DocumentError([Diagnostic("wrong", "this is wrong", Span(file, 1, 1))])

    stand_in = ModuleType(module)
    setattr(stand_in, function, load)
    monkeypatch.setitem(sys.modules, module, stand_in)
    assert validate(f"{key}: 1\n".encode(), "f") == (key, ())
    kind, found = validate(f"{key}: 1\nwrong: 1\n".encode(), "f")
    assert (kind, [each.code for each in found]) == (key, ["wrong"])
    assert len(seen) == 2


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 100_000, b"exconn: 1\n" * 3, b"exconn: {a: *b}"])
def test_any_bytes_are_findings(data: bytes) -> None:
    assert validate(data, "f")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [([], 2, "Usage: exconn COMMAND"), (["--help"], 0, "validate"), (["nope"], 2, "there is no command 'nope'")],
)
def test_exconn_itself(
    arguments: list[str],
    code: int,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["exconn", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    output = capsys.readouterr()
    assert caught.value.code == code
    assert shown in output.out + output.err


def test_each_command_has_a_module_and_help() -> None:
    assert all(module.startswith("exconn.") and about.endswith(".") for module, about in COMMANDS.values())


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['exconn', '--help']; from exconn.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'typer', 'yaml', 'jsonschema', 'aiohttp', 'jmespath', 'rich'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


def test_an_endless_file_is_left_at_the_limit() -> None:
    code, out, _ = run("/dev/zero")
    assert code == 1
    assert "error[too-large] the file has more than 524288 bytes" in out


def test_the_name_of_a_file_forges_no_line(tmp_path: Path) -> None:
    path = tmp_path / "a: a good spec\nb.yaml"
    path.write_text(SPEC.read_text())
    assert run(path) == (0, f"{tmp_path}/a: a good spec<U+000A>b.yaml: a good spec\n", "")
    code, _, complaint = run(tmp_path / "gone\n.yaml")
    assert (code, complaint.count("\n")) == (2, 1)


@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_a_name_that_is_no_unicode(tmp_path: Path, format: str) -> None:
    names = [b"good\xff.yaml", b"bad\xff.yaml"]
    paths = [tmp_path / name.decode("utf-8", "surrogateescape") for name in names]
    paths[0].write_text(SPEC.read_text())
    paths[1].write_text(SPEC.read_text().replace("start: rest", "start: reset"))
    code, out, _ = run(*paths, "--format", format)
    assert code == 1
    assert "not-one-of" in out
