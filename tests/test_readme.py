"""README's spec is a good spec that compiles, and its commands exist."""

import re
from pathlib import Path

import pytest

from exconn.cli import COMMANDS
from exconn.compile import compile_spec
from exconn.document import DocumentError, render_text
from exconn.spec import load_spec

README = (Path(__file__).parent.parent / "README.md").read_text()


SPEC = re.findall(r"```yaml\n(.*?)```", README, re.S)[0]


def test_the_spec_shown_compiles() -> None:
    codec = compile_spec(load_spec(SPEC.encode(), "quay.yaml"))
    assert codec.name == "quay"
    assert len(codec.facts.offers) == 4
    assert SPEC.count("\n") <= 32


def test_the_finding_shown_is_what_is_said() -> None:
    misspelt = SPEC.replace("{time_ms}{method}", "{time_m}{method}")
    with pytest.raises(DocumentError) as caught:
        load_spec(misspelt.encode(), "quay.yaml")
    said = render_text(caught.value.diagnostics, {"quay.yaml": misspelt})
    assert said.strip() in README


def test_the_commands_listed_are_those_there_are() -> None:
    assert set(re.findall(r"^\| `exconn (\w+)", README, re.M)) == set(COMMANDS)


@pytest.mark.parametrize(("name", "stem"), [("Binance", "binance"), ("Kraken", "kraken")])
def test_the_sizes_told_are_those_of_the_files(name: str, stem: str) -> None:
    folder = Path(__file__).parent.parent / "exchanges"
    lines = [(folder / f"{stem}{end}").read_text().count("\n") for end in (".yaml", ".cases.yaml")]
    told = re.search(rf"^\| {name} \| ([\d,]+) \| ([\d,]+) \|", README, re.M)
    assert told is not None
    assert [int(each.replace(",", "")) for each in told.groups()] == lines
