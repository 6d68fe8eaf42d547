"""Proof 2: files of strangers are told what is wrong in exact words, and can neither break nor stall the checks.

The shipped files pass `exconn validate` and `exconn test`; every bad spec has its exact text (compared here by way of
the command, as its own suite does with the loader); mutated specs, cases and dialects give findings or a sound result,
never a traceback, never after more than 2 s of processor time. A mutant that still passes is compiled as well.
"""

import random
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from exconn.cli.validate import validate
from exconn.compile import compile_spec, finish
from exconn.document import readable, render_text
from exconn.shipped import folder
from exconn.spec import load_spec

BAD = Path(__file__).parents[1] / "bad_specs"
LONGEST = 2.0
KEY = re.compile(r"(?<![\w\"'])[A-Za-z_][A-Za-z0-9_-]*(?=: )")
VALUE = re.compile(r"(?<=: )[^\s,{}\[\]#][^,{}\[\]\n#]*")
SPLICES = (
    *(
        "{}",
        "[]",
        '""',
        "null",
        "true",
        "-1",
        "1.5",
        "9223372036854775807",
        "1e999",
        "0x10",
        ".nan",
        "'",
        '"',
        "]",
        "}",
    ),
    *(
        "{a: [b, {c: d}]}",
        "[[[[[[[[[[[[",
        '"{time_ms}"',
        '"{{x}}"',
        "x" * 5000,
        "*x",
        "&y z",
        "<<: *x",
        "!!python/object:os",
    ),
    *(
        "a as b as c",
        '"sum(@)"',
        "by state",
        "data as ms",
        "always buy",
        '"\\u202e"',
        "\t",
        "---",
        "%TAG",
        "../../etc/passwd",
    ),
    *(
        "https://evil.example@api",
        "GET //evil.example/x",
        "a.b[?c=='" + "d" * 200 + "'] | [0]",
        "((((((((((((((((a",
        "@" * 50,
    ),
)


