"""One direction of a memory connection: a queue of bytes, each due at a virtual time.

Rules. Order is kept whatever the latencies: one queue and one timer a direction. Bytes that the receiver has not taken
count against the sender beyond WINDOW, as they would beyond a socket's buffers, so back-pressure reaches the writer.
The end of the stream travels in the queue, behind the bytes. Nothing is delivered from within `send`.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Protocol

from exconn.testing.virtual.link import Cut, Link

__all__ = ["WINDOW", "Pipe", "Receiver", "Sender"]

WINDOW = 256 * 1024
"""Bytes that the network and the socket buffers hold before the sender's own buffer grows."""

CHUNK = 256 * 1024
"""Bytes delivered at a time, as asyncio's socket transport reads."""

_TICK = 1e-6
"""Seconds within which two virtual times are the same: a timer may fire one rounding error early."""


class Sender(Protocol):
    """The end that writes."""

    def drained(self) -> None:
        """The backlog has changed for the smaller."""


class Receiver(Protocol):
    """The end that reads."""

    @property
    def reading(self) -> bool:
        """False while delivery must wait."""

    def receive(self, data: bytes) -> None:
        """Take bytes."""

    def receive_end(self) -> None:
        """Take the end of the stream."""


class _Mark(Enum):
    END = "end"
    RESET = "reset"


class Pipe:
    """One direction between a sender and a receiver; `link` says how it treats bytes."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        source: random.Random,
        link: Link,
        broken: Callable[[Cut], None],
    ) -> None:
        """`source` gives the latencies; `broken` is called for what concerns both directions: reset and close."""
        self._loop = loop
        self._source = source
        self._broken = broken
        self._queue: deque[tuple[float, bytes | _Mark]] = deque()
        self._last_due = 0.0
        self.used_at = loop.time()
        self._timer: asyncio.Handle | None = None
        self._unread = 0
        self._ended = False
        self._deaf = False
        self._sender: Sender
        self._receiver: Receiver
        self.set_link(link)

    def join(self, sender: Sender, receiver: Receiver) -> None:
        """Put the two ends in place; called once, before any byte."""
        self._sender = sender
        self._receiver = receiver

    @property
    def link(self) -> Link:
        """How the pipe treats bytes now."""
        return self._link

    @property
    def backlog(self) -> int:
        """Bytes in the sender's own buffer: not taken, and more than the window."""
        return max(0, self._unread - WINDOW)

    def set_link(self, link: Link) -> None:
        """Treat bytes this way from now on, those under way too; `cut_after` counts from here."""
        self._link = link
        self._room = link.cut_after
        if link.flow == "stall" and self._queue:
            self._queue.clear()
            self._deaf = True
        self.wake()

    def send(self, data: bytes) -> None:
        """Take bytes for delivery; after the end they are dropped."""
        self.used_at = self._loop.time()
        room = len(data) if self._room is None else self._room
        for start in range(0, min(len(data), room), CHUNK):
            self._put(data[start : min(start + CHUNK, room)])
        if self._room is not None:
            self._room = max(0, room - len(data))
            if len(data) > room:
                self._cut()

    def end(self) -> None:
        """End the stream behind the bytes under way."""
        self._put(_Mark.END)
        self._ended = True

    def drop_backlog(self) -> None:
        """Forget the newest bytes that are still in the sender's own buffer, in whole chunks."""
        while self._queue and isinstance(tail := self._queue[-1][1], bytes) and len(tail) <= self.backlog:
            self._queue.pop()
            self._unread -= len(tail)

    def abandon(self) -> None:
        """Deliver nothing more: the receiver is gone."""
        self._ended = True
        self._queue.clear()
        self._unread = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._sender.drained()

    def wake(self) -> None:
        """See soon whether something can be delivered."""
        if self._timer is None and self._queue and self._open():
            due = self._queue[0][0]
            if due <= self._loop.time():
                self._timer = self._loop.call_soon(self._deliver_due)
            else:
                self._timer = self._loop.call_at(due, self._deliver_due)

    def _put(self, item: bytes | _Mark) -> None:
        if self._ended:
            return
        if isinstance(item, bytes):
            self._unread += len(item)
        if self._deaf or self._link.flow == "stall":
            # Gone, but still counted as unread: a black hole acknowledges nothing.
            self._deaf = True
            return
        due = self._loop.time() + self._link.latency.draw(self._source)
        self._last_due = max(self._last_due, due)
        self._queue.append((self._last_due, item))
        self.wake()

    def _cut(self) -> None:
        cut = self._link.cut
        if cut == "reset":
            self._put(_Mark.RESET)
            self._ended = True
        elif cut == "close":
            self._broken(cut)
        else:
            self._deaf = True

    def _deliver_due(self) -> None:
        self._timer = None
        due_by = self._loop.time() + _TICK
        while self._queue and self._queue[0][0] <= due_by and self._open():
            self._hand_over(self._queue.popleft()[1])
        self.wake()
        self._sender.drained()

    def _open(self) -> bool:
        return self._link.flow == "flow" and self._receiver.reading

    def _hand_over(self, item: bytes | _Mark) -> None:
        if isinstance(item, bytes):
            self._unread -= len(item)
            self._receiver.receive(item)
        elif item is _Mark.END:
            self._receiver.receive_end()
        else:
            self._broken("reset")
