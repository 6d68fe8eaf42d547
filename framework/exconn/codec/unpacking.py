"""Packed frames to the JSON text inside them: gzip and raw deflate, a frame at a time.

Rules: a frame of text is no packed one and passes as it is; each frame is packed by itself, nothing of the one before
is needed; what comes out is bounded as a body is, however little went in; a gzip frame that lacks its end, or has
something behind it, is refused. Whatever goes wrong is one `Unanswered`, which never shows the frame.
"""

import zlib
from typing import Final

from exconn.codec.decoding import MAX_BYTES
from exconn.errors import Unanswered

_GZIP: Final = 31
_RAW: Final = -15


def gunzipped(data: bytes | str) -> bytes | str:
    """The text in a gzip frame (RFC 1952)."""
    return data if isinstance(data, str) else _unpacked(data, _GZIP, "gzip")


def inflated(data: bytes | str) -> bytes | str:
    """The text in a frame of raw deflate (RFC 1951); one that was flushed and not ended is whole as well."""
    return data if isinstance(data, str) else _unpacked(data, _RAW, "deflate")


def _unpacked(data: bytes, form: int, name: str) -> bytes:
    machine = zlib.decompressobj(form)
    try:
        text = machine.decompress(data, MAX_BYTES + 1)
    except zlib.error:
        why = f"the frame is no {name}"
    else:
        if len(text) > MAX_BYTES:
            why = f"the frame is longer than {MAX_BYTES} bytes when it is unpacked"
        elif machine.unused_data or (form == _GZIP and not machine.eof):
            why = f"the frame is not one whole {name} stream"
        else:
            return text
    raise Unanswered(why)  # out here, so that no error of zlib hangs on it as its context
