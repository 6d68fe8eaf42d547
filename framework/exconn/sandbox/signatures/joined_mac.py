"""The family `joined_mac`: a MAC, or a signature by a key pair, over some pieces of the request, joined by a text.

Rules:
- Parameters: `algorithm` (sha256, sha384, sha512), `secret` (how its text becomes bytes: utf8, base64, hex), `pieces`
  in order (`pieces`), `join`, `encoding` of the result (base64, hex), `any_case` for hex in upper case too, and
  `named`, the wire's name of the signature among other parameters.
- `key_pairs` (ed25519, rsa): an account whose secret is such a key in PEM signs with it, in base64 (`key_pairs`);
  with `pairs_only` no other account can.
- Compared in constant time. The secret appears in no step.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from .key_pairs import judge_by_key, read_key
from .pieces import cut, shown
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


def build_joined_mac(parameters: Mapping[str, Any]) -> Verifier:
    """The verifier of one dialect's parameters."""
    pieces: list[str] = parameters["pieces"]
    joint = str(parameters.get("join", "")).encode()
    algorithm, encoding = parameters["algorithm"], parameters["encoding"]
    secret_bytes = _SECRET[parameters.get("secret", "utf8")]
    named, any_case = str(parameters.get("named", "signature")), bool(parameters.get("any_case", False))
    key_pairs: list[str] = parameters.get("key_pairs", [])
    pairs_only = bool(parameters.get("pairs_only", False))

    def verify(signed: Signed, secrets: Secrets) -> Verdict:
        parts = cut(pieces, signed, named)
        payload = joint.join(parts)
        steps = [(piece, shown(part)) for piece, part in zip(pieces, parts, strict=True)]
        steps.append(("payload", shown(payload)))
        sent = signed.fields["signature"]
        pair = read_key(secrets.secret_key) if key_pairs else None
        if pairs_only and pair is None:
            return Verdict(False, (*steps, ("secret", f"the account's key is none of {', '.join(key_pairs)}")))
        if pair is not None:
            return judge_by_key(pair, key_pairs, payload, sent, steps)
        try:
            key = secret_bytes(secrets.secret_key)
        except (ValueError, binascii.Error):
            return Verdict(False, (*steps, ("secret", f"the account's secret is not {parameters['secret']}")))
        expected = _ENCODE[encoding](hmac.digest(key, payload, algorithm))
        steps += [("algorithm", f"HMAC-{algorithm.upper()}, {encoding}"), ("expected", expected), ("sent", sent)]
        given = sent.lower() if any_case else sent
        return Verdict(hmac.compare_digest(expected.encode(), given.encode()), tuple(steps))

    return verify
