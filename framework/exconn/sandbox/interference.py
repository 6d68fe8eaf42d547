"""Where a fault may come between the exchange and its client: every frame that goes out, every reply.

Rules:
- The server asks here for each frame and around each reply; what is asked for by the control interface happens once,
  and then things are as they were.
- `Interference` is the seam: a simulator may give its own. `OneShots` are the faults that tests ask for one by one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

Answer = Callable[[], Awaitable[web.StreamResponse]]


class Interference(Protocol):
    """What comes between."""

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """Answer a request, sooner or later, or not as the exchange would."""

    async def gate(self, endpoint: str) -> None:
        """Hold a request of a gated endpoint just before it is done."""

    def frames(self, channel: str, topic: str, data: bytes) -> Sequence[bytes]:
        """What a subscriber gets in place of one event frame."""


@dataclass(slots=True)
class FrameFault:
    """A fault of the next `count` frames of a channel (and topic, unless it is "")."""

    kind: str
    channel: str
    topic: str
    count: int


class OneShots:
    """Faults that were asked for and have not happened yet."""

    __slots__ = ("_pending",)

    KINDS = ("drop_frame", "duplicate_frame")

    def __init__(self) -> None:
        self._pending: list[FrameFault] = []

    def add(self, fault: FrameFault) -> None:
        """Let it happen from the next frame on."""
        self._pending.append(fault)

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        return await answer()

    async def gate(self, endpoint: str) -> None:
        return None

    def frames(self, channel: str, topic: str, data: bytes) -> Sequence[bytes]:
        for fault in self._pending:
            if fault.channel == channel and fault.topic in ("", topic):
                fault.count -= 1
                if fault.count <= 0:
                    self._pending.remove(fault)
                return () if fault.kind == "drop_frame" else (data, data)
        return (data,)
