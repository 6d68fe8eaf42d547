"""Every shipped case, in both modes: compiled in memory, and written down and imported."""

from functools import cache

import pytest

from exconn.document import render_text
from exconn.shipped import find, names
from exconn.spec import Spec, read_spec
from exconn.testing.cases import Cases, Mode, codec_of, explain, read_cases, run_cases, with_signatures

SHIPPED = names(".cases.yaml")


@cache
def shipped(name: str) -> tuple[Spec, Cases]:
    return read_spec(find(name, ".yaml")), read_cases(find(name, ".cases.yaml"))


def test_cases_are_shipped() -> None:
    assert "myexchange" in SHIPPED


@pytest.mark.parametrize("mode", list(Mode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", SHIPPED)
def test_every_case_passes(name: str, mode: Mode) -> None:
    spec, cases = shipped(name)
    outcomes = run_cases(codec_of(with_signatures(spec, cases), mode), cases)
    failed = [found for outcome in outcomes for found in explain(spec, outcome)]
    assert render_text(failed, {}) == ""
    assert len(outcomes) == len(cases.cases) > 0
