"""Pings that the exchange sends on a websocket, and the pongs that it expects.

Rules:
- Each ping has a payload of its own. A pong with that payload answers it and all pings before it; another pong answers
  nothing, as RFC 6455 (5.5.3) has it of unsolicited ones.
- A connection with a ping that nobody answered in time is ended. Only pings that were sent are waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .dialect.socket_rules import Pings


class Pinger:
    """Pings one connection. `send` says whether it could send, `later` calls after some seconds, `end` closes."""

    __slots__ = ("_answered", "_end", "_later", "_rule", "_send", "_sent")

    def __init__(
        self,
        rule: Pings,
        send: Callable[[bytes], bool],
        later: Callable[[float, Callable[[], None]], None],
        end: Callable[[], None],
    ) -> None:
        self._rule, self._send, self._later, self._end = rule, send, later, end
        self._sent = self._answered = 0

    def start(self) -> None:
        """Begin: the first ping goes one period from now."""
        self._later(self._rule.every, self._ping)

    def hear(self, payload: bytes) -> None:
        """Take a pong."""
        if payload.isdigit() and self._answered < int(payload) <= self._sent and payload == b"%d" % int(payload):
            self._answered = int(payload)

    def _ping(self) -> None:
        number = self._sent + 1
        if self._send(b"%d" % number):
            self._sent = number
            self._later(self._rule.patience, partial(self._judge, number))
        self._later(self._rule.every, self._ping)

    def _judge(self, number: int) -> None:
        if self._answered < number:
            self._end()