def delete_line(text: str, source: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[source.randrange(len(lines))]
    return "".join(lines)


def double_line(text: str, source: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = source.randrange(len(lines))
    return "".join(lines[: at + 1] + lines[at:])


def move_line(text: str, source: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    line = lines.pop(source.randrange(len(lines)))
    lines.insert(source.randrange(len(lines) + 1), line)
    return "".join(lines)


def rename_key(text: str, source: random.Random) -> str:
    found = source.choice(list(KEY.finditer(text)))
    other = source.choice((found[0] + "x", found[0][:-1] or "q", source.choice(KEY.findall(text)), "x-" + found[0]))
    return text[: found.start()] + other + text[found.end() :]


def retype_value(text: str, source: random.Random) -> str:
    found = source.choice(list(VALUE.finditer(text)))
    return text[: found.start()] + source.choice(SPLICES) + text[found.end() :]


def swap_values(text: str, source: random.Random) -> str:
    one, two = sorted(source.sample(list(VALUE.finditer(text)), 2), key=lambda found: found.start())
    return text[: one.start()] + two[0] + text[one.end() : two.start()] + one[0] + text[two.end() :]


def splice_token(text: str, source: random.Random) -> str:
    at = source.randrange(len(text))
    return text[:at] + source.choice(SPLICES) + text[at:]


def cut_out(text: str, source: random.Random) -> str:
    at = source.randrange(len(text))
    return text[:at] + text[at + source.randint(1, 60) :]


def cut_off(text: str, source: random.Random) -> str:
    return text[: source.randrange(1, len(text))]


TEXT_CHANGES = (
    *(delete_line, double_line, move_line, rename_key, retype_value, swap_values, splice_token, cut_out, cut_off),
)


def mutate(data: bytes, source: random.Random) -> bytes:
    """One to three changes of text; now and then also bytes that may be no text at all."""
    text = data.decode()
    for _ in range(source.choice((1, 1, 2, 3))):
        if len(text) > 2 and KEY.search(text) and len(VALUE.findall(text)) > 1:
            text = source.choice(TEXT_CHANGES)(text, source)
    mutant = bytearray(text.encode())
    if mutant and source.random() < 0.1:
        for _ in range(source.randint(1, 5)):
            mutant[source.randrange(len(mutant))] = source.randrange(256)
    return bytes(mutant)


@dataclass(slots=True)
class Tally:
    """What became of the mutants of one file; `tracebacks` are the seeds that broke something."""

    refused: int = 0
    passed: int = 0
    slowest: float = 0.0
    codes: Counter[str] = field(default_factory=Counter)
    tracebacks: list[str] = field(default_factory=list)

    def add(self, data: bytes, file: str, name: str) -> None:
        begun = time.process_time()
        try:
            findings = judge(data, file)
        except Exception as error:
            self.tracebacks.append(f"{name}: {type(error).__name__}: {error}")
            findings = []
        self.slowest = max(self.slowest, time.process_time() - begun)
        self.codes.update(findings)
        self.refused += bool(findings)
        self.passed += not findings


def judge(data: bytes, file: str) -> list[str]:
    """The codes of what `exconn validate` finds, after showing it; a spec that passes is compiled."""
    kind, diagnostics = validate(data, file)
    if diagnostics:
        assert render_text(diagnostics, {file: readable(data)}).strip()
    elif kind == "spec":
        finish(compile_spec(load_spec(data, file)))
    return [each.code for each in diagnostics]


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "exconn.cli", *words], capture_output=True, text=True)


def test_the_shipped_files_are_good() -> None:
    files = sorted(str(path) for path in folder().glob("*.yaml"))
    told = command("validate", *files)
    print(f"\n2. exconn validate: exit {told.returncode}\n{told.stdout.strip()}")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.count("good") == len(files) >= 3


@pytest.mark.parametrize("spec", sorted(folder().glob("*.cases.yaml")), ids=lambda path: path.name)
def test_the_shipped_cases_hold(spec: Path) -> None:
    told = command("test", str(spec.with_name(spec.name.replace(".cases", ""))))
    print(f"\n2. exconn test: exit {told.returncode}\n{told.stdout.strip()[-400:]}")
    assert (told.returncode, told.stderr) == (0, "")


def test_every_bad_spec_has_its_exact_text() -> None:
    files = sorted(BAD.glob("*.yaml"))
    assert {path.stem for path in files} == {path.stem for path in BAD.glob("*.txt")}
    wrong = []
    for path in files:
        data = path.read_bytes()
        findings = validate(data, path.name)[1]
        if render_text(findings, {path.name: readable(data)}) != path.with_suffix(".txt").read_text(encoding="utf-8"):
            wrong.append(path.name)
    print(f"\n2. {len(files)} bad specs, {len(files) - len(wrong)} with their exact text")
    assert wrong == []
    assert len(files) > 100


@pytest.mark.parametrize(
    ("suffix", "few", "many"), [(".yaml", 150, 1000), (".cases.yaml", 15, 200), (".dialect.yaml", 15, 200)]
)
def test_no_mutant_breaks_or_stalls(suffix: str, few: int, many: int, is_full: bool) -> None:
    files = [path for path in sorted(folder().glob(f"*{suffix}")) if path.name.count(".") == suffix.count(".")]
    assert files
    tally, count = Tally(), many if is_full else few
    for number in range(count):
        path = files[number % len(files)]
        tally.add(mutate(path.read_bytes(), random.Random(f"{path.name} {number}")), path.name, f"{path.name} {number}")
    print(
        f"\n2. {count} mutants of *{suffix}: {tally.refused} refused with {len(tally.codes)} codes in "
        f"{tally.codes.total()} findings, {tally.passed} still sound, {len(tally.tracebacks)} tracebacks, "
        f"slowest {tally.slowest:.3f} s"
    )
    assert tally.tracebacks == []
    assert tally.slowest < LONGEST
    assert tally.refused > count / 2
