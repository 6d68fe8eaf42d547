"""A book followed step by step: the codec's readers, the shared rules of joining, and plain levels.

Rules: the dialogue begins with the subscription, whose own effect is not told; every frame and snapshot is read as a
market reads it; a step tells all its effects, in their order; levels are a dict a side, where size 0 deletes.
"""

from typing import Any

from exconn.codec import Answer, Arguments, BookFacts, Context, Endpoint, Socket
from exconn.codec.book_sync import BookSync, Change, Load, Opened, step
from exconn.errors import ExconnError
from exconn.model import BookSnapshot, BookUpdate, Report, Unreadable

from .told import Told
from .tree import BookStep


class Unfollowed(Exception):
    """A frame or snapshot holds nothing of the book. `read_at`: where the spec reads what could not be read."""

    def __init__(self, why: str, read_at: tuple[str, ...] = ()) -> None:
        self.read_at = read_at
        super().__init__(why)


class Followed:
    """One pair's book."""

    def __init__(
        self, facts: BookFacts, socket: Socket, snapshots: Endpoint | None, context: Context, pair: str
    ) -> None:
        self._socket = socket
        self._snapshots = snapshots
        self._context = context
        self._pair = pair
        self._sync: BookSync = step(BookSync(facts), Opened())[0]
        self._sides: dict[str, dict[float, float]] = {"bids": {}, "asks": {}}

    def take(self, taken: BookStep) -> dict[str, Told]:
        """Take a frame or a snapshot in; `{"does": [...]}`."""
        does: list[Told] = []
        for report in self._read(taken):
            self._sync, effects = step(self._sync, report)
            for effect in effects:
                self._carry_out(effect)
                does.append(_snake(type(effect).__name__))
        return {"does": does}

    def tell(self) -> dict[str, Told]:
        """The whole book: bids from the highest, asks from the lowest, and its newest sequence number."""
        told: dict[str, Told] = {
            side: [[price, size] for price, size in sorted(levels.items(), reverse=side == "bids")]
            for side, levels in self._sides.items()
        }
        if self._sync.last_id is not None:
            told["last_id"] = str(self._sync.last_id)
        return told

    def _carry_out(self, effect: Any) -> None:
        if isinstance(effect, Load):
            self._sides = {"bids": {}, "asks": {}}
            self._set(effect.snapshot)
        elif isinstance(effect, Change):
            self._set(effect.update)

    def _set(self, report: BookSnapshot | BookUpdate) -> None:
        for side, levels in (("bids", report.bids), ("asks", report.asks)):
            for price, size in levels:
                if size:
                    self._sides[side][price] = size
                else:
                    self._sides[side].pop(price, None)

    def _read(self, taken: BookStep) -> list[BookSnapshot | BookUpdate]:
        try:
            reports = self._snapshot(taken.payload) if taken.is_snapshot else self._frame(taken.payload)
        except ExconnError as error:
            raise Unfollowed(f"{type(error).__name__}: {error}") from None
        books = [report for report in reports if isinstance(report, BookSnapshot | BookUpdate)]
        own = [book for book in books if book.pair in (None, self._pair)]
        if not own:
            bad = [report for report in reports if isinstance(report, Unreadable)]
            why = f": {bad[0].why}" if bad else ""
            raise Unfollowed(f"this step holds no book of {self._pair}{why}", tuple(each.where for each in bad))
        return own

    def _snapshot(self, payload: str) -> list[Report]:
        if self._snapshots is None:
            raise Unfollowed("the spec has no book_snapshot")
        return self._snapshots.read(
            Answer(200, {}, payload.encode()), Arguments(pair=self._pair), self._context
        ).reports

    def _frame(self, payload: str) -> list[Report]:
        return self._socket.read(payload, self._context).reports


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")
