"""Private keys: read once, held as functions that sign, and never shown.

Rules: a key is read when the keyring is made, so that a bad one fails before any request, with an error that says what
is wrong and shows nothing of it; a signature is a pure function of key and message, for a codec has no randomness:
ECDSA takes its nonce from both (RFC 6979); `cryptography` is imported only where a spec signs so.
"""

import base64
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from exconn.errors import UsageError

Sign: TypeAlias = Callable[[bytes], bytes]
"""Message -> signature."""

_SEED: Final = 32
_NAMES: Final = {"ed25519": "Ed25519", "rsa": "RSA", "p256": "P-256"}
_RAW: Final[dict[str, Callable[[str], bytes]]] = {
    "base64": lambda text: base64.b64decode(text, validate=True),
    "hex": bytes.fromhex,
}


def private_signer(credential: str, kind: str, encoding: str, text: str) -> Sign:
    """The function that signs with the key `text`: RFC 8032 signatures of an `ed25519` key; PKCS #1 v1.5 over SHA-256
    of an `rsa` key; `r` and `s` in 32 bytes each (RFC 7518, 3.4) over SHA-256 of a `p256` key.

    `encoding`: pem, or base64 or hex of an Ed25519 key's 32 bytes, its public key perhaps behind. UsageError for
    anything else."""
    key = _from_pem(credential, text) if encoding == "pem" else _from_bytes(credential, encoding, text)
    found = _kind_of(key)
    if found != kind:
        told = f"is a private key of the kind {_NAMES[found]}" if found else "is a private key of another kind"
        raise UsageError(f"credential {credential} {told}; this exchange takes one of the kind {_NAMES[kind]}")
    return _SIGNERS[kind](key)


def _from_pem(credential: str, text: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    # a key out of a JSON file or an environment variable has its line breaks written as \n
    pem = text.replace("\\n", "\n").strip()
    why = "is no private key in PEM; paste it whole, with its BEGIN and END lines"
    if "PUBLIC KEY-----" in pem:
        why = "is a public key; give the private one"
    try:
        return load_pem_private_key(pem.encode(), None)
    except TypeError:
        why = "is a private key with a password; take it off first (openssl pkey -in key.pem)"
    except (ValueError, UnsupportedAlgorithm):
        pass
    raise UsageError(f"credential {credential} {why}")  # outside of `except`: an error's context may hold the text


def _from_bytes(credential: str, encoding: str, text: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        raw = _RAW[encoding](text)
    except ValueError:
        raw = b""
    if len(raw) in (_SEED, 2 * _SEED):
        key = Ed25519PrivateKey.from_private_bytes(raw[:_SEED])
        if raw[_SEED:] in (b"", key.public_key().public_bytes_raw()):
            return key
    raise UsageError(f"credential {credential} is no Ed25519 key in {encoding}; check that it was pasted whole")


def _kind_of(key: Any) -> str | None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey):
        return "rsa"
    is_p256 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    return "p256" if is_p256 else None


def _ed25519(key: Any) -> Sign:
    sign: Sign = key.sign
    return sign


def _rsa(key: Any) -> Sign:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    padding, digest = PKCS1v15(), SHA256()
    return lambda message: bytes(key.sign(message, padding, digest))


def _p256(key: Any) -> Sign:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    algorithm = ECDSA(SHA256(), deterministic_signing=True)

    def sign(message: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(message, algorithm))
        return r.to_bytes(32) + s.to_bytes(32)

    return sign


_SIGNERS: Final[dict[str, Callable[[Any], Sign]]] = {"ed25519": _ed25519, "rsa": _rsa, "p256": _p256}
