"""Keeping a book in step with its stream: `(sync, event) -> (sync, effects)`, one `BookSync` a pair.

Rules: a book is live only after a snapshot that every later update chains onto; while it is not, updates are buffered
(bounded, the oldest go first) and nothing is published. An update already contained in what is known is dropped, so
duplicates and old snapshots do no harm; sizes are absolute, so an update that overlaps what is known may be applied.
Anything else that does not chain is a gap: the book is stale at once and is started again as the spec's `on_gap` says,
that pair only. A sequence that starts again from lower ids shows itself by what seems known already: a stream that goes
back, or stays behind, for longer than repeats and late snapshots do, and a pushed snapshot with a lower id, start the
book again; the known id itself, which a quiet stream may tell for ever, is no sign of it. The effects are to be carried
out in order; who carries them out holds the levels.
"""

from enum import Enum
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import asdict, replace

from exconn.codec.book_chain import Link, link
from exconn.codec.facts import BookFacts
from exconn.model import BookSnapshot, BookUpdate

BUFFER_AT_MOST = 1_000
REPEATS_AT_MOST = 16
"""Updates in a row that the stream may tell again. A stream may also be behind its snapshot, by as many as are
buffered."""


class BookPhase(Enum):
    """IDLE: waits for the subscription; everything is dropped. BUFFERING: waits for a snapshot that fits. LIVE: in
    step.
    """

    IDLE = "idle"
    BUFFERING = "buffering"
    LIVE = "live"


_IDLE, _BUFFERING, _LIVE = BookPhase
_NEXT, _SEEN, _GAP = Link  # looked up once, for the sake of every update


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


class Change(Struct, frozen=True, gc=False):
    """Set levels; size 0 deletes."""

    update: BookUpdate


class Withhold(Struct, frozen=True):
    """The book is stale: nobody may read it until `GoLive`."""

    why: str


class GoLive(Struct, frozen=True):
    """The book is in step and may be read."""


BookEvent: TypeAlias = Opened | Closed | SnapshotFailed | Doubted | BookSnapshot | BookUpdate
Effect: TypeAlias = AskSnapshot | Resubscribe | Reconnect | Load | Change | Withhold | GoLive


class BookSync(Struct, frozen=True, gc=False):
    """The state of one pair. `last_id`: the newest sequence number contained in the levels, None where there are
    none; `told`: the last that the stream itself told; `known`: how many in a row told nothing new.
    """

    facts: BookFacts
    phase: BookPhase = BookPhase.IDLE
    last_id: int | None = None
    buffer: tuple[BookUpdate, ...] = ()
    told: int | None = None
    known: int = 0

    @property
    def is_live(self) -> bool:
        return self.phase is _LIVE


Step: TypeAlias = tuple[BookSync, tuple[Effect, ...]]


def step(sync: BookSync, event: BookEvent) -> Step:
    """The next state and what is to be done, in order."""
    if type(event) is BookUpdate:
        return _updated(sync, event)
    if isinstance(event, BookSnapshot):
        return _snapshot(sync, event)
    if isinstance(event, Opened):
        return _opened(sync)
    if isinstance(event, Closed):
        return BookSync(sync.facts), _withheld(sync, event.why)
    if isinstance(event, Doubted):
        return _stale(sync, event.why, ())
    asks = sync.phase is _BUFFERING and _asks(sync.facts)
    return sync, ((AskSnapshot(),) if asks else ())


def _asks(facts: BookFacts) -> bool:
    return facts.start in ("rest", "asked")


def _withheld(sync: BookSync, why: str) -> tuple[Effect, ...]:
    return (Withhold(why),) if sync.is_live else ()


def _opened(sync: BookSync) -> Step:
    effects = _withheld(sync, "the subscription starts again")
    if _asks(sync.facts):
        effects += (AskSnapshot(),)
    return BookSync(sync.facts, _BUFFERING), effects


def _updated(sync: BookSync, update: BookUpdate) -> Step:
    if sync.phase is not _LIVE:
        return _buffered(sync, update) if sync.phase is _BUFFERING else (sync, ())
    how = link(sync.facts.chain, sync.last_id, update)
    if how is _NEXT:
        newest = update.last_id if update.last_id is not None else sync.last_id
        return BookSync(sync.facts, _LIVE, newest, (), newest), (Change(update),)
    if how is _SEEN:
        return _known(sync, update.last_id)
    return _stale(sync, f"update {_span(update)} does not follow {sync.last_id}", (update,))


