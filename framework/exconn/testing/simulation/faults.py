"""What comes between the exchange and its clients in a simulation, asked for one by one, with the moment it happened.

Rules: it is the sandbox's `Interference`, so a fault is made where the sandbox lets it be made; a frame fault waits for
the next event frame of its channel and topic; a path that is down is answered as a gateway without its exchange does,
with 502 and a page, before the exchange sees the request. Virtual seconds throughout.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from exconn.sandbox import OneShots
from exconn.sandbox.interference import Answer, FrameFault

Kind = Literal["drop_frame", "duplicate_frame", "close_sockets"]


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault that took effect: `what` is the channel or socket, `topic` our symbol or account, "" for all."""

    at: float
    kind: Kind
    what: str
    topic: str = ""


class Faults:
    """`happened`: oldest first. `down`: the paths of requests that get no further than the gateway."""

    __slots__ = ("_now", "_shots", "down", "happened")

    def __init__(self, now: Callable[[], float]) -> None:
        self.happened: list[Happened] = []
        self.down: set[str] = set()
        self._now = now
        self._shots = OneShots()

    def add(self, kind: Kind, channel: str, topic: str, count: int = 1) -> None:
        """Let the next `count` event frames of a channel and topic be lost, or come twice."""
        self._shots.add(FrameFault(kind, channel, topic, count))

    def note(self, kind: Kind, what: str, topic: str = "") -> None:
        """A fault has just taken effect."""
        self.happened.append(Happened(self._now(), kind, what, topic))

    async def reply(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if request.path in self.down:
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        return await self._shots.reply(request, answer)

    async def gate(self, endpoint: str) -> None:
        await self._shots.gate(endpoint)

    def frames(self, channel: str, topic: str, data: bytes) -> Sequence[bytes]:
        sent = self._shots.frames(channel, topic, data)
        if len(sent) != 1:
            self.note("duplicate_frame" if sent else "drop_frame", channel, topic)
        return sent
