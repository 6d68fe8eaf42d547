"""One reader a socket: (frame, context) -> Frame, and never an exception.

Rules: a packed frame is unpacked first; frames of plain text are compared, then the frame is decoded and dispatched by
the matches, by the typed decoder where there is one, and again by the general one where that refuses, or nothing of a
message claims the frame; one record that cannot be read costs only itself; a frame that nothing claims is UNKNOWN, an
undecodable one UNREADABLE.
"""

import ast

from exconn.compile.access import MAPS, Access, Attributes
from exconn.compile.claims import ASKED, Claim, emit_dispatch
from exconn.compile.control import control_claims, frame, word_frames
from exconn.compile.emit import Unit, at, attribute, call, name
from exconn.compile.matches import path_value
from exconn.compile.packing import unpacking
from exconn.compile.readings import Readings
from exconn.compile.replies import close_holdings, open_holdings, read_record
from exconn.compile.shapes import Form
from exconn.compile.statements import assign, attempt, compare, does, empty_list, is_there, returns, when
from exconn.spec.pieces import Path, Record
from exconn.spec.tree import Message, Socket


def emit_frame_reader(socket: Socket, unit: Unit, readings: Readings) -> str:
    """Define the socket's frame reader in `unit`; returns its name."""
    controls = control_claims(socket, unit, readings)
    claims = [*controls, *_messages(socket, unit, readings, MAPS)]
    number = socket.opened.frames if socket.opened is not None else None
    decode = at(assign("message", call(unit.use("decode"), name("data"))), socket.span)
    dispatch = [
        *emit_dispatch(socket.name, socket.route, claims, unit, number=number),
        returns(frame("UNKNOWN", unit)),
    ]
    judged = [
        *unpacking(socket, unit),
        *word_frames(socket.control, unit, socket.span),
        *_typed(socket, controls, unit, readings),
        decode,
        *(dispatch if socket.counter is None else [_counted(socket, socket.counter, dispatch, unit)]),
    ]
    body = [attempt(judged, unit.use("FrameFault"), None, returns(frame("UNREADABLE", unit)))]
    annotations = {"data": ast.BinOp(name("str"), ast.BitOr(), name("bytes")), "context": unit.use("Context")}
    stem = f"read_{socket.name}_frame"
    return unit.function(stem, ("data", "context"), body, socket.span, unit.use("Frame"), annotations)


def _counted(socket: Socket, counter: Path, dispatch: list[ast.stmt], unit: Unit) -> ast.stmt:
    """Return the frame with its count, whatever it turns out to be."""
    told = unit.function(f"{socket.name}_frame", ASKED, dispatch, socket.span)
    judged = call(name(told), *map(name, ASKED))
    return at(returns(call(unit.use("counted"), judged, path_value(counter, unit, "message"))), counter.span)


def _typed(socket: Socket, controls: list[Claim], unit: Unit, readings: Readings) -> list[ast.stmt]:
    """Return what the typed decoder makes of the frame, where it takes it; nothing where none is of use: frames of
    numbered channels are arrays."""
    if socket.opened is not None:
        return []
    decoders = readings.decoders
    survey = decoders.survey(of_frames=True)
    for path in socket.route:
        survey.value(path, "kind", survey.top)
    for match in [*(each.match for each in controls), *(each.match for each in socket.messages)]:
        survey.lines(match.lines, survey.top)
    records = [record for message in socket.messages for record in message.records]
    for record in records:
        survey.record(record)
    if socket.counter is not None:
        survey.value(socket.counter, "count", survey.top)
    gains = survey.top.has_many or any(record.rows is None for record in records)
    if survey.top.form is not Form.OBJECT or not gains:
        return []
    access = Attributes(survey.top, survey.top)
    decoder = unit.use_unit(decoders.unit, decoders.emit(f"{socket.name}_frames", survey.top, socket.span))
    reread = "" if all(each.is_plain for each in controls) else _reread(socket, unit)
    claims = [each if each.is_plain else Claim(each.match, reread) for each in controls]
    claims += _messages(socket, unit, readings, access)
    body = [*emit_dispatch(socket.name, socket.route, claims, unit, access), returns(unit.use("REREAD"))]
    if survey.top.has_written:
        body = [attempt(body, unit.use("AskGeneral"), None, returns(unit.use("REREAD")))]
    reader = unit.function(f"typed_{socket.name}_frame", ASKED, body, socket.span)
    told: ast.expr = name("frame")
    if socket.counter is not None:
        told = call(unit.use("counted"), told, path_value(socket.counter, unit, "message", access))
    taken = [
        assign("frame", call(name(reader), *map(name, ASKED))),
        when(compare(name("frame"), ast.IsNot(), unit.use("REREAD")), returns(told)),
    ]
    read = assign("message", call(attribute(decoder, "read"), name("data")))
    return [at(statement, socket.span) for statement in (read, when(is_there(name("message")), *taken))]


def _reread(socket: Socket, unit: Unit) -> str:
    """The function (message, context) of frames that the general reader reads."""
    return unit.function(f"reread_{socket.name}_frame", ASKED, [returns(unit.use("REREAD"))], socket.span)


def _messages(socket: Socket, unit: Unit, readings: Readings, access: Access) -> list[Claim]:
    return [
        Claim(message.match, _message(socket, message, unit, readings, access), opened_as=message.opened_as)
        for message in socket.messages
    ]


def _message(socket: Socket, message: Message, unit: Unit, readings: Readings, access: Access) -> str:
    """The function (message, context) -> Frame of one kind of message."""
    balances = [record for record in message.records if record.kind == "balance"]
    body: list[ast.stmt] = [assign("reports", empty_list())]
    body += [open_holdings(record, unit) for record in balances[:1]]
    body += [_guarded(record, unit, readings, access) for record in message.records]
    body += [close_holdings(record) for record in balances[:1]]
    body.append(returns(frame("MESSAGE", unit, reports=name("reports"))))
    return unit.function(f"{socket.name}_message_frame", ASKED, body, message.span)


def _guarded(record: Record, unit: Unit, readings: Readings, access: Access) -> ast.stmt:
    """Read one record; a fault becomes a report of its own."""
    report = call(unit.use("unreadable"), name("place"), name("fault"))
    keep = does(call(attribute(name("reports"), "append"), report))
    read = read_record(record, unit, readings, access=access)
    return at(attempt(read, unit.use("RecordFault"), "fault", keep), record.span)
