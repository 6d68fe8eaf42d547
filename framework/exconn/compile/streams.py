"""One reader a socket: (frame, context) -> Frame, and never an exception.

Rules: frames of plain text are compared first, then the frame is decoded and dispatched by the matches; one record that
cannot be read costs only itself; a frame that nothing claims is UNKNOWN, an undecodable one UNREADABLE.
"""

import ast

from exconn.compile.claims import ASKED, Claim, emit_dispatch
from exconn.compile.control import control_claims, frame, word_frames
from exconn.compile.emit import Unit, at, attribute, call, name
from exconn.compile.readings import Readings
from exconn.compile.replies import close_holdings, open_holdings, read_record
from exconn.compile.statements import assign, attempt, does, empty_list, returns
from exconn.spec.pieces import Record
from exconn.spec.tree import Message, Socket


def emit_frame_reader(socket: Socket, unit: Unit, readings: Readings) -> str:
    """Define the socket's frame reader in `unit`; returns its name."""
    claims = control_claims(socket, unit, readings)
    claims += [Claim(message.match, _message(socket, message, unit, readings)) for message in socket.messages]
    decode = at(assign("message", call(unit.use("decode"), name("data"))), socket.span)
    judged = [
        decode,
        *emit_dispatch(socket.name, socket.route, claims, unit),
        returns(frame("UNKNOWN", unit)),
    ]
    body = [
        *word_frames(socket.control, unit, socket.span),
        attempt(judged, unit.use("FrameFault"), None, returns(frame("UNREADABLE", unit))),
    ]
    annotations = {"data": ast.BinOp(name("str"), ast.BitOr(), name("bytes")), "context": unit.use("Context")}
    stem = f"read_{socket.name}_frame"
    return unit.function(stem, ("data", "context"), body, socket.span, unit.use("Frame"), annotations)


def _message(socket: Socket, message: Message, unit: Unit, readings: Readings) -> str:
    """The function (message, context) -> Frame of one kind of message."""
    balances = [record for record in message.records if record.kind == "balance"]
    body: list[ast.stmt] = [assign("reports", empty_list())]
    body += [open_holdings(record, unit) for record in balances[:1]]
    body += [_guarded(record, unit, readings) for record in message.records]
    body += [close_holdings(record) for record in balances[:1]]
    body.append(returns(frame("MESSAGE", unit, reports=name("reports"))))
    return unit.function(f"{socket.name}_message_frame", ASKED, body, message.span)


def _guarded(record: Record, unit: Unit, readings: Readings) -> ast.stmt:
    """Read one record; a fault becomes a report of its own."""
    report = call(unit.use("unreadable"), name("place"), name("fault"))
    keep = does(call(attribute(name("reports"), "append"), report))
    read = read_record(record, unit, readings)
    return at(attempt(read, unit.use("RecordFault"), "fault", keep), record.span)