def _known(sync: BookSync, last_id: int | None) -> Step:
    """Something told what the levels contain already."""
    if last_id == sync.last_id:
        return sync, ()
    goes_back = sync.told is not None and last_id is not None and last_id <= sync.told
    if sync.known >= (REPEATS_AT_MOST if goes_back else BUFFER_AT_MOST):
        return _stale(sync, f"the sequence started again: {last_id} comes long after {sync.last_id}", ())
    told = sync.told if goes_back else last_id
    return replace(sync, told=told, known=sync.known + 1), ()


def _buffered(sync: BookSync, update: BookUpdate) -> Step:
    if sync.facts.start in ("first_frame", "whole"):
        return _snapshot(sync, _as_snapshot(update))
    return replace(sync, buffer=(*sync.buffer, update)[-BUFFER_AT_MOST:]), ()


def _snapshot(sync: BookSync, snapshot: BookSnapshot) -> Step:
    if sync.phase is _IDLE:
        return sync, ()
    if sync.is_live and not _is_newer(sync, snapshot):
        return _outdated(sync, snapshot)
    known = snapshot.last_id
    effects: list[Effect] = [Load(snapshot)]
    buffer = () if _contains_all_before(sync.facts, snapshot) else sync.buffer
    for index, update in enumerate(buffer):
        how = link(sync.facts.chain, known, update)
        if how is _GAP:
            return _unfit(sync, buffer[index:])
        if how is _NEXT:
            effects.append(Change(update))
            known = update.last_id if update.last_id is not None else known
    if not sync.is_live:
        effects.append(GoLive())
    pushed = None if _asks(sync.facts) else snapshot.last_id
    told = buffer[-1].last_id if buffer else pushed
    return BookSync(sync.facts, _LIVE, known, (), told), tuple(effects)


def _contains_all_before(facts: BookFacts, snapshot: BookSnapshot) -> bool:
    """Whether updates that came before a snapshot are older where no ids tell: what a stream sends comes in its order,
    and after a new subscription the last of the old one may still be under way."""
    return facts.start == "stream" and (facts.chain == "none" or snapshot.last_id is None)


def _is_newer(sync: BookSync, snapshot: BookSnapshot) -> bool:
    """Whether a snapshot that comes while live is to replace the levels. One asked for came too late to matter."""
    if _asks(sync.facts):
        return False
    if sync.facts.chain == "none" or snapshot.last_id is None or sync.last_id is None:
        return True
    return snapshot.last_id > sync.last_id


def _outdated(sync: BookSync, snapshot: BookSnapshot) -> Step:
    """A snapshot that is not newer came while live: asked for and late, told twice, or of a new sequence."""
    if _asks(sync.facts) or snapshot.last_id == sync.last_id:
        return sync, ()
    if sync.facts.start == "whole":
        return _known(sync, snapshot.last_id)
    return _stale(sync, f"a snapshot of {snapshot.last_id} came after {sync.last_id}", ())


def _unfit(sync: BookSync, kept: tuple[BookUpdate, ...]) -> Step:
    """The snapshot is older than the first update that it must meet."""
    if _asks(sync.facts):
        return replace(sync, buffer=kept), (AskSnapshot(),)
    return _stale(sync, f"update {_span(kept[0])} does not follow the snapshot", ())


def _stale(sync: BookSync, why: str, kept: tuple[BookUpdate, ...]) -> Step:
    """Start again. Where the first frame after subscribing is the book, an update still under way could pass for it, so
    only a new connection is safe there."""
    if sync.phase is _IDLE:
        return sync, ()
    withheld = _withheld(sync, why)
    start, on_gap = sync.facts.start, sync.facts.on_gap
    if on_gap == "resnapshot" and (_asks(sync.facts) or start == "whole"):
        asked = (AskSnapshot(),) if _asks(sync.facts) else ()
        return BookSync(sync.facts, _BUFFERING, None, kept), (*withheld, *asked)
    reconnects = on_gap == "reconnect" or start == "first_frame"
    return BookSync(sync.facts), (*withheld, Reconnect() if reconnects else Resubscribe())


def _span(update: BookUpdate) -> str:
    start = update.first_id if update.first_id is not None else update.previous_id
    return f"{update.last_id}" if start is None else f"{start}..{update.last_id}"


def _as_snapshot(update: BookUpdate) -> BookSnapshot:
    """The two have the same fields."""
    return BookSnapshot(**asdict(update))
