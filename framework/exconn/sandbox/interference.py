"""Where a fault may come between the exchange and its client: the seam that the server asks at each such place.

Rules:
- The server asks about every request, over HTTP or in a frame, before and around its answer, about what a read looks
  at and what it answers, about every frame on its way to a subscriber, about subscriptions, and about connections that
  begin or change.
- `Undisturbed` leaves everything as it is: what else comes between replaces the methods that it needs.
- `faults.Player` plays faults that are data; a test may give a class of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from aiohttp import web

from .dialect.endpoints import Endpoint
from .dialect.meanings import Refused

if TYPE_CHECKING:
    from .actions.call import Records
    from .actions.market_data import BookRow
    from .connection import Connection

Say = Callable[[bytes], None]
"""Sends a frame."""
Answer = Callable[[], Awaitable[web.StreamResponse]]
ENDPOINT: web.RequestKey[Endpoint] = web.RequestKey("endpoint", Endpoint)
"""Where a request carries its endpoint, once it is known; a handshake and a wrong path have none."""


class Frame(NamedTuple):
    """One event frame on its way to one subscriber. `topic` is our symbol, or the account."""

    event: str
    connection: Connection
    channel: str
    topic: str
    data: bytes


class FramedRequest(NamedTuple):
    """One request that came in a frame. `judge` makes its checks, and says what refuses it; `act` does it, at once or
    later, and says its answers; `refuse` answers it with an error.
    """

    connection: Connection
    endpoint: Endpoint
    judge: Callable[[Say], bool]
    act: Callable[[Say], None]
    refuse: Callable[[Say, Refused], None]


class Delivery(NamedTuple):
    """What a subscriber gets: these bytes, `after` seconds."""

    data: bytes
    after: float = 0.0


class Interference(Protocol):
    """What comes between."""

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """Answer a request, sooner or later, or not as the exchange would."""

    def framed(self, request: FramedRequest) -> None:
        """Let a request of a frame be judged, done and answered, sooner or later, or not as the exchange would."""

    async def gate(self, endpoint: str) -> None:
        """Hold a request just before it is done, all its checks passed."""

    def records(self, endpoint: Endpoint | None, current: Records) -> Records:
        """What a read of an endpoint looks at, or (None) a snapshot of a book that a socket sends."""

    def row(self, endpoint: Endpoint, row: Any) -> Any:
        """What an endpoint answers, before it is written."""

    def book(self, connection: Connection, channel: str, row: BookRow) -> BookRow:
        """What a subscriber is told of a book, before it is written."""

    def frames(self, frame: Frame) -> Sequence[Delivery]:
        """What a subscriber gets in place of one event frame."""

    def subscribe(self, connection: Connection, topics: Mapping[str, tuple[str, str]]) -> None:
        """A subscription is about to be done: topic -> (channel, our symbol). Refused: as it says."""

    def passes(self, connection: Connection) -> bool:
        """Whether anything gets through on a connection now, either way."""

    def meet(self, connection: Connection) -> None:
        """A connection has begun, logged in, or subscribed."""


class Undisturbed:
    """Nothing comes between."""

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        return await answer()

    def framed(self, request: FramedRequest) -> None:
        if request.judge(request.connection.say):
            request.act(request.connection.say)

    async def gate(self, endpoint: str) -> None:
        return None

    def records(self, endpoint: Endpoint | None, current: Records) -> Records:
        return current

    def row(self, endpoint: Endpoint, row: Any) -> Any:
        return row

    def book(self, connection: Connection, channel: str, row: BookRow) -> BookRow:
        return row

    def frames(self, frame: Frame) -> Sequence[Delivery]:
        return (Delivery(frame.data),)

    def subscribe(self, connection: Connection, topics: Mapping[str, tuple[str, str]]) -> None:
        return None

    def passes(self, connection: Connection) -> bool:
        return True

    def meet(self, connection: Connection) -> None:
        return None
