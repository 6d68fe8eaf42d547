"""Cases: documented requests, signatures and payloads, with what must come of them; and what runs them."""

from .coverage import uncovered
from .explain import explain
from .load import load_cases, read_cases
from .modes import Mode, codec_of
from .run import Outcome, run_cases
from .signatures import with_signatures
from .tree import Case, Cases
from .trial import Trial, try_spec

__all__ = [
    "Case",
    "Cases",
    "Mode",
    "Outcome",
    "Trial",
    "codec_of",
    "explain",
    "load_cases",
    "read_cases",
    "run_cases",
    "try_spec",
    "uncovered",
    "with_signatures",
]
