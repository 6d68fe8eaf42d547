"""Mutated good specs: a Spec or findings, never a traceback, never slow."""

import random
import re
import time
from pathlib import Path

import pytest

from exconn.document import DocumentError, readable, render_text
from exconn.spec import load_spec
from exconn.spec.load import MAX_SPEC

GOOD = sorted((Path(__file__).parent / "good").glob("*.yaml"))
SPLICES = (
    "{}",
    "[]",
    '""',
    "null",
    "true",
    "-1",
    "9223372036854775807",
    "{a: [b, {c: d}]}",
    '"{time_ms}"',
    '"{{x}}"',
    "x" * 300,
    '"[[[[[[[["',
    "always buy",
    "quote of symbol",
    "by state",
    "a as b as c",
    '"sum(@)"',
    "*x",
    "&y z",
    "!!python/object:os.system",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "https://evil.example@api",
    '"\\u202e"',
    "data as split_pair(",
    '"/"',
    "GET //evil.example/x",
    "0x10",
)


def mutate(text: str, source: random.Random) -> str:
    """`text` with one to four changes: tokens swapped, spliced or dropped, lines dropped, moved or doubled."""
    for _ in range(source.randint(1, 4)):
        tokens = re.split(r"([\s,:{}\[\]\"]+)", text)
        lines = text.splitlines(keepends=True)
        at, to = source.randrange(len(tokens)), source.randrange(len(tokens))
        line, other = source.randrange(len(lines)), source.randrange(len(lines))
        kind = source.randrange(6)
        if kind == 0:
            tokens[at] = source.choice(SPLICES)
        elif kind == 1:
            tokens[at], tokens[to] = tokens[to], tokens[at]
        elif kind == 2:
            tokens[at] = ""
        elif kind == 3:
            lines[line] = ""
        elif kind == 4:
            lines[line], lines[other] = lines[other], lines[line]
        else:
            lines[line] *= 2
        text = "".join(tokens if kind < 3 else lines)
    return text


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_no_mutation_breaks_the_checker(path: Path, seed: int) -> None:
    source = random.Random(f"{path.stem} {seed}")
    text = path.read_text(encoding="utf-8")
    for _ in range(10):
        data = mutate(text, source).encode()
        begun = time.process_time()
        try:
            load_spec(data, "mutated.yaml")
        except DocumentError as error:
            assert render_text(error.diagnostics, {"mutated.yaml": readable(data)}).strip()
        assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "wide",
    [
        "words:\n  t: {" + ", ".join(f"a{i}: [b{i}, c{i}]" for i in range(2500)) + "}\n",
        "errors:\n  auth: [" + ", ".join(str(i) for i in range(8000)) + "]\n",
        "x-deep: " + "[" * 30 + "]" * 30 + "\n",
        "limits: {" + ", ".join(f"p{i}: {{allow: 1, per: 1}}" for i in range(2000)) + "}\n",
        "signing: {r: {values: {" + ", ".join(f's{i}: {{sha256: "{{s{i + 1}}}"}}' for i in range(1500)) + "}}}\n",
        "endpointx: 1\n" + "".join(f"endpoint{i}: 1\n" for i in range(4000)),
        "decisions: {d: [" + ", ".join(f'{{when: {{"a[{i}]{"|b" * 55}": 1}}, is: open}}' for i in range(400)) + "]}\n",
    ],
)
def test_wide_files_are_quick(wide: str) -> None:
    section = wide.partition(":")[0]
    text = (Path(__file__).parent / "good" / "minimal.yaml").read_text(encoding="utf-8")
    text = re.sub(rf"^{section}:(\n  .*)+\n", "", text, flags=re.MULTILINE) + wide
    begun = time.process_time()
    try:
        load_spec(text.encode(), "wide.yaml")
    except DocumentError as error:
        assert len(error.diagnostics) <= 101
    assert time.process_time() - begun < 2


def test_a_spec_has_its_own_limit() -> None:
    good = (Path(__file__).parent / "good" / "minimal.yaml").read_bytes()
    assert load_spec(good + b"#" * (MAX_SPEC - len(good)), "full.yaml").name == "quay"
    with pytest.raises(DocumentError) as told:
        load_spec(good + b"#" * (MAX_SPEC + 1 - len(good)), "full.yaml")
    assert [each.code for each in told.value.diagnostics] == ["too-large"]
