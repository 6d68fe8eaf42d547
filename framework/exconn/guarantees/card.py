"""The card of a spec: one line a guarantee, whether it holds, why, where the spec says so, and what to write to gain it.

Rules: pure: the same spec, the same card; a line's place is the line of the spec that decides, or the key that is absent.
"""

from dataclasses import dataclass

from exconn.document import Span
from exconn.spec import Spec

from .guarantee import Guarantee, Verdict
from .table import GUARANTEES


@dataclass(frozen=True, slots=True)
class Line:
    """`key`: the place in the spec's own terms; `span`: where it stands, None where it is absent."""

    name: str
    promise: str
    verdict: Verdict
    why: str
    gain: str
    key: str
    span: Span | None
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    exchange: str
    file: str
    lines: tuple[Line, ...]

    def of(self, verdict: Verdict) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.verdict is verdict)


def card_of(spec: Spec) -> Card:
    """What a market can promise with `spec`."""
    return Card(spec.name, spec.file, tuple(_line(guarantee, spec) for guarantee in GUARANTEES))


def _line(guarantee: Guarantee, spec: Spec) -> Line:
    judged = guarantee.judge(spec)
    outcome = guarantee.outcomes[judged.outcome]
    return Line(
        name=guarantee.name,
        promise=guarantee.promise,
        verdict=outcome.verdict,
        why=outcome.why.format_map(judged.values),
        gain=outcome.gain.format_map(judged.values),
        key=judged.key,
        span=judged.span,
        failures=guarantee.failures,
    )
