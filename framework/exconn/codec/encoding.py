"""Text on its way into a request: percent-encoding, JSON strings, header values, base64.

Rules: in URLs and forms RFC 3986's unreserved characters stay, everything else becomes %XX of its UTF-8 bytes (a blank
is %20, never `+`), and pairs keep their order; JSON is compact UTF-8 and only what must be escaped is; a header value
holds visible ASCII and inner blanks alone. What cannot be written is a UsageError that does not show the value.
"""

import base64
import re
from contextlib import suppress
from typing import Final
from urllib.parse import quote

import msgspec

from exconn.errors import UsageError

_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]*").fullmatch
_PERCENT: Final = {each: f"%{each:02X}" for each in range(128) if not _UNRESERVED(chr(each))}
_PLAIN_JSON = re.compile(r"[ !#-\[\]-~]*").fullmatch
_HEADER = re.compile(r"[!-~](?:[ !-~]*[!-~])?").fullmatch
_BARE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?").fullmatch


def percent(text: str) -> str:
    """Percent-encoded for a path segment, a query or a form."""
    if _UNRESERVED(text):
        return text
    return text.translate(_PERCENT) if text.isascii() else quote(_encodable(text), safe="")


def path_text(text: str) -> str:
    """Percent-encoded for a path; `.` and `..` would change the path and are refused."""
    if text in (".", ".."):
        raise UsageError(f"{text!r} cannot stand in the path of a request")
    return percent(text)


def json_escaped(text: str) -> str:
    """The inside of a JSON string."""
    return text if _PLAIN_JSON(text) else msgspec.json.encode(_encodable(text)).decode()[1:-1]


def json_quoted(text: str) -> str:
    """A whole JSON string."""
    return f'"{json_escaped(text)}"'


def json_number(text: str, name: str) -> str:
    """A text that stands bare in JSON; UsageError where it is no number of JSON's own grammar."""
    if _BARE_NUMBER(text) is None:
        raise UsageError(f"{name} must be a number here, because the exchange takes it as one")
    return text


def header_text(text: str, name: str) -> str:
    """A text that may stand in a header; UsageError for line breaks, controls and what is not ASCII."""
    if _HEADER(text) is None:
        raise UsageError(f"{name} cannot stand in a header: it has a blank end, a control or a non-ASCII character")
    return text


def base64_text(data: bytes) -> str:
    """The standard alphabet, padded, on one line."""
    return base64.b64encode(data).decode("ascii")


def _encodable(text: str) -> str:
    """`text`, or a UsageError where half a surrogate pair keeps it from being UTF-8."""
    utf8(text)
    return text


def utf8(text: str) -> bytes:
    """The UTF-8 bytes of what is signed or sent; UsageError where half a surrogate pair has none."""
    if text.isascii():
        return text.encode()
    with suppress(UnicodeEncodeError):
        return text.encode()
    raise UsageError("a text of this request is not valid Unicode and cannot be sent")  # Python's error holds the text
