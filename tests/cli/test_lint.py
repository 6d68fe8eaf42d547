"""`exconn lint`: the card as text and JSON, what `--require` demands, the exit status."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from exconn.cli.lint import command

SPEC = Path(__file__).parents[1] / "spec" / "good" / "minimal.yaml"
APP = typer.Typer()
APP.command()(command)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(APP, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_a_card_is_printed_whatever_it_says() -> None:
    code, out, err = run(SPEC)
    assert (code, err) == (0, "")
    assert out.startswith(f"quay: what a market can promise with {SPEC}\n")
    assert "- lost-answer: an order whose answer was lost is told as failed only when it can no longer arrive" in out
    assert "  where: endpoints.place_order.fence, not there (against 1, 3, 4, 28)" in out


def test_a_shipped_exchange_is_named() -> None:
    code, out, _ = run("myexchange", "--require", "lost-answer")
    assert code == 0
    assert out.startswith("myexchange: ")


def test_json_is_for_programs() -> None:
    code, out, _ = run(SPEC, "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert {row["verdict"] for row in told["guarantees"]} == {"holds", "weaker", "given up"}


def test_a_place_is_that_of_the_key() -> None:
    _, out, _ = run("myexchange", "--format", "json")
    told = {row["name"]: row for row in json.loads(out)["guarantees"]}
    line = told["no-second-order"]["line"]
    assert Path(json.loads(out)["file"]).read_text().splitlines()[line - 1].strip() == "same_id: refused"


@pytest.mark.parametrize(
    ("required", "code", "said"),
    [
        (["client-ids"], 0, ""),
        (
            ["client-ids", "clock-is-the-exchanges"],
            1,
            "clock-is-the-exchanges is required, and is given up: nobody tells",
        ),
        (["waits-are-told"], 1, "waits-are-told is required, and is weaker: "),
        (["lost-anwser"], 2, "there is no guarantee 'lost-anwser'; did you mean lost-answer?"),
        (["zzz"], 2, "there is no guarantee 'zzz'; they are lost-answer, found-by-our-id"),
    ],
)
def test_what_is_required_decides_the_exit_status(required: list[str], code: int, said: str) -> None:
    options = [part for name in required for part in ("--require", name)]
    ended, _, err = run(SPEC, *options)
    assert ended == code
    assert said in err


def test_a_bad_spec_has_findings_and_no_card(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(SPEC.read_text().replace("start: rest", "start: reset"))
    code, out, _ = run(path)
    assert code == 1
    assert "error[not-one-of]" in out and "what a market can promise" not in out
    path.write_text("[]")
    assert run(path)[0] == 1


def test_an_unreadable_file_is_a_usage_error(tmp_path: Path) -> None:
    code, _, err = run(tmp_path / "none.yaml")
    assert code == 2
    assert "exconn lint: cannot read" in err
