"""Protobuf files beside a spec: which are read, how they are read, and what is said of those that are not."""

import os
from pathlib import Path

import pytest

from exconn.document import DocumentError
from exconn.spec import load_spec
from exconn.spec.beside import MAX_BESIDE, NotBeside, read_beside
from exconn.spec.read.proto import BadProto, Proto, ProtoField, read_proto

TEXT = (Path(__file__).parent / "good" / "minimal.yaml").read_text(encoding="utf-8")
HEAD = 'syntax = "proto3"; package a.b;\n'


def declared(text: str) -> Proto:
    proto = Proto()
    read_proto(text, proto)
    return proto


def test_what_exchanges_publish_is_read() -> None:
    proto = declared(
        HEAD
        + """// a comment
        import public "other.proto"; option go_package = "x";
        message Wrap {
          string channel = 1 [deprecated = true, (x.y) = "z"]; /* over
          lines */
          oneof body { Book book = 301; .a.b.Wrap again = 302; }
          optional int64 time = 6; reserved 9, 10 to 12, "old";
          repeated Book.Level levels = 7 [packed=true]; Side side = 8;
          enum Side { option allow_alias = true; BUY = 0; SELL = 1; ASK = 1 [x = 1]; };
        }
        message Book { message Level { Wrap.Side side = 1; } repeated Level bids = 1; }
        message Unused { Nowhere at = 1; }"""
    )
    messages, enums = proto.reached("Wrap")
    assert proto.imports == ["other.proto"]
    assert messages["Wrap"] == (
        ProtoField("channel", 1, "string", False, False),
        ProtoField("book", 301, "Book", False, True),
        ProtoField("again", 302, "Wrap", False, True),
        ProtoField("time", 6, "int64", False, True),
        ProtoField("levels", 7, "Book.Level", True, False),
        ProtoField("side", 8, "Wrap.Side", False, False),
    )
    assert messages["Book"] == (ProtoField("bids", 1, "Book.Level", True, False),)
    assert set(messages) == {"Wrap", "Book", "Book.Level"}
    assert enums == {"Wrap.Side": (("BUY", 0), ("SELL", 1), ("ASK", 1))}


# a file, the line of its fault, and what is said
BROKEN: list[tuple[str, int, str]] = [
    ('syntax = "proto2";', 1, "only proto3 is read"),
    (HEAD + "message A { map<string, int32> m = 1; }", 2, "a field map < is not read"),
    (HEAD + "message A {\n group G = 1; }", 3, "a field group G is not read"),
    (HEAD + "service S { rpc A (B) returns (C); }", 2, "'service' is not read"),
    (HEAD + "message A { string s = 0; }", 2, "the field s has no number that a field can have"),
    (HEAD + "message A { string s = x; }", 2, "'x' is no number"),
    (HEAD + "message A { string s = 1; string t = 1; }", 2, "the message A has two fields of one name or number"),
    (HEAD + "message A { string s = 1 }", 2, "a ';' is missing"),
    (HEAD + "message A { string __s = 1; }", 2, "a field string __s is not read"),
    (HEAD + "message A { }\nmessage A { }", 3, "A is declared twice"),
    (HEAD + "enum E { A = 1; }", 2, "the enum E does not begin with a value of 0"),
    (HEAD + "message A {", 2, "the file ends too early"),
    (HEAD + "message A ` {", 2, "'`' cannot stand here"),
    (HEAD + "message A {" * 12, 2, "'A' cannot name a message here"),
]


@pytest.mark.parametrize(("text", "line", "why"), BROKEN)
def test_what_is_refused(text: str, line: int, why: str) -> None:
    with pytest.raises(BadProto) as raised:
        declared(text)
    assert (raised.value.line, raised.value.why) == (line, why)


def test_only_plain_files_beside_the_spec_are_opened(tmp_path: Path) -> None:
    spec = str(tmp_path / "in" / "spec.yaml")
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "outside.proto").write_text(HEAD)
    (folder / "good.deals.proto").write_text(HEAD)
    (folder / "link.proto").symlink_to(tmp_path / "outside.proto")
    (folder / "folder.proto").mkdir()
    os.mkfifo(folder / "pipe.proto")
    (folder / "long.proto").write_text("/" * (MAX_BESIDE + 1))
    (folder / "bytes.proto").write_bytes(b"\xff")
    assert read_beside(spec, "good.deals.proto") == HEAD
    refused = {
        "../outside.proto": "it is not the plain name of a .proto file",
        str(tmp_path / "outside.proto"): "it is not the plain name of a .proto file",
        "..proto": "it is not the plain name of a .proto file",
        "good.yaml": "it is not the plain name of a .proto file",
        "link.proto": "too many levels of symbolic links",
        "folder.proto": "it is no plain file",
        "pipe.proto": "it is no plain file",
        "long.proto": f"it has more than {MAX_BESIDE} bytes",
        "bytes.proto": "it is not UTF-8",
        "none.proto": "no such file or directory",
    }
    for name, why in refused.items():
        with pytest.raises(NotBeside) as raised:
            read_beside(spec, name)
        assert (name, str(raised.value)) == (name, why)


# the files beside the spec, and what is said of them
FOUND: list[tuple[dict[str, str], str]] = [
    ({"f.proto": HEAD + "message A { map<string, int32> m = 1; }"}, "f.proto:2: a field map < is not read"),
    ({"f.proto": HEAD + "message B { }"}, "there is no message 'A' in it"),
    ({"f.proto": HEAD + "message A { C c = 1; }"}, "the type 'C' is declared nowhere"),
    ({"f.proto": HEAD + 'import "../g.proto"; message A { }'}, "it is not the plain name of a .proto file"),
    ({"f.proto": HEAD + 'import "g.proto"; message A { }', "g.proto": "message A { }"}, "A is declared twice"),
]


@pytest.mark.parametrize(("files", "why"), FOUND)
def test_what_is_said_of_files(tmp_path: Path, files: dict[str, str], why: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    text = TEXT.replace("frames: json", "frames: {protobuf: f.proto, message: A}", 1)
    with pytest.raises(DocumentError) as raised:
        load_spec(text.encode(), str(tmp_path / "spec.yaml"))
    [found] = raised.value.diagnostics
    assert found.code == "bad-protobuf" and why in found.message
