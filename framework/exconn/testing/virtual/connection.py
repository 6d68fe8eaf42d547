"""One memory connection: two ends, two pipes, and the faults that concern both directions.

`up` is client to server, `down` server to client. A reset destroys both ends at once, with whatever was under way. A
close ends both streams in order, behind the bytes under way, as a middlebox that shuts down politely.
"""

import asyncio
import errno
import os
import random
from collections.abc import Callable
from typing import Literal

from exconn.testing.virtual.link import Cut, Route
from exconn.testing.virtual.pipe import Pipe
from exconn.testing.virtual.trace import Mark
from exconn.testing.virtual.transport import MemoryTransport

__all__ = ["Connection", "Record"]

Record = Callable[[Mark, int, bytes], None]
"""Takes (mark, connection number, bytes) for the trace."""

Address = tuple[str, int]


class Connection:
    """A connection of `client` to `origin`, numbered in the order of their making."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        number: int,
        client: str,
        origin: str,
        source: random.Random,
        route: Route,
        record: Record,
        gone: Callable[["Connection"], None],
    ) -> None:
        self.number = number
        self.client = client
        self.origin = origin
        self._loop = loop
        self._record = record
        self._gone = gone
        self.up = Pipe(loop, random.Random(source.getrandbits(64)), route.up, self._break)
        self.down = Pipe(loop, random.Random(source.getrandbits(64)), route.down, self._break)
        self._ends: list[MemoryTransport] = []
        self._alive = 0

    def __repr__(self) -> str:
        return f"<Connection {self.number} {self.client} -> {self.origin} {'open' if self._alive else 'closed'}>"

    @property
    def is_open(self) -> bool:
        """True until both ends are gone."""
        return self._alive > 0

    @property
    def used_at(self) -> float:
        """The loop's time when one of the two ends last sent something; that of its making before."""
        return max(self.up.used_at, self.down.used_at)

    def attach(
        self, client: asyncio.BaseProtocol, server: asyncio.BaseProtocol, client_address: Address, address: Address
    ) -> None:
        """Put the two protocols at the ends and tell them, the server first."""
        server_end = self._end(server, self.up, self.down, "down", address, client_address)
        client_end = self._end(client, self.down, self.up, "up", client_address, address)
        self.up.join(client_end, server_end)
        self.down.join(server_end, client_end)
        self._ends = [client_end, server_end]
        self._alive = 2
        self._record("open", self.number, f"{self.client} {self.origin}".encode())
        server.connection_made(server_end)
        client.connection_made(client_end)

    def reset(self) -> None:
        """Both ends see ECONNRESET; bytes under way are lost."""
        if self._alive:
            self._record("reset", self.number, b"")
            for end in self._ends:
                end.lose(ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)))

    def close(self) -> None:
        """Both ends see the end of the stream, behind the bytes under way."""
        if self._alive:
            self._record("close", self.number, b"")
            self.up.end()
            self.down.end()

    def _break(self, cut: Cut) -> None:
        if cut == "reset":
            self.reset()
        else:
            self.close()

    def _end(
        self,
        protocol: asyncio.BaseProtocol,
        incoming: Pipe,
        outgoing: Pipe,
        mark: Literal["up", "down"],
        own: Address,
        peer: Address,
    ) -> MemoryTransport:
        extra = {"sockname": own, "peername": peer}
        return MemoryTransport(
            self._loop,
            protocol,
            incoming,
            outgoing,
            extra,
            gone=self._end_gone,
            written=lambda data: self._record(mark, self.number, data),
        )

    def _end_gone(self) -> None:
        self._alive -= 1
        if not self._alive:
            self._record("gone", self.number, b"")
            self._gone(self)
