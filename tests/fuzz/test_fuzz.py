"""The quick part of `make fuzz`, and proof that it can fail.

Rules: a thousand inputs and every language bomb, each within the budgets; a defect put into the checker must be found
and its reproducer shortened; a worker that dies is a failure of the input it had begun.
"""

import random
import sys
import time

import pytest
from tests.fuzz import judge as judging
from tests.fuzz import workers
from tests.fuzz.__main__ import main
from tests.fuzz.corpus import good_files
from tests.fuzz.inputs import make_input
from tests.fuzz.judge import Verdict, judge
from tests.fuzz.language_bombs import LANGUAGE_BOMBS
from tests.fuzz.reduce import reduce_input
from tests.fuzz.report import Tally, lines_of
from tests.fuzz.tree import read_tree, write_tree
from tests.fuzz.workers import Judged, judge_all

from exconn.cli.validate import validate

INPUTS, PARTS, SEED = 1000, 10, 20260101


@pytest.mark.parametrize("part", range(PARTS))
def test_no_file_of_a_stranger_breaks_or_stalls(part: int) -> None:
    tally = Tally()
    for judged in judge_all(SEED, range(part, INPUTS, PARTS), 0):
        tally.add(judged)
    assert tally.total == INPUTS // PARTS
    assert tally.is_clean, "\n".join(lines_of(tally, SEED))
    assert tally.counts["structure", "refused"] > tally.total * 0.3


@pytest.mark.parametrize("name", LANGUAGE_BOMBS)
def test_no_part_of_the_language_is_slow(name: str) -> None:
    verdict = judge(LANGUAGE_BOMBS[name](1.0), "bomb.yaml")
    assert verdict.failure == "", verdict


@pytest.mark.parametrize("kind", ["spec", "cases", "dialect"])
def test_the_corpus_is_good_and_can_be_written_again(kind: str) -> None:
    assert good_files(kind)
    for good in good_files(kind):
        again = write_tree(good.tree).encode()
        assert validate(again, str(good.path)) == (kind, ()), good.path
        assert read_tree(again) == good.tree


def test_a_number_always_means_the_same_bytes() -> None:
    assert [make_input(7, number) for number in range(60, 100)] == [make_input(7, number) for number in range(60, 100)]
    assert make_input(7, 70).data != make_input(8, 70).data


def faulty(data: bytes, file: str) -> tuple[str, tuple[()]]:
    if b"docs" in data:
        raise KeyError("docs")
    return "spec", ()


def test_a_traceback_is_found_and_its_input_shortened(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(judging, "validate", faulty)
    monkeypatch.setattr(judging, "_use", lambda *given: None)
    assert main(["--inputs", "60", "--workers", "0", "--no-injection"]) == 1
    told = capsys.readouterr().out
    assert "validate: KeyError at test_fuzz.py" in told
    assert "bytes do it: b'docs'" in told
    assert told.splitlines()[-2].endswith("NOT clean")


@pytest.mark.parametrize(
    ("seconds", "megabytes", "failure"), [(2.1, 1, "validate: too slow"), (0.1, 257, "validate: too much memory")]
)
def test_what_is_over_budget_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, seconds: float, megabytes: float, failure: str
) -> None:
    moments = iter([0.0, seconds])
    monkeypatch.setattr(time, "process_time", lambda: next(moments))
    monkeypatch.setattr(judging, "peak", lambda: float(megabytes))
    monkeypatch.setattr(judging, "held", lambda: 0.0)
    assert judge(b"", "x.yaml").failure == failure


def die(seed: int, number: int) -> Judged:
    if number == 2:
        sys.exit(3)
    return Judged(number, "bytes", "spec", Verdict("spec", (), 0.0, 0.0))


def dying(seed: int, line: object) -> None:
    workers.judge_number = die
    workers.work(seed, line)  # type: ignore[arg-type]


def test_a_worker_that_dies_is_a_failure_and_the_others_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_RUN", 4)
    judged = sorted(judge_all(0, range(10), 1, dying), key=lambda each: each.number)
    assert [each.number for each in judged] == list(range(10))
    assert [each.number for each in judged if each.verdict.failure] == [2]
    assert judged[2].verdict.failure == "the process died: exit code 3"


def test_reducing_keeps_what_fails() -> None:
    data = bytes(random.Random(1).choices(range(256), k=3000)) + b"needle" + bytes(1000)
    assert reduce_input(data, lambda part: b"needle" in part) == b"needle"
    assert reduce_input(b"as it is", lambda part: False) == b"as it is"
