"""All opinions on one exchange, heard in both modes and judged by the notes of its cases.

Rules: an opinion counts once, and must be heard alike by the codec in memory and by the written package; where it is
not, that is a difference which no note explains away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from exconn.codec import Codec
from exconn.testing.cases import Cases, Mode
from exconn.testing.cases.opinions import Note

from . import books, readings, requests, signatures, sockets
from .bench import Bench
from .source import Source
from .verdict import Heard, Judged, Verdict, idle, judge, unexplained

_HEARERS = (requests.hear, sockets.hear, signatures.hear, readings.hear, books.hear)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every opinion on one exchange. `idle`: notes that explain nothing, and what of them is idle."""

    exchange: str
    judged: tuple[Judged, ...]
    notes: tuple[Note, ...]
    idle: tuple[tuple[Note, str], ...]

    @property
    def is_good(self) -> bool:
        return bool(self.judged) and not self.idle and all(each.is_good for each in self.judged)

    def unexplained(self, judged: Judged) -> Iterator[str]:
        return unexplained(judged, self.notes)


def judge_exchange(codecs: Mapping[Mode, Codec], cases: Cases, source: Source) -> Judgement:
    """Everything that `source` says of the exchange of `codecs`, which are one spec in both modes."""
    benches = (Bench(codecs[mode].name, codecs[mode], cases, source) for mode in Mode)
    both = zip(*map(_heard, benches), strict=True)
    judged = tuple(_judge(memory, generated, cases.opinions) for memory, generated in both)
    return Judgement(cases.spec, judged, cases.opinions, tuple(idle(cases.opinions, judged)))


def _heard(bench: Bench) -> list[Heard]:
    return [heard for hear in _HEARERS for heard in hear(bench)]


def _judge(memory: Heard, generated: Heard, notes: tuple[Note, ...]) -> Judged:
    if memory == generated:
        return judge(memory, notes)
    both = (*memory.differences, *generated.differences, f"{memory.gap} in memory, {generated.gap} generated")
    heard = replace(memory, differences=("the modes disagree", *both), gap=None)
    return Judged(heard, Verdict.DIFFERENT, is_good=False)
