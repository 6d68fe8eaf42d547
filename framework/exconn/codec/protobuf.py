"""Protobuf frames to JSON text, by the messages that a spec's .proto file declares.

Rules: the JSON is that of proto3 (lower-camel names, 64-bit integers and enums as texts, bytes in base64), with fields
at their default written out, since the wire leaves a 0 and an empty list out; fields nobody declared are left out; a
frame is bounded, and whatever goes wrong is one `Unanswered` that never shows it. The protobuf package is imported when
the first frame comes, and only then.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

from msgspec import Struct

from exconn.errors import Unanswered

MAX_PROTOBUF: Final = 512 * 1024
"""Bytes of a frame; what is repeated grows when it is written out."""

_PACKAGE = "exconn_frames"
_ENUM = "Values"


class ProtoField(Struct, frozen=True):
    """`kind`: a scalar type of proto3, or the name of a message or an enum. `optional`: absent is not the default."""

    name: str
    number: int
    kind: str
    repeated: bool = False
    optional: bool = False


class ProtoFrames(Struct, frozen=True, kw_only=True):
    """The frames of a socket: `message` of `messages` is what a frame of bytes holds. `text`: frames of text are JSON;
    otherwise there are none."""

    message: str
    messages: dict[str, tuple[ProtoField, ...]]
    enums: dict[str, tuple[tuple[str, int], ...]] = {}
    text: bool = False


def proto_reader(frames: ProtoFrames) -> Callable[[bytes | str], bytes | str]:
    """The function from a frame to its JSON text."""

    @cache
    def tools() -> tuple[Any, Any]:
        return _message_class(frames), import_module("google.protobuf.json_format").MessageToJson

    def read(data: bytes | str) -> bytes | str:
        if isinstance(data, str):
            if frames.text:
                return data
            raise Unanswered("a frame of text came where all frames are protobuf")
        if len(data) > MAX_PROTOBUF:
            raise Unanswered(f"the frame is longer than {MAX_PROTOBUF} bytes")
        message_class, written = tools()
        try:
            message = message_class.FromString(data)
            text: str = written(message, indent=None, ensure_ascii=False, always_print_fields_with_no_presence=True)
        except Exception:  # the package has errors of its own for each of its backends
            text = ""
        if not text:
            raise Unanswered(f"the frame is no {frames.message}")
        return text

    return read


def _message_class(frames: ProtoFrames) -> Any:
    descriptor_pb2 = import_module("google.protobuf.descriptor_pb2")
    file = descriptor_pb2.FileDescriptorProto(name="frames.proto", package=_PACKAGE, syntax="proto3")
    for name, values in frames.enums.items():
        # A message of its own around each, as names of values share the scope that their enum stands in.
        enum = file.message_type.add(name=_flat(name)).enum_type.add(name=_ENUM)
        enum.options.allow_alias = len({number for _, number in values}) < len(values)
        for value, number in values:
            enum.value.add(name=value, number=number)
    for name, fields in frames.messages.items():
        _declare(file.message_type.add(name=_flat(name)), fields, frames)
    pool = import_module("google.protobuf.descriptor_pool").DescriptorPool()
    pool.Add(file)
    found = pool.FindMessageTypeByName(f"{_PACKAGE}.{_flat(frames.message)}")
    return import_module("google.protobuf.message_factory").GetMessageClass(found)


def _declare(message: Any, fields: Sequence[ProtoField], frames: ProtoFrames) -> None:
    for field in fields:
        made = message.field.add(name=field.name, number=field.number, label=3 if field.repeated else 1)
        if field.kind in frames.messages:
            made.type, made.type_name = 11, f".{_PACKAGE}.{_flat(field.kind)}"
        elif field.kind in frames.enums:
            made.type, made.type_name = 14, f".{_PACKAGE}.{_flat(field.kind)}.{_ENUM}"
        else:
            made.type = _SCALARS[field.kind]
        if field.optional:
            made.proto3_optional = True
            made.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")


def _flat(name: str) -> str:
    """Messages inside messages stand side by side here: on the wire there is no difference."""
    return name.replace(".", "__")


_SCALARS: Final = {
    "double": 1,
    "float": 2,
    "int64": 3,
    "uint64": 4,
    "int32": 5,
    "fixed64": 6,
    "fixed32": 7,
    "bool": 8,
    "string": 9,
    "bytes": 12,
    "uint32": 13,
    "sfixed32": 15,
    "sfixed64": 16,
    "sint32": 17,
    "sint64": 18,
}
