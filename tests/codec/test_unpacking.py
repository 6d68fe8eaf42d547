"""Packed frames: whole ones, broken ones, and small ones that would become huge."""

import gzip
import zlib
from collections.abc import Callable

import pytest

from exconn.codec import gunzipped, inflated
from exconn.codec.decoding import MAX_BYTES
from exconn.errors import Unanswered

TEXT = b'{"topic": "book"}'


def deflated(data: bytes, end: int = zlib.Z_FINISH, form: int = -15) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, form)
    return machine.compress(data) + machine.flush(end)


@pytest.mark.parametrize(
    ("unpack", "packed"),
    [
        (gunzipped, gzip.compress(TEXT, mtime=0)),
        (inflated, deflated(TEXT)),
        (inflated, deflated(TEXT, zlib.Z_SYNC_FLUSH)),
        (gunzipped, gzip.compress(TEXT, 0, mtime=0)),
    ],
)
def test_what_was_packed_comes_out(unpack: Callable[[bytes], bytes], packed: bytes) -> None:
    assert unpack(packed) == TEXT


@pytest.mark.parametrize("unpack", [gunzipped, inflated])
def test_text_is_no_packed_frame(unpack: Callable[[str], str]) -> None:
    assert unpack("pong") == "pong"


BOMB = b" " * (MAX_BYTES + 1)
# what was sent, and what is said of it
BROKEN: list[tuple[Callable[[bytes], object], bytes, str]] = [
    (gunzipped, b"", "the frame is not one whole gzip stream"),
    (gunzipped, TEXT, "the frame is no gzip"),
    (gunzipped, deflated(TEXT), "the frame is no gzip"),
    (gunzipped, gzip.compress(TEXT, mtime=0)[:-1], "the frame is not one whole gzip stream"),
    (gunzipped, gzip.compress(TEXT, mtime=0) * 2, "the frame is not one whole gzip stream"),
    (gunzipped, gzip.compress(TEXT, mtime=0)[:-8] + bytes(8), "the frame is no gzip"),
    (inflated, zlib.compress(TEXT), "the frame is no deflate"),
    (inflated, deflated(TEXT) + b"x", "the frame is not one whole deflate stream"),
    (gunzipped, gzip.compress(BOMB, mtime=0), f"the frame is longer than {MAX_BYTES} bytes when it is unpacked"),
    (inflated, deflated(BOMB), f"the frame is longer than {MAX_BYTES} bytes when it is unpacked"),
]


@pytest.mark.parametrize(("unpack", "packed", "why"), BROKEN)
def test_what_is_broken_is_refused(unpack: Callable[[bytes], object], packed: bytes, why: str) -> None:
    with pytest.raises(Unanswered) as raised:
        unpack(packed)
    assert str(raised.value) == why
    assert raised.value.__context__ is None


def test_the_most_that_may_come_out_comes_out() -> None:
    assert gunzipped(gzip.compress(BOMB[1:], mtime=0)) == BOMB[1:]
