"""Frames that are no messages as claims: acknowledgements, pongs, errors, the exchange's own pings.

Rules: each is one small function (message, context) -> Frame; an error frame carries its ExchangeError, classified by
the socket's rows and the general ones; the answer to a ping is text made of the frame that is answered alone.
"""

import ast

from exconn.compile.claims import ASKED, Claim
from exconn.compile.emit import Unit, at, attribute, call, const, name
from exconn.compile.errors import code_and_text
from exconn.compile.holes import body_holes
from exconn.compile.matches import path_value
from exconn.compile.readings import Readings
from exconn.compile.scope import Maker, Scope, Value
from exconn.compile.statements import items, returns, when
from exconn.compile.templates import joined, json_parts
from exconn.document import Span
from exconn.spec.pieces import Match, Path
from exconn.spec.tree import Control, FrameError, Opened, ServerPing, Socket


def frame(kind: str, unit: Unit, **told: ast.expr) -> ast.expr:
    """`Frame(FrameKind.KIND, ...)`; the kind of messages is a constant of its own, for looking it up takes longer."""
    member = unit.use("MESSAGE") if kind == "MESSAGE" else attribute(unit.use("FrameKind"), kind)
    return call(unit.use("Frame"), member, **told)


def word_frames(control: Control, unit: Unit, span: Span) -> list[ast.stmt]:
    """Answer the frames that are a word of plain text."""
    if not isinstance(control.pong, str):
        return []
    word = items(const(control.pong), const(control.pong.encode()))
    test = ast.Compare(name("data"), [ast.In()], [word])
    return [at(when(test, returns(frame("PONG", unit))), span)]


def control_claims(socket: Socket, unit: Unit, readings: Readings) -> list[Claim]:
    """The claims of everything under `control` that is JSON."""
    control = socket.control
    claims = [
        _plain(socket, match, kind, unit)
        for match, kind in (
            (control.subscribed, "SUBSCRIBED"),
            (control.logged_in, "LOGGED_IN"),
            (control.pong if isinstance(control.pong, Match) else None, "PONG"),
            *((asked, "RECONNECT") for asked in control.reconnect),
            *((ignored, "IGNORED") for ignored in control.ignored),
        )
        if match is not None
    ]
    if socket.opened is not None:
        claims.append(_opening(socket, socket.opened, unit))
    if control.error is not None:
        claims.append(_error(socket, control.error, unit, readings))
    if control.server_ping is not None:
        claims.append(_server_ping(socket, control.server_ping, unit))
    return claims


def _plain(socket: Socket, match: Match, kind: str, unit: Unit) -> Claim:
    stem = f"{socket.name}_{kind.lower()}_frame"
    return Claim(match, unit.function(stem, ASKED, [returns(frame(kind, unit))], match.span), is_plain=True)


def _opening(socket: Socket, opened: Opened, unit: Unit) -> Claim:
    """The acknowledgement that opens a channel."""
    paths = [opened.number, opened.kind, *([] if opened.symbol is None else [opened.symbol])]
    made = call(unit.use("channel"), *(path_value(path, unit, "message") for path in paths))
    body: list[ast.stmt] = [returns(frame("SUBSCRIBED", unit, opened=made))]
    return Claim(opened.match, unit.function(f"{socket.name}_opened_frame", ASKED, body, opened.span))


def _error(socket: Socket, error: FrameError, unit: Unit, readings: Readings) -> Claim:
    meaning = unit.use_unit(readings.unit, readings.meaning(f"{socket.name}_socket", socket.errors))
    body = code_and_text(error.code, error.text, unit, error.match.span)
    asked = call(meaning, name("code"), name("text"), const(None))
    made = call(unit.use("frame_error"), const(socket.name), asked, name("code"), name("text"))
    body.append(returns(frame("ERROR", unit, error=made)))
    return Claim(error.match, unit.function(f"{socket.name}_error_frame", ASKED, body, error.match.span))


def _server_ping(socket: Socket, ping: ServerPing, unit: Unit) -> Claim:
    scope = Scope(unit)
    for count, hole in enumerate(sorted(body_holes(ping.answer)), 1):
        scope.offer(hole, _echo(hole, f"echo_{count}", unit))
    answer = joined(json_parts(ping.answer, scope))
    body = [*scope.statements, returns(frame("SERVER_PING", unit, answer=answer))]
    return Claim(ping.match, unit.function(f"{socket.name}_server_ping_frame", ASKED, body, ping.match.span))


def _echo(hole: str, target: str, unit: Unit) -> Maker:
    """What `{/path}` of an answer finds in the frame, as text."""

    def bind(scope: Scope, span: Span) -> Value:
        found = path_value(Path(hole.removeprefix("/"), True, span), unit, "message")
        return scope.bind(target, call(unit.use("read_text"), found), span)

    return bind
