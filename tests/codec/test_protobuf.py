"""Protobuf frames: proto3 JSON of what is declared, and nothing of what is broken."""

import json
import sys
from subprocess import run

import pytest

from exconn.codec import ProtoField, ProtoFrames, proto_reader
from exconn.codec.protobuf import MAX_PROTOBUF
from exconn.errors import Unanswered

LEVEL = (ProtoField("price", 1, "string"), ProtoField("size", 2, "double"))
FRAMES = ProtoFrames(
    message="Wrap",
    messages={
        "Wrap": (
            ProtoField("channel", 1, "string"),
            ProtoField("send_time", 2, "int64"),
            ProtoField("book", 3, "Wrap.Book", optional=True),
            ProtoField("side", 4, "Side"),
            ProtoField("other_side", 5, "Other", optional=True),
        ),
        "Wrap.Book": (ProtoField("bids", 1, "Level", repeated=True),),
        "Level": LEVEL,
    },
    enums={"Side": (("BUY", 0), ("SELL", 1)), "Other": (("BUY", 0), ("ASK", 1), ("SELL", 1))},
    text=True,
)
READ = proto_reader(FRAMES)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", {"channel": "", "sendTime": "0", "side": "BUY"}),
        (b"\x0a\x01b\x10\x05\x20\x01", {"channel": "b", "sendTime": "5", "side": "SELL"}),
        (b"\x28\x00", {"channel": "", "sendTime": "0", "side": "BUY", "otherSide": "BUY"}),
        (b"\x1a\x00", {"channel": "", "sendTime": "0", "side": "BUY", "book": {"bids": []}}),
        (b"\xa2\x06\x01x", {"channel": "", "sendTime": "0", "side": "BUY"}),  # field 100, which nobody declared
        (
            b"\x1a\x05\x0a\x03\x0a\x011",
            {"channel": "", "sendTime": "0", "side": "BUY", "book": {"bids": [{"price": "1", "size": 0.0}]}},
        ),
    ],
)
def test_the_json_of_a_frame(data: bytes, said: dict[str, object]) -> None:
    assert json.loads(READ(data)) == said


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xff", "the frame is no Wrap"),
        (b"\x0a\x05b", "the frame is no Wrap"),
        (b"\x0a\x01\xff", "the frame is no Wrap"),  # a text that is not UTF-8
        (b"\x0a" * (MAX_PROTOBUF + 1), f"the frame is longer than {MAX_PROTOBUF} bytes"),
    ],
)
def test_what_is_broken_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unanswered) as raised:
        READ(data)
    assert str(raised.value) == why and raised.value.__context__ is None


def test_frames_of_text() -> None:
    assert READ('{"msg": "PONG"}') == '{"msg": "PONG"}'
    with pytest.raises(Unanswered, match="a frame of text came where all frames are protobuf"):
        proto_reader(ProtoFrames(message="Level", messages={"Level": LEVEL}))("{}")


def test_the_package_is_imported_for_the_first_frame_only() -> None:
    code = (
        "import sys; from exconn.codec import ProtoField, ProtoFrames, proto_reader;"
        "read = proto_reader(ProtoFrames(message='A', messages={'A': ()}));"
        "before = 'google.protobuf' in sys.modules; read(b'');"
        "print(before, 'google.protobuf' in sys.modules)"
    )
    ran = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]
