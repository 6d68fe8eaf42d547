"""The user streams of a market: frames of orders, fills and balances, queued for the one who listens.

Rules: every frame is kept in its order and none is ever dropped; the queue is bounded, and a listener that falls so
far behind costs the connection, because a new one is followed by reading everything again. `last_recv_time` is of any
frame. Whatever may have been missed (a new connection, an unreadable frame) asks for a reconcile.
"""

import asyncio
from collections.abc import Callable, Sequence

from exconn.codec import Socket
from exconn.market.websocket import USER_KINDS, Pairs, Stream, Wire
from exconn.model import BookChecksum, BookSnapshot, BookUpdate, LastPrice, PublicTrade, Report

QUEUED_AT_MOST = 10_000
_PUBLIC = (BookSnapshot, BookUpdate, BookChecksum, PublicTrade, LastPrice)
"""What a socket may carry besides, for somebody else."""


class UserStreamTracker:
    """`user_stream`: the queue of frames, each a sequence of reports. `reconcile`: called where REST must be read
    again."""

    def __init__(self, sockets: Sequence[Socket], pairs: Pairs, wire: Wire, reconcile: Callable[[], None]) -> None:
        self.user_stream: asyncio.Queue[Sequence[Report]] = asyncio.Queue(QUEUED_AT_MOST)
        self.streams = [Stream(socket, pairs, wire, self) for socket in sockets]
        self._reconcile = reconcile
        self._is_shared = bool(self.kinds - USER_KINDS)

    @property
    def last_recv_time(self) -> float:
        """Seconds of the market's clock; 0.0 before the first frame."""
        return max((stream.last_recv_time for stream in self.streams), default=0.0)

    @property
    def is_live(self) -> bool:
        """Whether there is a user stream and all of it is open."""
        return bool(self.streams) and all(stream.is_live for stream in self.streams)

    @property
    def sockets(self) -> frozenset[str]:
        """Names of the sockets that are kept open here."""
        return frozenset(stream.socket.name for stream in self.streams)

    def sharing(self, kinds: frozenset[str]) -> list[Stream]:
        """The streams that carry something of these kinds as well."""
        return [stream for stream in self.streams if not kinds.isdisjoint(stream.socket.kinds)]

    @property
    def kinds(self) -> frozenset[str]:
        """What the streams tell: order, fill, balance."""
        return frozenset(kind for stream in self.streams for kind in stream.socket.kinds)

    def opening(self) -> None:
        """What is sent from here on arrives."""

    def opened(self) -> None:
        self._reconcile()

    def received(self, reports: Sequence[Report]) -> None:
        if self._is_shared:
            reports = [report for report in reports if not isinstance(report, _PUBLIC)]
            if not reports:
                return
        try:
            self.user_stream.put_nowait(reports)
        except asyncio.QueueFull:
            for stream in self.streams:
                stream.reconnect(f"{QUEUED_AT_MOST} frames wait for a listener that does not come")

    def doubted(self, why: str) -> None:
        self._reconcile()

    def lost(self, pair: str, why: str) -> None:
        """Books are somebody else's."""

    def refused(self, why: str) -> None:
        self._reconcile()

    def closed(self, why: str) -> None:
        """Polling takes over until the next opening."""
