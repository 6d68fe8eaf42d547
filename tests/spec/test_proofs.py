"""docs/proofs.md: every code of the checker stands under a proof, and every code there has its broken specs."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "bad_specs"
PAGE = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
ON_SPECS, ON_SAMPLES = PAGE.split("## On samples")


def codes_in(page: str) -> list[str]:
    rows = [line.rpartition(" | ")[2] for line in page.splitlines() if line.startswith("| ")]
    return re.findall(r"`([a-z]+(?:-[a-z]+)*)`", "\n".join(rows))


SHOWN = sorted({path.stem.partition(".")[0] for path in BAD.glob("*.yaml")})


def test_every_code_that_is_shown_stands_under_a_proof() -> None:
    assert set(SHOWN) - set(codes_in(ON_SPECS)) == set()


@pytest.mark.parametrize("code", sorted(set(codes_in(ON_SPECS))))
def test_every_proof_has_a_broken_spec_with_its_text(code: str) -> None:
    texts = [path.with_suffix(".txt") for path in BAD.glob("*.yaml") if path.stem.partition(".")[0] == code]
    assert texts, f"no spec in tests/bad_specs is named {code}"
    for text in texts:
        assert f"error[{code}]" in text.read_text(encoding="utf-8")


def test_what_samples_prove_are_codes_of_the_cases() -> None:
    cases = "\n".join(path.read_text() for path in (ROOT / "framework/exconn/testing/cases").glob("*.py"))
    for code in codes_in(ON_SAMPLES):
        assert f'"{code}"' in cases


def test_every_text_says_what_to_do() -> None:
    """Where, what, and what to do: a finding without a hint says in its message what must be written."""
    for path in BAD.glob("*.txt"):
        for finding in path.read_text(encoding="utf-8").split("\n\n"):
            assert "\nhint: " in finding or "; it must be " in finding, finding
