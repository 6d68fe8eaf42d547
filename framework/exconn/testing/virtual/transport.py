"""One end of a memory connection, as asyncio's protocols know it.

It behaves as the socket transport does where aiohttp can tell: `close` flushes and then ends the stream, `abort`
forgets what is still in its own buffer, an end of stream closes this end unless the protocol keeps it, and
`connection_lost` comes once, later than the call that caused it. There is no socket to set options on.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import cast

from exconn.testing.virtual.pipe import Pipe

__all__ = ["MemoryTransport"]

_HIGH = 64 * 1024


class MemoryTransport(asyncio.Transport):
    """Writes to `outgoing`, is fed from `incoming`; `gone` is called once, when this end no longer exists."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol: asyncio.BaseProtocol,
        incoming: Pipe,
        outgoing: Pipe,
        extra: Mapping[str, object],
        gone: Callable[[], None],
        written: Callable[[bytes], None],
    ) -> None:
        super().__init__(dict(extra))
        self._loop = loop
        self._protocol = protocol
        self._incoming = incoming
        self._outgoing = outgoing
        self._gone = gone
        self._written = written
        self._high, self._low = _HIGH, _HIGH // 4
        self._paused_reading = False
        self._paused_writing = False
        self._wrote_end = False
        self._closing = False
        self._lost = False

    def __repr__(self) -> str:
        state = "lost" if self._lost else "closing" if self._closing else "open"
        return f"<MemoryTransport {self.get_extra_info('sockname')} -> {self.get_extra_info('peername')} {state}>"

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def is_reading(self) -> bool:
        return self.reading

    @property
    def reading(self) -> bool:
        """Whether bytes may be delivered now."""
        return not (self._paused_reading or self._closing)

    def pause_reading(self) -> None:
        self._paused_reading = True

    def resume_reading(self) -> None:
        self._paused_reading = False
        self._incoming.wake()

    def receive(self, data: bytes) -> None:
        cast(asyncio.Protocol, self._protocol).data_received(data)

    def receive_end(self) -> None:
        if not cast(asyncio.Protocol, self._protocol).eof_received():
            self.close()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._wrote_end:
            raise RuntimeError("cannot write after write_eof()")
        if self._closing or not data:
            return
        whole = bytes(data)
        self._written(whole)
        self._outgoing.send(whole)
        if not self._paused_writing and self.get_write_buffer_size() > self._high:
            self._paused_writing = True
            self._protocol.pause_writing()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self._wrote_end = True
        self._outgoing.end()

    def get_write_buffer_size(self) -> int:
        return self._outgoing.backlog

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._low, self._high

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        high = (_HIGH if low is None else 4 * low) if high is None else high
        low = high // 4 if low is None else low
        if not 0 <= low <= high:
            raise ValueError(f"write buffer limits low={low}, high={high}: must be 0 <= low <= high")
        self._high, self._low = high, low

    def drained(self) -> None:
        """The outgoing pipe has fewer bytes waiting; the writer may go on, or the flush of `close` is over."""
        backlog = self._outgoing.backlog
        if self._paused_writing and backlog <= self._low:
            self._paused_writing = False
            self._protocol.resume_writing()
        if self._closing and not backlog:
            self.lose(None)

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._outgoing.end()
            self.drained()

    def abort(self) -> None:
        self._closing = True
        self._outgoing.drop_backlog()
        self._outgoing.end()
        self.lose(None)

    def lose(self, error: ConnectionError | None) -> None:
        """This end is no more; `error` is what the protocol learns."""
        if not self._lost:
            self._closing = self._lost = True
            self._incoming.abandon()
            self._loop.call_soon(self._protocol.connection_lost, error)
            self._gone()
