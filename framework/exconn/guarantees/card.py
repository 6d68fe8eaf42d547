"""The card of a spec: a line a guarantee, with its verdict, why, where the spec says so, and what to write to gain it.

Rules: pure: the same spec, the same card; a line's place is where the spec says what decides, or the key that is
absent; with the document at hand the place is that of the key itself, else of what it stands in.
"""

from dataclasses import dataclass, replace

from exconn.document import Mapping, Span, key_span
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


def located(card: Card, root: Mapping) -> Card:
    """The card with each place moved to its key in the document that the spec was read from."""
    return replace(card, lines=tuple(replace(line, span=_at_key(line, root)) for line in card.lines))


def _at_key(line: Line, root: Mapping) -> Span | None:
    keys = tuple(line.key.split("."))
    node: object = root
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
        if node is None:
            return line.span
    return line.span if line.span is None or keys[0] == "errors" else key_span(root, keys)
