"""One fault of a schedule, and one that happened.

Rules: `at` counts seconds from when the schedule is played; symbols are ours; `args` holds what the kind's own
parameters say, by name; `plain` is the same as data again, so that a schedule can be printed, cut down and replayed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .kind import Kind


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault to come. `lasts` and `count` bound it, where its kind has them; `on`, `socket`, `channel` filter."""

    kind: Kind
    at: float = 0.0
    lasts: float | None = None
    count: int | None = None
    chance: float = 1.0
    seed: int = 0
    on: tuple[str, ...] = ()
    socket: str = ""
    channel: str = ""
    symbol: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """The fault as data, with all that is not left to its default."""
        given: dict[str, Any] = {
            "for": self.lasts,
            "count": self.count,
            "chance": self.chance,
            "seed": self.seed,
            "on": self.on,
        }
        given |= {"socket": self.socket, "channel": self.channel, "symbol": self.symbol, **self.args}
        told = {each.name: given[each.name] for each in self.kind.keys if given[each.name] != each.default}
        return {"at": _plain(self.at), "fault": self.kind.name, **{key: _plain(value) for key, value in told.items()}}


@dataclass(frozen=True, slots=True)
class Happened:
    """A fault that took effect, at a time of the loop: `what` is the endpoint, channel or connection, `topic` our
    symbol or account, "" for all."""

    at: float
    kind: str
    what: str
    topic: str = ""


def _plain(value: Any) -> Any:
    if isinstance(value, float | Decimal):
        exact = Decimal(str(value))
        whole = exact == exact.to_integral_value()
        return int(exact) if whole else (float(value) if isinstance(value, float) else format(exact, "f"))
    return list(value) if isinstance(value, tuple) else value
