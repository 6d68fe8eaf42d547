"""What a fault is aimed at: which requests, which connections, which frames.

Rules:
- A role stands for the endpoints that do it, whatever they are called; where a role and an endpoint have one name, the
  role is meant. Without `on`, all endpoints are, but no handshake.
- A connection is meant by its socket, and by what it has subscribed to; without a filter every one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from exconn.sandbox.dialect.endpoints import Endpoint

from .fault import Fault

if TYPE_CHECKING:
    from exconn.sandbox.connection import Connection

CONNECT = "connect"
_CANCELS = ("cancel_order", "cancel_all")
ROLES: Mapping[str, Callable[[Endpoint], bool]] = {
    "place": lambda endpoint: endpoint.verb.trades and endpoint.verb.name not in _CANCELS,
    "cancel": lambda endpoint: endpoint.verb.name in _CANCELS,
    "read": lambda endpoint: not endpoint.verb.trades,
    CONNECT: lambda endpoint: False,
}
"""Whether an endpoint has a role."""


def meets_request(fault: Fault, endpoint: Endpoint | None, *, handshake: bool = False) -> bool:
    """Whether a fault is aimed at a request of an endpoint, or at a handshake."""
    if handshake:
        return CONNECT in fault.on
    if endpoint is None:
        return False
    return not fault.on or any(ROLES[on](endpoint) if on in ROLES else on == endpoint.name for on in fault.on)


def meets_connection(fault: Fault, connection: Connection) -> bool:
    """Whether a fault is aimed at a connection as it is now."""
    if fault.socket not in ("", connection.rules.name):
        return False
    if not fault.channel and not fault.symbol:
        return True
    return any(
        fault.channel in ("", channel) and fault.symbol in ("", target)
        for _, channel, target in (seat.place for seat in connection.seats.topics.values() if seat.place is not None)
    )


def meets_topic(fault: Fault, socket: str, channel: str, topic: str) -> bool:
    """Whether a fault is aimed at a topic of a channel."""
    return fault.socket in ("", socket) and fault.channel in ("", channel) and fault.symbol in ("", topic)


def meets_snapshot(fault: Fault, symbol: str) -> bool:
    """Whether a fault is aimed at snapshots of a symbol's book, wherever they are had."""
    return fault.symbol in ("", symbol)
