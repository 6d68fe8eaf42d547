"""From bytes to the text that is parsed: a size limit, strict UTF-8, and only characters that a reader can see.

A byte order mark at the start is dropped. Lines end with LF or CRLF; every other line end, control characters and
characters that change the direction of writing are refused, because with them a file reads otherwise than it looks,
and editors and the parser would not count the same lines. `readable` never refuses: it is for showing excerpts of a
refused file.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from itertools import islice
from pathlib import Path

from .diagnostic import KEPT_FINDINGS, Findings, Span

MAX_BYTES = 512 * 1024

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)


def read_source(path: Path) -> bytes:
    """The bytes of a file, of an endless one no more than `decode` needs to refuse it. Raises OSError.

    A pipe is read, as a shell's `<(...)` is one; a pipe that nobody writes to is an empty file, not a wait without end.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        return file.read(MAX_BYTES + 1)


def read_inside(folder: Path, path: Path, most: int) -> bytes:
    """The bytes of a file that another file names, one more than `most` where it has more.

    OSError where it cannot be read; ValueError where it is no file of its own below `folder`: a link that leads out of
    it, a device, a pipe.
    """
    real = path.resolve()
    if not real.is_relative_to(folder.resolve()):
        raise ValueError("it is a link that leads elsewhere")
    with open(real, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no regular file")
        return file.read(most + 1)


def _open_at_once(path: str, flags: int) -> int:
    """Opening a pipe waits for its writer unless it is told not to; reading then goes on as usual."""
    opened = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    os.set_blocking(opened, True)
    return opened


def decode(data: bytes, file: str, most: int = MAX_BYTES) -> str:
    """The text of `data`. Raises DocumentError: `too-large`, `not-utf8`, or every `control-character`."""
    findings = Findings()
    if len(data) > most:
        message = f"the file has more than {most} bytes"
        findings.fail("too-large", message, Span(file, 1, 1), "move data out of it")
    body = data.removeprefix(_BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        span = _end_of(body[: error.start].decode("utf-8"), file)
        hint = "save the file as UTF-8" + (" (it looks like UTF-16)" if data.startswith(_UTF16) else "")
        findings.fail("not-utf8", f"byte 0x{body[error.start]:02x} here is not UTF-8 text", span, hint)
    _refuse_characters(text, file, findings)
    return text


def readable(data: bytes) -> str:
    """Any bytes as text for excerpts, with the same lines and columns that `decode` reports; cut at the size limit."""
    return data[: MAX_BYTES + len(_BOM)].removeprefix(_BOM).decode("utf-8", "replace")


def _refuse_characters(text: str, file: str, findings: Findings) -> None:
    line, line_start, counted = 1, 0, 0
    for found in islice(_REFUSED.finditer(text), KEPT_FINDINGS + 1):
        at = found.start()
        line += text.count("\n", counted, at)
        line_start = text.rfind("\n", counted, at) + 1 or line_start
        col, counted = at - line_start + 1, at
        name, hint = _describe(found[0])
        findings.add("control-character", f"{name} is not allowed here", Span(file, line, col, line, col + 1), hint)
    findings.raise_errors()


def _describe(character: str) -> tuple[str, str]:
    """The name of a refused character, and what to do about it."""
    if character == "\r":
        return "a carriage return without a line feed", "end lines with LF or CRLF"
    name = unicodedata.name(character, "")
    shown = f"the character U+{ord(character):04X}" + (f" ({name})" if name else "")
    escape = f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
    return shown, f'delete it, or write it as "{escape}" in double quotes'


def _end_of(text: str, file: str) -> Span:
    """The place just after `text`, one character wide."""
    line = text.count("\n") + 1
    col = len(text) - text.rfind("\n")
    return Span(file, line, col, line, col + 1)
