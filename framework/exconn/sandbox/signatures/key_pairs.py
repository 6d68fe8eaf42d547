"""Signatures by key pairs: RSA (PKCS #1 v1.5 with SHA-256) and Ed25519, in base64, by the account's own key.

Rules:
- An account's secret that is a key in PEM makes it an account of a key pair. Only the public half is needed here; of a
  private key its public half is taken.
- A signature cannot be foretold without the private key, so what is explained is the payload and the kind of key.
"""

import base64
import binascii
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from .verdict import Verdict

PublicKey = RSAPublicKey | Ed25519PublicKey


@lru_cache(maxsize=256)
def read_key(secret: str) -> PublicKey | None:
    """The public half of a key in PEM; None for a secret that is none, or a key of another kind."""
    if not secret.lstrip().startswith("-----BEGIN"):
        return None
    text = secret.strip().encode()
    try:
        key = load_pem_private_key(text, None) if b"PRIVATE" in text else load_pem_public_key(text)
    except (ValueError, TypeError):
        return None
    if isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        return key.public_key()
    return key if isinstance(key, RSAPublicKey | Ed25519PublicKey) else None


def judge_by_key(
    key: PublicKey, allowed: Sequence[str], payload: bytes, sent: str, steps: list[tuple[str, str]]
) -> Verdict:
    """Whether `sent` is the key's signature of the payload."""
    kind = "rsa" if isinstance(key, RSAPublicKey) else "ed25519"
    steps = [*steps, ("algorithm", f"{kind} by the account's key, base64"), ("sent", sent)]
    if kind not in allowed:
        return Verdict(False, (*steps, ("refused", f"keys here are {', '.join(allowed)}")))
    try:
        signature = base64.b64decode(sent, validate=True)
        if isinstance(key, RSAPublicKey):
            key.verify(signature, payload, PKCS1v15(), SHA256())
        else:
            key.verify(signature, payload)
    except (InvalidSignature, ValueError, binascii.Error):
        return Verdict(False, (*steps, ("expected", "a signature of this payload by the account's private key")))
    return Verdict(True, tuple(steps))
