"""What came of one opinion: equal, explained, different, or not covered; and the notes that explain.

Rules: a difference is explained only by a note whose words it holds, and an opinion only when all its differences are;
what the spec has no answer to needs a note without words, unless `SETTLED` says why no spec has one; a note that
explains nothing is told, because it hides what may come.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from exconn.testing.cases.opinions import Note


class Kind(Enum):
    REQUEST = "requests"
    SOCKET = "sockets"
    SIGNATURE = "signatures"
    READING = "readings"
    BOOK = "books"


class Verdict(Enum):
    EQUAL = "equal"
    EXPLAINED = "explained"
    DIFFERENT = "different"
    NOT_COVERED = "not covered"


@dataclass(frozen=True, slots=True)
class Heard:
    """One opinion beside ours. `gap`: why the codec has nothing to compare; `settled`: the gap needs no note."""

    id: str
    kind: Kind
    differences: tuple[str, ...] = ()
    gap: str | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """`notes`: those that explain it. `is_good`: it is equal, or has its reason."""

    heard: Heard
    verdict: Verdict
    notes: tuple[Note, ...] = ()
    is_good: bool = True


def judge(heard: Heard, notes: Sequence[Note]) -> Judged:
    """The verdict on one opinion."""
    near = [note for note in notes if _is_about(note, heard.id)]
    if heard.gap is not None:
        reasons = () if heard.settled else tuple(note for note in near if not note.differs)
        return Judged(heard, Verdict.NOT_COVERED, reasons, bool(reasons) or heard.settled)
    if not heard.differences:
        return Judged(heard, Verdict.EQUAL)
    found = [[note for note in near if _explains(note, each)] for each in heard.differences]
    if all(found):
        used = dict.fromkeys(note for each in found for note in each)
        return Judged(heard, Verdict.EXPLAINED, tuple(used))
    return Judged(heard, Verdict.DIFFERENT, is_good=False)


def unexplained(judged: Judged, notes: Sequence[Note]) -> Iterator[str]:
    """The differences that no note explains."""
    near = [note for note in notes if _is_about(note, judged.heard.id)]
    for difference in judged.heard.differences:
        if not any(_explains(note, difference) for note in near):
            yield difference


def idle(notes: Iterable[Note], judged: Sequence[Judged]) -> Iterator[tuple[Note, str]]:
    """Notes, or words of notes, that explain nothing; each with what is idle."""
    for note in notes:
        served = [each.heard for each in judged if note in each.notes]
        if not served:
            yield note, "no opinion needs it"
        for words in note.differs if served else ():
            if not any(words in difference for heard in served for difference in heard.differences):
                yield note, f"no difference holds {words!r}"


def _explains(note: Note, difference: str) -> bool:
    return any(words in difference for words in note.differs)


def _is_about(note: Note, id: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, note.of.split("*"))), id) is not None
