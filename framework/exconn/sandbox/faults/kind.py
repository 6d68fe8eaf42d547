"""What a kind of fault is: its side, its place, how long it is there, and what it may be told.

Rules:
- `place` is where it strikes. What strikes requests or frames is used up by them (`EACH`), what is a state lasts
  (`WHILE`), what changes the world happens at its moment (`ONCE`).
- What faults of a side, or of one way of lasting, may all be told stands here once; the rest is the kind's own.
- `needs` is what a dialect must have for it to happen at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from . import parameters as types
from .parameters import Parameter


class Side(StrEnum):
    """What a fault is a fault of."""

    REQUEST = "request"
    STREAM = "stream"
    WORLD = "world"


class Place(StrEnum):
    """Where a fault strikes."""

    REPLY = "reply"
    GATE = "gate"
    RECORDS = "records"
    ROW = "row"
    FRAME = "frame"
    BOOK = "book"
    SNAPSHOT = "snapshot"
    SUBSCRIBE = "subscribe"
    CONNECTION = "connection"
    SILENCE = "silence"
    WORLD = "world"


class Lasting(StrEnum):
    """How long a fault is there."""

    EACH = "each"
    WHILE = "while"
    ONCE = "once"


class Need(StrEnum):
    """What a dialect must have."""

    NOTHING = "nothing"
    SOCKET = "a websocket with a channel"
    BOOK = "a channel of book updates"
    SNAPSHOT = "a way to read a book"
    LOGIN = "a websocket with a login"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. `example` are parameters with which it makes sense, beside its name."""

    name: str
    side: Side
    place: Place
    about: str
    parameters: tuple[Parameter, ...] = ()
    lasting: Lasting = Lasting.EACH
    needs: Need = Need.NOTHING

    @property
    def keys(self) -> tuple[Parameter, ...]:
        """Everything that it may be told, beside its name and its moment."""
        filters = (SYMBOL,) if self.place is Place.SNAPSHOT else FILTERS[self.side]
        return (*LASTING[self.lasting], *filters, *self.parameters)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of one fault of this kind."""
        known = {each.name: each for each in (AT, *self.keys)}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["fault", *(name for name, each in known.items() if each.default is types.REQUIRED)],
            "properties": {"fault": {"const": self.name}, **{name: each.schema for name, each in known.items()}},
        }

    @property
    def example(self) -> dict[str, Any]:
        """One fault of this kind, as data."""
        given = (*self.parameters, *(LASTING[self.lasting][:1]))
        return {"at": 30, "fault": self.name, **{each.name: each.example for each in given}}


AT = Parameter("at", types.SECONDS, "Seconds from the beginning of the schedule.", 30, 0.0)
FOR = Parameter("for", types.SECONDS, "Seconds in which it may strike.", 20, None)
LASTING: Mapping[Lasting, tuple[Parameter, ...]] = {
    Lasting.EACH: (
        FOR,
        Parameter(
            "count", types.COUNT, "How often it strikes; once, where neither `for` nor `count` is given.", 3, None
        ),
        Parameter("chance", types.CHANCE, "With which chance it strikes each time that it could.", "0.1", 1.0),
        Parameter("seed", types.WHOLE, "Decides the chance, together with the seed of the sandbox.", 7, 0),
    ),
    Lasting.WHILE: (FOR,),
    Lasting.ONCE: (),
}
SYMBOL = Parameter("symbol", types.NAME, "Only this symbol, by any of its names.", "BTC-USDT", "")
THE_SYMBOL = Parameter("symbol", types.NAME, "The symbol, by any of its names.", "BTC-USDT")
FILTERS: Mapping[Side, tuple[Parameter, ...]] = {
    Side.REQUEST: (
        Parameter(
            "on",
            types.NAMES,
            "Endpoints by name, or by role: place, cancel, read; connect for handshakes. All endpoints if left out.",
            ["place"],
            (),
        ),
    ),
    Side.STREAM: (
        Parameter("socket", types.TEXT, "Only this websocket of the dialect.", "public", ""),
        Parameter("channel", types.TEXT, "Only this channel of the dialect.", "book", ""),
        SYMBOL,
    ),
    Side.WORLD: (),
}
