"""Requests that come in the frames of a websocket: judged, done and answered as over HTTP.

Rules:
- Only in sockets whose dialect gives them `checks`. The arguments stand below `params` of the frame, and templates may
  show those and the frame's own fields beside them by `{sent...}`; a field of the frame goes first.
- A connection that is logged in asks in its key's name; a request that is signed itself asks in that key's.
- What only looks may see what lags behind, as over HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from .actions import ACTIONS, Call
from .clock import ExchangeClock
from .connection import Connection
from .desk import Desk
from .dialect.deadlines import judge_deadline
from .dialect.meanings import Refused
from .dialect.readings import ABSENT, dig
from .dialect.scope import Scope
from .dialect.socket_rules import Message
from .inquiry import Inquiry
from .interference import Interference, Say
from .limits import Limits
from .log import Log
from .reception import Reception, judge_time


class FramedRequests:
    """Judges and does requests of connections."""

    __slots__ = ("_clock", "_desk", "_interference", "_log", "_reception")

    def __init__(self, desk: Desk, limits: Limits, log: Log, interference: Interference, clock: ExchangeClock) -> None:
        self._desk, self._log, self._interference, self._clock = desk, log, interference, clock
        self._reception = Reception(desk, limits, clock.true_ns)

    def receive(self, connection: Connection, found: Message, frame: Mapping[str, Any], scope: Scope) -> Inquiry:
        """Make all checks of the socket. Refused: the first that fails."""
        inquiry = Inquiry(
            found.asked, "", "", "", (), b"", connection.address, scope.now, framed=True, connection=connection.name
        )
        inquiry.session, inquiry.tokens = connection.key, connection.tokens
        inquiry.take_document(_params(connection.rules.params, frame), ())
        scope.sent = {**inquiry.document, **frame}
        try:
            self._reception.receive(inquiry, connection.rules.checks)
        except Refused as refused:
            verdict = inquiry.verdict
            if refused.meaning == "wrong_signature" and verdict is not None:
                self._log.add("refused signature", connection=connection.name, steps=verdict.steps)
            raise
        finally:
            scope.counts, scope.given = inquiry.counts, inquiry.args
        return inquiry

    def judge_again(self, inquiry: Inquiry, scope: Scope) -> None:
        """Where a request was held since its checks: look at the clock anew. Refused: as the checks of time say."""
        now, endpoint = self._clock.now_ns(), inquiry.endpoint
        if now == inquiry.now:
            return
        inquiry.now = scope.now = now
        if endpoint.gated and endpoint.signature is not None:
            judge_time(self._reception, inquiry)
        judge_deadline(inquiry.deadline, now)

    def act(self, inquiry: Inquiry) -> Any:
        """Do what a request asks for: the row of its record. Refused: as the action says."""
        endpoint = inquiry.endpoint
        records = self._interference.records(endpoint, self._desk.exchange)
        arguments = {**endpoint.constants, **inquiry.args}
        key, counts = inquiry.key or inquiry.session, inquiry.counts
        call = Call(self._desk, key, arguments, inquiry.now, records, counts, endpoint.sayings, inquiry.sent)
        return self._interference.row(endpoint, ACTIONS[endpoint.verb.name](call))

    def answer(self, connection: Connection, found: Message, row: Any, scope: Scope, say: Say | None = None) -> None:
        """Send the answer, wrapped as the socket wraps its answers."""
        if found.answer is None:
            return
        said = found.answer(row, scope)
        if connection.rules.reply is not None and not found.bare:
            scope.reply = said
            said = connection.rules.reply({}, scope)
        self._log.add("answered frame", connection=connection.name, verb=found.verb.name)
        (say or connection.say)(msgspec.json.encode(said))


def _params(path: str | None, frame: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the arguments stand. Refused: bad_frame, when it is no object."""
    found = frame if path is None else dig(frame, path)
    if found is ABSENT or found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Refused("bad_frame", field=path)
    return found
