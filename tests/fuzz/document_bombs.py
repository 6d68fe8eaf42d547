"""Files made to be slow, large or deep: what the bytes of a YAML document can be blown up to.

Rules: a bomb is a name and a function of a scale between 0 and 1, where 1 fills the size that a file may have, or the
limit that it attacks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_ALL: Final = 512 * 1024
_SPEC: Final = 64 * 1024
Make = Callable[[float], bytes]


def _filled(piece: bytes, most: int = _ALL, head: bytes = b"", tail: bytes = b"") -> Make:
    """`head`, then `piece` again and again up to the size, then `tail`."""
    return lambda scale: head + piece * int((most - len(head) - len(tail)) * scale / len(piece)) + tail


def _counted(form: str, most: int = _SPEC, head: str = "exconn: 1\n", tail: str = "") -> Make:
    """Like `_filled`, with `{n}` counting and `{m}` one ahead."""

    def make(scale: float) -> bytes:
        room, pieces, size, n = int((most - len(head) - len(tail)) * scale), [], 0, 0
        while size < room:
            piece = form.replace("{n}", str(n)).replace("{m}", str(n + 1))
            pieces.append(piece)
            size += len(piece)
            n += 1
        return (head + "".join(pieces[:-1]) + tail).encode()

    return make


DOCUMENT_BOMBS: Final[dict[str, Make]] = {
    "brackets": _filled(b"["),
    "brackets closed": lambda scale: b"a: " + b"[" * int(31 * scale) + b"]" * int(31 * scale),
    "braces and keys": _filled(b"{a: "),
    "dashes": _filled(b"- "),
    "question marks": _filled(b"? "),
    "colons": _filled(b":"),
    "commas": _filled(b"a,", head=b"a: [", tail=b"]"),
    "empty items": _filled(b"- \n"),
    "staircase": lambda scale: b"".join(b" " * n + b"a:\n" for n in range(int(1000 * scale))),
    "billion laughs": _counted("a{m}: &a{m} [*a{n}, *a{n}]\n", head="a0: &a0 [x, x]\n"),
    "merge chain": _counted("a{m}: &a{m} {<<: [*a{n}, *a{n}]}\n", head="a0: &a0 {k: v}\n"),
    "anchors": _filled(b"&a a,", head=b"["),
    "tags": _filled(b"!t a,", head=b"["),
    "long tag": _filled(b"x", head=b"a: !"),
    "long tag uri": _filled(b"%41", head=b"a: !<", tail=b"> b"),
    "long anchor": _filled(b"x", head=b"a: &"),
    "long key": _filled(b"x", head=b"? "),
    "long text": _filled(b"x", head=b"a: "),
    "long line of keys": _filled(b"a: b, ", head=b"{", tail=b"}"),
    "long comment": _filled(b"#", head=b"a: b "),
    "escapes": _filled(b"\\n", head=b'a: "', tail=b'"'),
    "surrogates": _filled(b"\\ud800", head=b'a: "', tail=b'"'),
    "open quote": _filled(b"x ", head=b'a: "'),
    "open quote over lines": _filled(b"x\n", head=b"a: '"),
    "block text": _filled(b" x\n", head=b"a: |\n"),
    "folded text": _filled(b" x\n\n", head=b"a: >\n"),
    "same key": _filled(b"a:\n"),
    "other keys": _counted("k{n}:\n", _ALL, ""),
    "unknown keys": _counted("exconn{n}: 1\n", _ALL),
    "unknown keys of a spec": _counted("endpoint{n}: 1\n"),
    "unknown long keys": _counted("x" * 1000 + "{n}: 1\n"),
    "documents": _filled(b"---\n"),
    "ends": _filled(b"...\n", head=b"a: b\n"),
    "directives": _filled(b"%YAML 1.1\n"),
    "reserved directives": _filled(b"%X y\n"),
    "large directive": _filled(b"9", head=b"%YAML 1."),
    "line ends": _filled(b"\n"),
    "carriage returns": _filled(b"\r"),
    "zero bytes": _filled(b"\0"),
    "not text": _filled(b"\xff"),
    "overlong utf-8": _filled(b"\xc0\xaf"),
    "utf-16": lambda scale: ("exconn: 1\n" * int(20_000 * scale)).encode("utf-16"),
    "utf-32": lambda scale: ("exconn: 1\n" * int(10_000 * scale)).encode("utf-32"),
    "byte order marks": _filled(b"\xef\xbb\xbf"),
    "wide letters": _filled("漢".encode(), head=b"a: ["),
    "combining": _filled("\u0301".encode(), head=b"a: ["),
    "direction marks": _filled("\u202e".encode(), head=b"a: "),
    "large number": _filled(b"9", 16_000, b"exconn: "),
    "large numbers": _filled(b"9" * 18 + b",", _SPEC, b"exconn: [", b"]"),
    "too large": lambda scale: b"a" * int(2_000_000 * scale),
}
