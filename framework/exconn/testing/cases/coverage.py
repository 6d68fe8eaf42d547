"""What no case shows, and what the samples disprove: findings about a spec and its cases together.

Rules: a gap is shown at the line of the spec that nothing exercises; a case about an operation or a socket that the
spec has not is shown at the case; findings come in the order of the files' lines.
"""

from exconn.document import Diagnostic, Span
from exconn.spec import Spec

from .duties import duties_of
from .earned import earned_by
from .tree import Cases


def uncovered(spec: Spec, cases: Cases) -> list[Diagnostic]:
    """A finding for each duty that no case earns, and for each frame that two claims take."""
    earned, faults = earned_by(spec, cases)
    gaps = [
        Diagnostic(
            "uncovered",
            f"no case shows {duty.what}",
            duty.span,
            f"add one to {duty.section} in {cases.file}, as the documents show it",
        )
        for key, duty in duties_of(spec).items()
        if key not in earned
    ]
    return sorted([*_foreign(spec, cases), *faults, *gaps], key=lambda found: (found.span.file, found.span.line))


def _foreign(spec: Spec, cases: Cases) -> list[Diagnostic]:
    """Cases that were written for another spec."""
    if cases.spec == spec.name:
        return []
    message = f"these cases are about {cases.spec!r}, and the spec is {spec.name!r}"
    start = Span(cases.file, cases.span.line, cases.span.col)
    return [Diagnostic("other-spec", message, start, f"write spec: {spec.name}")]
