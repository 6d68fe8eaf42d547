"""A spec tried by its cases, in each mode: the figures and the findings.

Rules: what no case shows does not depend on the mode, and is a finding of each; a spec or cases that are not good are
a DocumentError, with nothing tried.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from exconn.document import Diagnostic
from exconn.spec import load_spec

from .coverage import uncovered
from .explain import explain
from .load import load_cases
from .modes import Mode, codec_of
from .run import run_cases
from .signatures import with_signatures


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of all cases in one mode."""

    mode: Mode
    cases: int
    failed: int
    uncovered: int
    findings: tuple[Diagnostic, ...]


def try_spec(
    spec_data: bytes, spec_file: str, cases_data: bytes, cases_file: str, modes: Iterable[Mode] = tuple(Mode)
) -> list[Trial]:
    """A trial for each mode. DocumentError where the spec or the cases are not good."""
    spec, cases = load_spec(spec_data, spec_file), load_cases(cases_data, cases_file)
    tried, gaps = with_signatures(spec, cases), uncovered(spec, cases)
    trials = []
    for mode in modes:
        failed = [outcome for outcome in run_cases(codec_of(tried, mode), cases) if not outcome.passed]
        findings = [found for outcome in failed for found in explain(spec, outcome)]
        trials.append(Trial(mode, len(cases.cases), len(failed), len(gaps), (*findings, *gaps)))
    return trials
