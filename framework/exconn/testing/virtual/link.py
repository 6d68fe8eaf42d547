"""How the memory network treats bytes and connection attempts, as data.

A `Link` is one direction of a connection; a `Route` is both directions and the way in, for a client and an origin.
"up" is client to server, "down" server to client. Times are virtual seconds.
"""

import random
from dataclasses import dataclass
from typing import Literal

__all__ = ["Cut", "Entry", "Flow", "Latency", "Link", "Route"]

Flow = Literal["flow", "hold", "stall"]
"""flow: bytes arrive. hold: they wait, and arrive once the link flows again. stall: they never arrive, nor does
anything after them on that connection, even when the link flows again: a stream cannot go on with a hole in it."""

Cut = Literal["reset", "close", "stall"]
"""reset: both ends see ECONNRESET. close: both see an orderly end of the stream. stall: as the flow of that name."""

Entry = Literal["accept", "refuse", "stall"]
"""accept: the connection is made. refuse: ECONNREFUSED. stall: no answer until the entry changes."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from sending to arriving: `low`, or uniform in [low, high]. Bytes of one direction never overtake."""

    low: float = 0.0
    high: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.low <= (self.low if self.high is None else self.high) < float("inf"):
            raise ValueError(f"latency from {self.low} to {self.high} s: must be finite, 0 <= low <= high")

    def draw(self, source: random.Random) -> float:
        """One latency; takes a number from `source` only if there is a range."""
        return self.low if self.high is None else source.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Link:
    """One direction. With `cut_after`, that many more bytes arrive and then `cut` happens."""

    latency: Latency = Latency()
    flow: Flow = "flow"
    cut_after: int | None = None
    cut: Cut = "reset"

    def __post_init__(self) -> None:
        if self.cut_after is not None and self.cut_after < 0:
            raise ValueError(f"cut_after {self.cut_after}: must be a number of bytes, 0 or more")


@dataclass(frozen=True, slots=True)
class Route:
    """What a client meets on its way to an origin; `entry_latency` is the time that connecting takes."""

    up: Link = Link()
    down: Link = Link()
    entry: Entry = "accept"
    entry_latency: Latency = Latency()
