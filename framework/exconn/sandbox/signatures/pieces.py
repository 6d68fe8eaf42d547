"""What a signature may cover, piece by piece: fields that were read, parts of the request, hashes of it, fixed texts.

Rules:
- A piece is a field that the dialect reads (`time`), a part of the request (`method`, `host`, `path`, `query`,
  `path_query`, `body`), a hash of the body in lower case hex (`body_sha256`, `body_sha512`), or a text in quotes.
- `query_unsigned` and `body_unsigned` are those without the parameter `named` (the signature's own), wherever it
  stands; `params_sorted` are the parameters of a frame without it, by name, joined as in a query but not encoded.
"""

import hashlib
from collections.abc import Callable

from .verdict import Signed

PARTS: dict[str, Callable[[Signed, str], bytes]] = {
    "method": lambda signed, named: signed.method.upper().encode(),
    "host": lambda signed, named: signed.host.encode(),
    "path": lambda signed, named: signed.target.partition("?")[0].encode(),
    "query": lambda signed, named: signed.target.partition("?")[2].encode(),
    "query_unsigned": lambda signed, named: _without(signed.target.partition("?")[2].encode(), named),
    "path_query": lambda signed, named: signed.target.encode(),
    "body": lambda signed, named: signed.body,
    "body_unsigned": lambda signed, named: _without(signed.body, named),
    "body_sha256": lambda signed, named: hashlib.sha256(signed.body).hexdigest().encode(),
    "body_sha512": lambda signed, named: hashlib.sha512(signed.body).hexdigest().encode(),
    "params_sorted": lambda signed, named: _sorted(signed, named),
}


def cut(pieces: list[str], signed: Signed, named: str) -> list[bytes]:
    """The pieces of one request, in their order."""
    return [_part(piece, signed, named) for piece in pieces]


def shown(part: bytes) -> str:
    """Bytes for a reader: text where they are text, cut at 4096 characters."""
    return part.decode("utf-8", "backslashreplace")[:4096]


def _part(piece: str, signed: Signed, named: str) -> bytes:
    if piece.startswith("'"):
        return piece[1:-1].encode()
    part = PARTS.get(piece)
    return part(signed, named) if part is not None else signed.fields[piece].encode()


def _without(pairs: bytes, named: str) -> bytes:
    return b"&".join(pair for pair in pairs.split(b"&") if pair.partition(b"=")[0] != named.encode())


def _sorted(signed: Signed, named: str) -> bytes:
    return "&".join(f"{name}={value}" for name, value in sorted(signed.params) if name != named).encode()
