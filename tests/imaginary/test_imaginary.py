"""Small specs of exchanges that do not exist, one for each awkward way of a real one, with their cases in both modes.

Rules: a spec `NAME.yaml` stands beside `NAME.cases.yaml`; its first comment says which way it is and who has it; a
spec without cases is a failure, and so is whatever the cases leave uncovered.
"""

from pathlib import Path

import pytest

from exconn.document import render_text
from exconn.testing.cases import Mode, try_spec

HERE = Path(__file__).parent
SPECS = sorted(path.stem for path in HERE.glob("*.yaml") if not path.name.endswith(".cases.yaml"))


@pytest.mark.parametrize("name", SPECS)
def test_every_case_passes_in_both_modes(name: str) -> None:
    spec, cases = HERE / f"{name}.yaml", HERE / f"{name}.cases.yaml"
    trials = try_spec(spec.read_bytes(), str(spec), cases.read_bytes(), str(cases), list(Mode))
    assert render_text([each for trial in trials for each in trial.findings], {}) == ""
    assert [trial.mode for trial in trials] == list(Mode)
    assert all(trial.cases > 0 for trial in trials)
