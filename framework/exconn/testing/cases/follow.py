"""A book followed step by step: the codec's readers, and the very code by which a market keeps a book.

Rules: the dialogue begins with the subscription, whose own effect is not told; every frame and snapshot is read as a
market reads it; a step tells all its effects, in their order, those of a checksum that does not hold and of a crossed
top among them, and why the book was withheld; of what changed nothing it is known why.
"""

from exconn.codec import Answer, Arguments, BookFacts, Context, Endpoint, Socket, remember
from exconn.codec.book_checksum import Decimals
from exconn.codec.book_sync import BookSync, Doubted, Effect, Opened, Withhold
from exconn.errors import ExconnError
from exconn.market.kept_book import KeptBook, KeptEvent
from exconn.model import BookChecksum, BookSnapshot, BookUpdate, Report, Unreadable

from .told import Message, Told, tell_levels
from .tree import BookDialogue, BookStep


class Unfollowed(Exception):
    """A frame or snapshot holds nothing of the book. `read_at`: where the spec reads what could not be read."""

    def __init__(self, why: str, read_at: tuple[str, ...] = ()) -> None:
        self.read_at = read_at
        super().__init__(why)


class Followed:
    """One pair's book. `why`: why the last step was not simply applied, None where it was."""

    def __init__(
        self, facts: BookFacts, socket: Socket, snapshots: Endpoint | None, context: Context, dialogue: BookDialogue
    ) -> None:
        self._socket = socket
        self._snapshots = snapshots
        self._context = context
        self._pair = dialogue.pair
        self._kept = KeptBook(facts, lambda: Decimals(*dialogue.decimals))
        self._kept.take(Opened())
        self.why: str | None = None

    def take(self, taken: BookStep) -> dict[str, Told]:
        """Take a frame or a snapshot in; `{"does": [...]}`, and `why` where the book was withheld and a case asks."""
        effects: list[Effect] = []
        self.why = None
        for report in self._read(taken):
            before = self._kept.sync
            done = self._kept.take(report)
            if not done and isinstance(report, BookUpdate | BookSnapshot):
                self.why = _why_nothing(before, report)
            effects += done
            if self._kept.fault is not None:
                effects += self._kept.take(Doubted(self._kept.fault))
        told: dict[str, Told] = {"does": [_snake(type(effect).__name__) for effect in effects]}
        reasons = [effect.why for effect in effects if isinstance(effect, Withhold)]
        if reasons:
            self.why = reasons[-1]
            if taken.expected.get("why") is not None:
                told["why"] = Message(reasons[-1])
        return told

    def tell(self) -> dict[str, Told]:
        """The whole book: bids from the highest, asks from the lowest, and its newest sequence number."""
        bids, asks = self._kept.book.snapshot
        told: dict[str, Told] = {
            side: tell_levels([(row.price, row.amount) for row in rows])
            for side, rows in (("bids", bids), ("asks", asks))
        }
        if self._kept.sync.last_id is not None:
            told["last_id"] = str(self._kept.sync.last_id)
        return told

    def _read(self, taken: BookStep) -> list[KeptEvent]:
        try:
            reports = self._snapshot(taken.payload) if taken.is_snapshot else self._frame(taken.payload)
        except ExconnError as error:
            raise Unfollowed(f"{type(error).__name__}: {error}") from None
        if reports is None:
            return []
        books: list[KeptEvent] = [
            report
            for report in reports
            if isinstance(report, BookSnapshot | BookUpdate | BookChecksum) and report.pair in (None, self._pair)
        ]
        if not books:
            bad = [report for report in reports if isinstance(report, Unreadable)]
            why = f": {bad[0].why}" if bad else ""
            raise Unfollowed(f"this step holds no book of {self._pair}{why}", tuple(each.where for each in bad))
        return books

    def _snapshot(self, payload: str) -> list[Report]:
        if self._snapshots is None:
            raise Unfollowed("the spec has no book_snapshot")
        return self._snapshots.read(
            Answer(200, {}, payload.encode()), Arguments(pair=self._pair), self._context
        ).reports

    def _frame(self, payload: str) -> list[Report] | None:
        """What the frame says; None of one that only opens a channel."""
        frame = self._socket.read(payload, self._context)
        remember(self._context, frame)
        return None if frame.opened is not None else frame.reports


def _why_nothing(before: BookSync, report: BookUpdate | BookSnapshot) -> str:
    """Why a step has no effect."""
    kind = "update" if isinstance(report, BookUpdate) else "snapshot"
    if before.is_live:
        return f"this {kind} ends at {report.last_id} and {before.last_id} is known, so that it is contained already"
    return f"the book waits for a snapshot that fits, and this {kind} with it"


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")
