"""The frames on their way out of one connection.

Rules:
- Frames leave in the order in which they were decided, one writer a connection.
- Nothing leaves after a `Goodbye`, and nothing once the client is gone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The end of the outgoing frames: close with a code."""

    code: int


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping among the outgoing frames."""

    payload: bytes


class Outgoing:
    """A queue of frames and its writer."""

    __slots__ = ("_frames", "_wake", "_ws")

    def __init__(self, ws: web.WebSocketResponse) -> None:
        self._ws = ws
        self._frames: deque[str | Ping | Goodbye] = deque()
        self._wake = asyncio.Event()

    def __len__(self) -> int:
        return len(self._frames)

    def put(self, frame: str | Ping | Goodbye) -> None:
        """Add a frame."""
        self._frames.append(frame)
        self._wake.set()

    def drop(self) -> None:
        """Forget all that has not left."""
        self._frames.clear()

    async def write(self) -> None:
        """Send what there is until the end of the connection."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._frames:
                try:
                    if await self._send(self._frames.popleft()):
                        return
                except (ConnectionError, RuntimeError):
                    return  # the client is gone; the reading side ends the connection

    async def _send(self, frame: str | Ping | Goodbye) -> bool:
        """Send one; whether it was the last."""
        if isinstance(frame, Goodbye):
            await self._ws.close(code=frame.code)
            return True
        if isinstance(frame, Ping):
            await self._ws.ping(frame.payload)
        else:
            await self._ws.send_str(frame)
        return False
