"""A hand on the wire: what clients send passes through it on its way to the exchange.

Rules: it stands between the memory network and the protocol that serves a connection, and changes only bytes that are
received; what `alter` gives back is all that the exchange ever sees, so a change after signing is what a middlebox, or
an attacker, would do. TLS is not played in the memory network, and therefore does not protect from it.
"""

import asyncio
from collections.abc import Callable
from typing import cast

Alter = Callable[[bytes], bytes]
"""From the bytes that a client sent to those that arrive."""


class Tap(asyncio.Protocol):
    """Serves one connection as `inner` does. `alter` is asked anew for each piece; None leaves it as it is."""

    def __init__(self, inner: asyncio.BaseProtocol, alter: Callable[[], Alter | None]) -> None:
        self._inner = cast(asyncio.Protocol, inner)
        self._alter = alter

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        alter = self._alter()
        self._inner.data_received(data if alter is None else alter(data))

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
