"""Keeping a book in step with its stream: `(sync, event) -> (sync, effects)`, one `BookSync` a pair.

Rules: a book is live only after a snapshot that every later update chains onto; while it is not, updates are buffered
(bounded, the oldest go first) and nothing is published. An update already contained in what is known is dropped, so
duplicates and old snapshots do no harm; sizes are absolute, so an update that overlaps what is known may be applied.
Anything else that does not chain is a gap: the book is stale at once and is started again as the spec's `on_gap` says,
that pair only. The effects are to be carried out in order; who carries them out holds the levels.
"""

from enum import Enum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from exconn.codec.book_chain import Link, link
from exconn.codec.facts import BookFacts
from exconn.model import BookSnapshot, BookUpdate

BUFFER_AT_MOST = 1_000


class BookPhase(Enum):
    """IDLE: waits for the subscription; everything is dropped. BUFFERING: waits for a snapshot that fits. LIVE: in
    step.
    """

    IDLE = "idle"
    BUFFERING = "buffering"
    LIVE = "live"


class Opened(Struct, frozen=True):
    """The subscription of this pair is about to be sent on a connection, or sent again."""


class Closed(Struct, frozen=True):
    """Nothing comes any more, until the book is opened again."""

    why: str = "the connection is gone"


class SnapshotFailed(Struct, frozen=True):
    """The snapshot asked for could not be had."""


class Doubted(Struct, frozen=True):
    """The levels are wrong though the chain held: a checksum, a crossed top."""

    why: str


class AskSnapshot(Struct, frozen=True):
    """Ask for a snapshot: by REST, or by a frame where the spec starts books by asking."""


class Resubscribe(Struct, frozen=True):
    """Leave and join the pair's channel again, then tell `Opened`."""


class Reconnect(Struct, frozen=True):
    """Close the connection and make a new one, then tell `Opened`."""


class Load(Struct, frozen=True):
    """Replace all levels."""

    snapshot: BookSnapshot


class Change(Struct, frozen=True):
    """Set levels; size 0 deletes."""

    update: BookUpdate


class Withhold(Struct, frozen=True):
    """The book is stale: nobody may read it until `GoLive`."""

    why: str


class GoLive(Struct, frozen=True):
    """The book is in step and may be read."""


BookEvent: TypeAlias = Opened | Closed | SnapshotFailed | Doubted | BookSnapshot | BookUpdate
Effect: TypeAlias = AskSnapshot | Resubscribe | Reconnect | Load | Change | Withhold | GoLive


