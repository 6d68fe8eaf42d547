"""Faults of requests that come in the frames of a websocket: the same kinds as over HTTP, as far as frames have them.

Rules:
- What is closed, cut or waits is the connection that the frame came by; what is said on it otherwise goes on.
- A fault that accepts does the request first, whatever the exchange says to it; any other never lets it in.
- What only HTTP has (a gateway, a redirect, an encoding of the body) strikes no frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from exconn.sandbox.dialect.meanings import Refused
from exconn.sandbox.interference import FramedRequest

from .fault import Fault
from .replies import limited

if TYPE_CHECKING:
    from exconn.sandbox.server import Sandbox

_LEAVING = 0.1  # seconds for what is on its way
Effect = Callable[["Sandbox", Fault, FramedRequest], None]


def _do(request: FramedRequest) -> list[bytes]:
    """Judge and do a request; what would be said."""
    said: list[bytes] = []
    if request.judge(said.append):
        request.act(said.append)
    return said


def _lose(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    request.connection.abort()


def _reset(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    _do(request)
    request.connection.abort()


def _hang(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    _do(request)
    request.connection.later(fault.args["delay"], request.connection.abort)


def _delay(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    for frame in _do(request):
        request.connection.later(fault.args["delay"], partial(request.connection.say, frame))


def _answer_error(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    if fault.args["accepted"]:
        _do(request)
    request.refuse(request.connection.say, Refused(fault.args["meaning"], status=fault.args["status"]))


def _limit(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    request.refuse(request.connection.say, limited(sandbox, fault, request.endpoint))


def _truncate(sandbox: Sandbox, fault: Fault, request: FramedRequest) -> None:
    for frame in _do(request):
        text = frame.decode()
        request.connection.say(text[: len(text) // 2 if fault.args["keep"] is None else fault.args["keep"]].encode())
    if fault.args["cut"]:
        request.connection.later(_LEAVING, request.connection.abort)


EFFECTS: Mapping[str, Effect] = {
    "lost": _lose,
    "accepted_then_reset": _reset,
    "accepted_then_hang": _hang,
    "slow_ack": _delay,
    "error_envelope": _answer_error,
    "rate_limited": _limit,
    "truncated": _truncate,
}
"""What each kind does with a request in a frame."""
