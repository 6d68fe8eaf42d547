"""The family `joined_mac`: a MAC over some pieces of the request, joined by a text.

Rules:
- Parameters: `algorithm` (sha256, sha384, sha512), `secret` (how its text becomes bytes: utf8, base64, hex), `pieces`
  in order, `join`, and `encoding` of the result (base64, hex).
- A piece is a field that the dialect reads (`time`), a part of the request (`method`, `host`, `path`, `query`,
  `path_query`, `body`), a hash of the body in lower case hex (`body_sha256`, `body_sha512`), or a text in quotes.
- Compared in constant time. The secret appears in no step.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from .verdict import Secrets, Signed, Verdict, Verifier

_ENCODE: dict[str, Callable[[bytes], str]] = {
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "hex": lambda raw: raw.hex(),
}
_SECRET: dict[str, Callable[[str], bytes]] = {
    "utf8": lambda text: text.encode(),
    "base64": lambda text: base64.b64decode(text, validate=True),
    "hex": bytes.fromhex,
}
PARTS: dict[str, Callable[[Signed], bytes]] = {
    "method": lambda signed: signed.method.upper().encode(),
    "host": lambda signed: signed.host.encode(),
    "path": lambda signed: signed.target.partition("?")[0].encode(),
    "query": lambda signed: signed.target.partition("?")[2].encode(),
    "path_query": lambda signed: signed.target.encode(),
    "body": lambda signed: signed.body,
    "body_sha256": lambda signed: hashlib.sha256(signed.body).hexdigest().encode(),
    "body_sha512": lambda signed: hashlib.sha512(signed.body).hexdigest().encode(),
}


def build_joined_mac(parameters: Mapping[str, Any]) -> Verifier:
    """The verifier of one dialect's parameters."""
    pieces: list[str] = parameters["pieces"]
    joint = str(parameters.get("join", "")).encode()
    algorithm, encoding = parameters["algorithm"], parameters["encoding"]
    secret_bytes = _SECRET[parameters.get("secret", "utf8")]

    def verify(signed: Signed, secrets: Secrets) -> Verdict:
        parts = [_part(piece, signed) for piece in pieces]
        payload = joint.join(parts)
        steps = [(piece, shown(part)) for piece, part in zip(pieces, parts, strict=True)]
        steps.append(("payload", shown(payload)))
        try:
            key = secret_bytes(secrets.secret_key)
        except (ValueError, binascii.Error):
            return Verdict(False, (*steps, ("secret", f"the account's secret is not {parameters['secret']}")))
        expected = _ENCODE[encoding](hmac.digest(key, payload, algorithm))
        sent = signed.fields["signature"]
        steps += [("algorithm", f"HMAC-{algorithm.upper()}, {encoding}"), ("expected", expected), ("sent", sent)]
        return Verdict(hmac.compare_digest(expected.encode(), sent.encode()), tuple(steps))

    return verify


def _part(piece: str, signed: Signed) -> bytes:
    if piece.startswith("'"):
        return piece[1:-1].encode()
    part = PARTS.get(piece)
    return part(signed) if part is not None else signed.fields[piece].encode()


def shown(part: bytes) -> str:
    """Bytes for a reader: text where they are text, cut at 4096 characters."""
    return part.decode("utf-8", "backslashreplace")[:4096]
