"""Faults of connections: closed, cut, or logged out; those that are there, and those that come while the fault lasts.

Rules: a fault meets a connection once it is such as it is aimed at, which may be at its handshake, its login or its
subscription; with `for` it goes on to meet others, without it only those that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .fault import Fault

if TYPE_CHECKING:
    from exconn.sandbox.connection import Connection

Effect = Callable[["Connection", Fault], bool]


def _close(connection: Connection, fault: Fault) -> bool:
    connection.close_with(fault.args["code"])
    return True


def _cut(connection: Connection, fault: Fault) -> bool:
    connection.abort()
    return True


def _expire(connection: Connection, fault: Fault) -> bool:
    if connection.key is None:
        return False
    if fault.args["silent"]:
        connection.log_out()
    else:
        connection.close("key_revoked")
    return True


EFFECTS: Mapping[str, Effect] = {"close": _close, "cut": _cut, "expire_login": _expire}
"""What each kind does to a connection; False where there is nothing to do to it."""
