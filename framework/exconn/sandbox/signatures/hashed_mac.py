"""The family `hashed_mac`: a MAC over pieces of the request, one of which is the raw digest of other pieces.

Rules:
- Parameters: `hash` (sha256, sha512) and `hashed`, the pieces that are hashed, joined by nothing; then as `joined_mac`:
  `algorithm`, `secret`, `encoding`, and `pieces`, where `digest` stands for the hash's raw bytes.
- The explanation shows the digest in hex, each piece as text, and what was expected; the secret appears in no step.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from .pieces import cut, shown
from .verdict import Secrets, Signed, Verdict, Verifier

DIGEST = "digest"
_HASH: dict[str, Callable[[bytes], bytes]] = {
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(),
}
_SECRET: dict[str, Callable[[str], bytes]] = {
    "utf8": lambda text: text.encode(),
    "base64": lambda text: base64.b64decode(text, validate=True),
    "hex": bytes.fromhex,
}
_ENCODE: dict[str, Callable[[bytes], str]] = {
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "hex": lambda raw: raw.hex(),
}


def build_hashed_mac(parameters: Mapping[str, Any]) -> Verifier:
    """The verifier of one dialect's parameters."""
    hashed, pieces = list(parameters["hashed"]), list(parameters["pieces"])
    inner, algorithm, encoding = parameters["hash"], parameters["algorithm"], parameters["encoding"]
    secret_form, named = parameters.get("secret", "utf8"), parameters.get("named", "signature")
    plain = [piece for piece in pieces if piece != DIGEST]

    def verify(signed: Signed, secrets: Secrets) -> Verdict:
        parts = cut(hashed, signed, named)
        steps = [(piece, shown(part)) for piece, part in zip(hashed, parts, strict=True)]
        digest = _HASH[inner](b"".join(parts))
        steps.append((f"{inner} of {' + '.join(hashed)}, hex", digest.hex()))
        outer = dict(zip(plain, cut(plain, signed, named), strict=True))
        steps += [(piece, shown(part)) for piece, part in outer.items()]
        payload = b"".join(digest if piece == DIGEST else outer[piece] for piece in pieces)
        steps.append((f"payload {' + '.join(pieces)}, hex", payload.hex()))
        try:
            key = _SECRET[secret_form](secrets.secret_key)
        except (ValueError, binascii.Error):
            return Verdict(False, (*steps, ("secret", f"the account's secret is not {secret_form}")))
        expected = _ENCODE[encoding](hmac.digest(key, payload, algorithm))
        sent = signed.fields["signature"]
        steps += [("algorithm", f"HMAC-{algorithm.upper()}, {encoding}"), ("expected", expected), ("sent", sent)]
        return Verdict(hmac.compare_digest(expected.encode(), sent.encode()), tuple(steps))

    return verify
