"""An invented exchange with the forms that a sample may have: its spec, its cases, and both together."""

from pathlib import Path

import pytest

from exconn.spec import Spec, load_spec
from exconn.testing.cases import Cases, Outcome, codec_of, load_cases, run_cases, with_signatures
from exconn.testing.cases.modes import Mode

HERE = Path(__file__).parent


class Pier:
    """The files as texts; `run` puts edited cases to an edited spec."""

    spec = (HERE / "pier.yaml").read_text(encoding="utf-8")
    cases = (HERE / "pier.cases.yaml").read_text(encoding="utf-8")

    @staticmethod
    def edit(text: str, *edits: tuple[str, str]) -> str:
        for old, new in edits:
            assert text.count(old) >= 1, f"the file does not say {old!r}"
            text = text.replace(old, new, 1)
        return text

    def load_spec(self, *edits: tuple[str, str]) -> Spec:
        return load_spec(self.edit(self.spec, *edits).encode(), "pier.yaml")

    def load_cases(self, *edits: tuple[str, str]) -> Cases:
        return load_cases(self.edit(self.cases, *edits).encode(), str(HERE / "pier.cases.yaml"))

    def run(self, spec: Spec, cases: Cases) -> list[Outcome]:
        """The outcomes of the cases that fail."""
        outcomes = run_cases(codec_of(with_signatures(spec, cases), Mode.MEMORY), cases)
        return [outcome for outcome in outcomes if not outcome.passed]


@pytest.fixture(scope="session")
def pier() -> Pier:
    return Pier()
