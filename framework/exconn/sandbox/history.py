"""The books as they were: any recent sequence number of a symbol, rebuilt from its changes.

Rules:
- Every change is kept, and a full copy of the book every so many changes; the oldest copies go, with their changes.
- A change is found by when it was recorded, too, on the caller's own clock, which must not fall.
- A book at a sequence is the copy at or before it, with the changes after that applied. Nothing is approximate.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .engine import BookChanged, Side

EVERY = 250
COPIES = 200

Levels = dict[Decimal, Decimal]
Sides = dict[Side, Levels]


@dataclass(slots=True)
class Chapter:
    """A book at `sequence`, and the changes after it."""

    sequence: int
    sides: Sides
    changes: list[BookChanged] = field(default_factory=list)
    times: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PastBook:
    """A book as it was: levels as (price, size), best first."""

    symbol: str
    sequence: int
    bids: tuple[tuple[Decimal, Decimal], ...]
    asks: tuple[tuple[Decimal, Decimal], ...]


class History:
    """What the books were. `first` is the sequence of a book before its first change."""

    __slots__ = ("_chapters", "_first", "_now")

    def __init__(self, first: int) -> None:
        self._first = first
        self._chapters: dict[str, deque[Chapter]] = {}
        self._now: dict[str, Sides] = {}

    def record(self, change: BookChanged, at: int) -> None:
        """Add one change, made at a moment (ns)."""
        chapters = self._chapters.get(change.symbol)
        if chapters is None:
            chapters = self._chapters[change.symbol] = deque([Chapter(self._first, _empty())], maxlen=COPIES)
            self._now[change.symbol] = _empty()
        chapters[-1].changes.append(change)
        chapters[-1].times.append(at)
        sides = self._now[change.symbol]
        _apply(sides, change)
        if len(chapters[-1].changes) >= EVERY:
            copy = {side: dict(levels) for side, levels in sides.items()}
            chapters.append(Chapter(change.sequence, copy))

    def sequence_at(self, symbol: str, at: int) -> int | None:
        """The number of a symbol's last change up to a moment; None when that is not known any more."""
        chapters = self._chapters.get(symbol)
        if chapters is None:
            return self._first
        for chapter in reversed(chapters):
            if chapter.times and chapter.times[0] <= at:
                return chapter.sequence + bisect_right(chapter.times, at)
        return self._first if chapters[0].sequence == self._first else None

    def book(self, symbol: str, sequence: int) -> PastBook | None:
        """The book right after change number `sequence`; None when it is not known any more, or not yet."""
        chapters = self._chapters.get(symbol)
        if chapters is None:
            return PastBook(symbol, sequence, (), ()) if sequence == self._first else None
        chapter = next((each for each in reversed(chapters) if each.sequence <= sequence), None)
        if chapter is None or sequence > chapter.sequence + len(chapter.changes):
            return None
        is_latest = sequence == chapters[-1].sequence + len(chapters[-1].changes)
        sides = self._now[symbol] if is_latest else _sides_at(chapter, sequence)
        bids = tuple(sorted(sides[Side.BUY].items(), reverse=True))
        return PastBook(symbol, sequence, bids, tuple(sorted(sides[Side.SELL].items())))

    def walk(self, symbol: str, start: int) -> Iterator[tuple[int, Sides]]:
        """The books from change number `start` on, or from the oldest that is known: (sequence, levels by side). The
        levels are those of the next one as soon as that is asked for."""
        chapters = list(self._chapters.get(symbol, ()))
        later = next((number for number, each in enumerate(chapters) if each.sequence > start), len(chapters))
        chapters = chapters[max(0, later - 1) :]
        if not chapters:
            yield self._first, _empty()
            return
        sequence = max(start, chapters[0].sequence)
        sides = _sides_at(chapters[0], sequence)
        yield sequence, sides
        for chapter in chapters:
            for change in chapter.changes[max(0, sequence - chapter.sequence) :]:
                _apply(sides, change)
                sequence += 1
                yield sequence, sides


def _sides_at(chapter: Chapter, sequence: int) -> Sides:
    sides = {side: dict(levels) for side, levels in chapter.sides.items()}
    for change in chapter.changes[: sequence - chapter.sequence]:
        _apply(sides, change)
    return sides


def _empty() -> Sides:
    return {Side.BUY: {}, Side.SELL: {}}


def _apply(sides: Sides, change: BookChanged) -> None:
    if change.size:
        sides[change.side][change.price] = change.size
    else:
        sides[change.side].pop(change.price, None)
