"""The tutorial works as it stands: its files are written, its commands run, and what they say is what the page says.

Rules: a block whose info string names a file is that file, or with `>>` its next lines; a `console` block is commands,
each after `$ `, and their output. All run in one shell, in one empty folder, once. Output is compared to the letter;
`...` in a line stands for whatever varies. Only loopback is used; what the page leaves running is ended with the shell.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "tutorial.md"
MARK = "#### command "
SECONDS = 90
KINDS = {"yaml", "json", "python", "console"}


class Block(NamedTuple):
    line: int
    kind: str
    append: bool
    file: str
    text: str


class Command(NamedTuple):
    line: int
    typed: str
    says: list[str]


def _blocks() -> list[Block]:
    page = PAGE.read_text()
    found = re.finditer(r"^```(\w*) ?(>> )?(\S*)\n(.*?)^```$", page, re.M | re.S)
    return [Block(page.count("\n", 0, m.start()) + 2, m[1], bool(m[2]), m[3], m[4]) for m in found]


def _commands(block: Block) -> list[Command]:
    found = re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.text, re.M)
    return [Command(block.line + block.text.count("\n", 0, m.start()), m[1], m[2].splitlines()) for m in found]


BLOCKS = _blocks()
COMMANDS = [command for block in BLOCKS if block.kind == "console" for command in _commands(block)]


def _script(staged: Path) -> str:
    """The page as one shell script, which says before each command where it stands."""
    lines = []
    for block in BLOCKS:
        if block.kind == "console":
            lines += [f"echo; echo '{MARK}{c.line}'\n{c.typed}" for c in _commands(block)]
            continue
        source = staged / str(block.line)
        source.write_text(block.text)
        arrow = ">>" if block.append else ">"
        lines.append(f"mkdir -p {shlex.quote(str(Path(block.file).parent))}; cat {source} {arrow} {block.file}")
    return "\n".join(lines) + "\n"


def _run(script: Path, folder: Path) -> str:
    """All that the script says. The output is a file, since a pipe would stay open as long as what it left running."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = script.with_name("said")
    with said.open("w") as out:
        shell = subprocess.Popen(
            ["bash", str(script)],
            cwd=folder,
            env=os.environ | {"PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            shell.wait(SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
            shell.wait()
    return said.read_text()


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """What each command said, by its line of the page."""
    staged, folder = tmp_path_factory.mktemp("staged"), tmp_path_factory.mktemp("reader")
    script = staged / "page.sh"
    script.write_text(_script(staged))
    parts = _run(script, folder).split(f"\n{MARK}")[1:]
    return {int(line): rest.rstrip("\n").splitlines() for line, _, rest in (part.partition("\n") for part in parts)}


def _fits(wanted: list[str], came: list[str]) -> bool:
    patterns = [re.escape(line).replace(re.escape("..."), ".*") for line in wanted]
    return len(wanted) == len(came) and all(re.fullmatch(p, line) for p, line in zip(patterns, came, strict=True))


def test_every_block_is_run() -> None:
    assert PAGE.read_text().count("\n```") == 2 * len(BLOCKS)
    assert {block.kind for block in BLOCKS} == KINDS
    assert [b.line for b in BLOCKS if (b.kind == "console") == bool(b.file)] == []
    assert [b.line for b in BLOCKS if b.kind == "console" and not b.text.startswith("$ ")] == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"line-{command.line}")
def test_the_command_says_what_the_page_says(command: Command, said: dict[int, list[str]]) -> None:
    came = said[command.line]
    assert _fits(command.says, came), "\n".join([f"$ {command.typed}", *came])


@pytest.mark.parametrize(
    ("wanted", "came", "fits"),
    [
        (["a ..."], ["a b c"], True),
        (["a ... c"], ["a b c"], True),
        (["a.c"], ["abc"], False),
        (["a ..."], ["b"], False),
        (["a"], ["a", "b"], False),
        ([], ["a"], False),
    ],
)
def test_what_fits(wanted: list[str], came: list[str], fits: bool) -> None:
    assert _fits(wanted, came) is fits
