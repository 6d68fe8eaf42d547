"""Builds protobuf frames out of the .proto file beside the spec, and those that it imports.

Rules: files are named without a folder and read once; the message of the frames must be declared, and every type that it
reaches; whatever is wrong is a finding at the name in the spec, with the line of the file.
"""

from exconn.document import Findings, Mapping, quoted
from exconn.spec.beside import NotBeside, read_beside
from exconn.spec.build.nodes import scalar, text
from exconn.spec.read.proto import BadProto, Proto, read_proto
from exconn.spec.tree import Protobuf

_MOST_FILES = 64


def build_protobuf(node: Mapping, findings: Findings) -> Protobuf | None:
    """The frames that `{protobuf, message, text}` says; None, and a finding, where they cannot be."""
    file, message = scalar(node.get("protobuf")), scalar(node.get("message"))
    proto = Proto()
    waiting, read = [file.text], 0
    while read < len(waiting):
        name = waiting[read]
        read += 1
        try:
            read_proto(read_beside(node.span.file, name), proto)
        except NotBeside as error:
            hint = "put the exchange's file beside the spec, under this name"
            findings.add("bad-protobuf", f"the file {quoted(name)} cannot be read: {error}", file.span, hint)
            return None
        except BadProto as error:
            hint = "see that it is proto3, as the exchange publishes it"
            findings.add("bad-protobuf", f"{name}:{error.line}: {error.why}", file.span, hint)
            return None
        waiting += [each for each in dict.fromkeys(proto.imports) if each not in waiting]
        if len(waiting) > _MOST_FILES:
            hint = "cut the imports down to what the frames hold"
            findings.add("bad-protobuf", f"more than {_MOST_FILES} files are imported", file.span, hint)
            return None
    if message.text not in proto.messages:
        hint = f"declared are {', '.join(list(proto.messages)[:10]) or 'none'}"
        findings.add("bad-protobuf", f"there is no message {quoted(message.text)} in it", message.span, hint)
        return None
    try:
        messages, enums = proto.reached(message.text)
    except KeyError as error:
        why = f"the type {quoted(error.args[0])} is declared nowhere"
        findings.add("bad-protobuf", why, file.span, "add the file that declares it, and its import")
        return None
    return Protobuf(message.text, messages, enums, text(node, "text") == "json")
