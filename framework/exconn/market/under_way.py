"""What was asked on a live connection and is not answered yet: what an error may be the answer to.

Rules: one answer is counted for each frame, and answers come in the order of what they answer; what is not answered
within `patience` seconds is under way no more. An error that was taken for the answer to a ping was none where the pong
comes after all. An error that answers nothing here is about what was agreed on before, and that may be gone.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

from msgspec import Struct, field

from exconn.errors import ExchangeError
from exconn.model import BookSnapshot, Report

SUBSCRIBE: Final = "subscribe"
UNSUBSCRIBE: Final = "unsubscribe"
SNAPSHOT: Final = "snapshot"
PING: Final = "ping"
_VERBS = (SUBSCRIBE, UNSUBSCRIBE)


class Asked(Struct, frozen=True):
    """One frame of ours: what it asks for, of which pair where it is about one, and until when its answer may come."""

    what: str
    pair: str
    until: float

    def __str__(self) -> str:
        return f"{self.what} {self.pair}".rstrip()


class UnderWay(Struct):
    """`waiting`: the frames that are not answered yet, oldest first. Times are steady seconds."""

    patience: float
    waiting: deque[Asked] = field(default_factory=deque)
    _taken: ExchangeError | None = None

    def asked(self, what: str, now: float, pair: str = "") -> None:
        """A frame is about to be sent."""
        self._expire(now)
        if what == PING:
            self._taken = None
        self.waiting.append(Asked(what, pair, now + self.patience))

    def acknowledged(self, now: float) -> None:
        """A subscription, or the end of one, was confirmed."""
        self._expire(now)
        self._answer(_VERBS)

    def came(self, reports: Sequence[Report]) -> None:
        """A message came, which may hold a book that was asked for."""
        for report in reports:
            if isinstance(report, BookSnapshot):
                self._answer((SNAPSHOT,), report.pair)

    def pong(self) -> ExchangeError | None:
        """A pong came; gives the error that was taken for it before."""
        if self._answer((PING,)):
            return None
        mistaken, self._taken = self._taken, None
        return mistaken

    def blame(self, error: ExchangeError, now: float) -> Asked | None:
        """What an error is the answer to; None where nothing is under way."""
        self._expire(now)
        if not self.waiting:
            return None
        asked = self.waiting.popleft()
        if asked.what == PING:
            self._taken = error
        return asked

    def _answer(self, kinds: Sequence[str], pair: str | None = None) -> bool:
        """Strike out the oldest of these kinds, of the pair where one is given; whether there was one."""
        for asked in self.waiting:
            if asked.what in kinds and pair in (None, asked.pair):
                self.waiting.remove(asked)
                return True
        return False

    def _expire(self, now: float) -> None:
        while self.waiting and self.waiting[0].until <= now:
            self.waiting.popleft()
