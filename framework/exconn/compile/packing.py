"""Frames that come packed: the statement that makes the JSON text of a frame out of its bytes.

Rules: unpacking is one call before anything else looks at the frame, so that every reader behind it sees JSON; a
socket whose frames come as JSON has no such statement; the messages of a .proto file are written down as data, so that
what runs needs no file.
"""

import ast

from exconn.codec import ProtoField, ProtoFrames
from exconn.compile.emit import Unit, at, call, name
from exconn.compile.facts import literal
from exconn.compile.statements import assign
from exconn.spec.tree import Protobuf, Socket

_UNPACKERS = {"gzip_json": "gunzipped", "deflate_json": "inflated"}


def unpacking(socket: Socket, unit: Unit) -> list[ast.stmt]:
    """`data = gunzipped(data)` where the socket's frames are packed; raises Unanswered for a frame that is not."""
    unpacker: ast.expr
    if socket.protobuf is not None:
        made = call(unit.use("proto_reader"), literal(proto_frames(socket.protobuf), unit))
        unpacker = unit.constant(f"{socket.name}_unpacked".upper(), lambda: at(made, socket.span))
    elif socket.frames in _UNPACKERS:
        unpacker = unit.use(_UNPACKERS[socket.frames])
    else:
        return []
    return [at(assign("data", call(unpacker, name("data"))), socket.span)]


def proto_frames(protobuf: Protobuf) -> ProtoFrames:
    """The spec's messages as those of the codec."""
    messages = {
        message: tuple(
            ProtoField(each.name, each.number, each.kind, repeated=each.repeated, optional=each.optional)
            for each in fields
        )
        for message, fields in protobuf.messages.items()
    }
    return ProtoFrames(message=protobuf.message, messages=messages, enums=protobuf.enums, text=protobuf.text)