class BookSync(Struct, frozen=True):
    """The state of one pair. `last_id`: the newest sequence number contained in the levels, None where there are
    none.
    """

    facts: BookFacts
    phase: BookPhase = BookPhase.IDLE
    last_id: int | None = None
    buffer: tuple[BookUpdate, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.phase is BookPhase.LIVE


Step: TypeAlias = tuple[BookSync, tuple[Effect, ...]]


def step(sync: BookSync, event: BookEvent) -> Step:
    """The next state and what is to be done, in order."""
    if isinstance(event, BookUpdate):
        return _updated(sync, event)
    if isinstance(event, BookSnapshot):
        return _snapshot(sync, event)
    if isinstance(event, Opened):
        return _opened(sync)
    if isinstance(event, Closed):
        return replace(sync, phase=BookPhase.IDLE, last_id=None, buffer=()), _withheld(sync, event.why)
    if isinstance(event, Doubted):
        return _stale(sync, event.why, ())
    asks = sync.phase is BookPhase.BUFFERING and _asks(sync.facts)
    return sync, ((AskSnapshot(),) if asks else ())


def _asks(facts: BookFacts) -> bool:
    return facts.start in ("rest", "asked")


def _withheld(sync: BookSync, why: str) -> tuple[Effect, ...]:
    return (Withhold(why),) if sync.is_live else ()


def _opened(sync: BookSync) -> Step:
    effects = _withheld(sync, "the subscription starts again")
    if _asks(sync.facts):
        effects += (AskSnapshot(),)
    return replace(sync, phase=BookPhase.BUFFERING, last_id=None, buffer=()), effects


def _updated(sync: BookSync, update: BookUpdate) -> Step:
    if sync.phase is BookPhase.BUFFERING:
        return _buffered(sync, update)
    if sync.phase is BookPhase.IDLE:
        return sync, ()
    how = link(sync.facts.chain, sync.last_id, update)
    if how is Link.NEXT:
        return BookSync(sync.facts, BookPhase.LIVE, _newest(sync.last_id, update.last_id)), (Change(update),)
    if how is Link.SEEN:
        return sync, ()
    return _stale(sync, f"update {_span(update)} does not follow {sync.last_id}", (update,))


def _buffered(sync: BookSync, update: BookUpdate) -> Step:
    if sync.facts.start in ("first_frame", "whole"):
        return _snapshot(sync, _as_snapshot(update))
    return replace(sync, buffer=(*sync.buffer, update)[-BUFFER_AT_MOST:]), ()


def _snapshot(sync: BookSync, snapshot: BookSnapshot) -> Step:
    if sync.phase is BookPhase.IDLE or (sync.is_live and not _is_newer(sync, snapshot)):
        return sync, ()
    known = snapshot.last_id
    effects: list[Effect] = [Load(snapshot)]
    for index, update in enumerate(sync.buffer):
        how = link(sync.facts.chain, known, update)
        if how is Link.GAP:
            return _unfit(sync, sync.buffer[index:])
        if how is Link.NEXT:
            effects.append(Change(update))
            known = _newest(known, update.last_id)
    if not sync.is_live:
        effects.append(GoLive())
    return BookSync(sync.facts, BookPhase.LIVE, known), tuple(effects)


def _is_newer(sync: BookSync, snapshot: BookSnapshot) -> bool:
    """Whether a snapshot that comes while live is to replace the levels. One asked for by REST came too late to
    matter.
    """
    if sync.facts.start == "rest":
        return False
    return snapshot.last_id is None or sync.last_id is None or snapshot.last_id > sync.last_id


def _unfit(sync: BookSync, kept: tuple[BookUpdate, ...]) -> Step:
    """The snapshot is older than the first update that it must meet."""
    if _asks(sync.facts):
        return replace(sync, buffer=kept), (AskSnapshot(),)
    return _stale(sync, f"update {_span(kept[0])} does not follow the snapshot", ())


def _stale(sync: BookSync, why: str, kept: tuple[BookUpdate, ...]) -> Step:
    """Start again. Where the first frame after subscribing is the book, an update still under way could pass for it, so
    only a new connection is safe there."""
    if sync.phase is BookPhase.IDLE:
        return sync, ()
    withheld = _withheld(sync, why)
    start, on_gap = sync.facts.start, sync.facts.on_gap
    if on_gap == "resnapshot" and (_asks(sync.facts) or start == "whole"):
        asked = (AskSnapshot(),) if _asks(sync.facts) else ()
        return BookSync(sync.facts, BookPhase.BUFFERING, None, kept), (*withheld, *asked)
    reconnects = on_gap == "reconnect" or start == "first_frame"
    return BookSync(sync.facts), (*withheld, Reconnect() if reconnects else Resubscribe())


def _newest(known: int | None, last_id: int | None) -> int | None:
    return last_id if last_id is not None else known


def _span(update: BookUpdate) -> str:
    start = update.first_id if update.first_id is not None else update.previous_id
    return f"{update.last_id}" if start is None else f"{start}..{update.last_id}"


def _as_snapshot(update: BookUpdate) -> BookSnapshot:
    return BookSnapshot(
        bids=update.bids,
        asks=update.asks,
        pair=update.pair,
        last_id=update.last_id,
        first_id=update.first_id,
        previous_id=update.previous_id,
        checksum=update.checksum,
        time_ns=update.time_ns,
    )
