"""Private keys and tokens against the published vectors of their RFCs; bad keys against what is said of them.

The P-256 key is that of RFC 6979, A.2.5; the RSA key that of RFC 7515, A.2; the Ed25519 keys those of RFC 8032, 7.1.
"""

import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from exconn.codec import CredentialField, Keyring
from exconn.codec.private_keys import private_signer
from exconn.document import load, to_plain
from exconn.errors import UsageError

IMAGINARY = Path(__file__).parents[1] / "imaginary"
ED25519 = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
ED25519_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def pem_of(name: str) -> str:
    """The private key of the cases of an imaginary exchange."""
    root: Any = to_plain(load((IMAGINARY / f"{name}.cases.yaml").read_bytes(), name))
    return str(root["credentials"]["private_key"])


P256, RSA = pem_of("jwt-es256"), pem_of("rsa-signature")


def keyring(text: str, encoding: str = "utf8", private: str | None = None) -> Keyring:
    return Keyring([CredentialField(name="k", secret=True, encoding=encoding, private=private)], {"k": text})


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("kind", "encoding", "key", "message", "signature"),
    [
        (
            "ed25519",
            "hex",
            ED25519,
            b"",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "ed25519",
            "hex",
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            b"\x72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "p256",
            "pem",
            P256,
            b"sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            "p256",
            "pem",
            P256,
            b"test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
        ),
    ],
    ids=["rfc8032 1", "rfc8032 2", "rfc6979 sample", "rfc6979 test"],
)
def test_published_signatures(kind: str, encoding: str, key: str, message: bytes, signature: str) -> None:
    assert private_signer("k", kind, encoding, key)(message).hex() == signature


def test_the_published_rsa_signature() -> None:
    """RFC 7515, A.2."""
    payload = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
    signed = f'{base64url(b"""{"alg":"RS256"}""")}.{base64url(payload)}'
    assert base64url(keyring(RSA, "pem", "rsa").sign("k", signed.encode())) == (
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU"
        "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d"
        "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig"
        "cN_IoypGlUPQGe77Rw"
    )


@pytest.mark.parametrize(
    ("algorithm", "key", "encoding", "private", "header", "payload", "signature"),
    [
        (
            "HS256",
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==",
            "base64",
            None,
            '{"typ":"JWT",\r\n "alg":"HS256"}',
            '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}',
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
        (
            "EdDSA",
            ED25519,
            "hex",
            "ed25519",
            '{"alg":"EdDSA"}',
            "Example of Ed25519 signing",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
    ],
    ids=["rfc7515 A.1", "rfc8037 A.4"],
)
def test_published_tokens(
    algorithm: str, key: str, encoding: str, private: str | None, header: str, payload: str, signature: str
) -> None:
    token = keyring(key, encoding, private).jwt("k", algorithm, header, payload)
    assert token == f"{base64url(header.encode())}.{base64url(payload.encode())}.{signature}"


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "HS256", "HS512"])
def test_a_token_is_the_same_each_time(algorithm: str) -> None:
    key = {"ES256": (P256, "pem", "p256"), "EdDSA": (ED25519, "hex", "ed25519")}.get(algorithm, ("x", "utf8", None))
    first, second = (keyring(*key).jwt("k", algorithm, "{}", "{}") for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (base64.b64encode(bytes.fromhex(ED25519)).decode(), "base64"),
        (base64.b64encode(bytes.fromhex(ED25519 + ED25519_PUBLIC)).decode(), "base64"),
        (ED25519 + ED25519_PUBLIC, "hex"),
        (pem_of("ed25519-signature"), "pem"),
        (pem_of("ed25519-signature").replace("\n", "\\n"), "pem"),
        (f"  {pem_of('ed25519-signature')}\n".replace("\n", "\r\n"), "pem"),
    ],
    ids=["base64", "both halves", "hex", "pem", "pem on one line", "pem of another system"],
)
def test_one_key_in_every_writing(text: str, encoding: str) -> None:
    written = keyring(text, encoding, "ed25519")
    assert written.sign("k", b"x") == keyring(ED25519, "hex", "ed25519").sign("k", b"x")


KEY = load_pem_private_key(P256.replace("\\n", "\n").encode(), None)
LOCKED = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
P384 = ec.derive_private_key(7, ec.SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
WHOLE = "is no private key in PEM; paste it whole, with its BEGIN and END lines"
SHORT = "is no Ed25519 key in hex; check that it was pasted whole"
BAD = [
    ("not a key at all", "pem", "rsa", WHOLE),
    (P256[: len(P256) // 2], "pem", "p256", WHOLE),
    (P256.replace("A", "B"), "pem", "p256", WHOLE),
    (P256.replace("M", "\udcff", 1), "pem", "p256", WHOLE),
    (LOCKED, "pem", "p256", r"is a private key with a password; take it off first (openssl pkey -in key.pem)"),
    (PUBLIC, "pem", "p256", "is a public key; give the private one"),
    (P256, "pem", "rsa", "is a private key of the kind P-256; this exchange takes one of the kind RSA"),
    (RSA, "pem", "ed25519", "is a private key of the kind RSA; this exchange takes one of the kind Ed25519"),
    (P384.decode(), "pem", "p256", "is a private key of another kind; this exchange takes one of the kind P-256"),
    (ED25519[:-2], "hex", "ed25519", SHORT),
    (ED25519 + ED25519, "hex", "ed25519", SHORT),
    ("zz" + ED25519, "hex", "ed25519", SHORT),
]


@pytest.mark.parametrize(("text", "encoding", "kind", "why"), BAD)
def test_a_bad_key_is_told_and_not_shown(text: str, encoding: str, kind: str, why: str) -> None:
    with pytest.raises(UsageError) as told:
        keyring(text, encoding, kind)
    assert str(told.value) == f"credential k {why}"
    assert told.value.__cause__ is None and told.value.__context__ is None


def test_a_key_that_was_not_given() -> None:
    keys = Keyring([CredentialField(name="k", secret=True, encoding="pem", private="p256")], {})
    with pytest.raises(UsageError, match="this request needs the credential 'k'; give it to the market"):
        keys.jwt("k", "ES256", "{}", "{}")


@pytest.mark.parametrize("shown", [repr, str])
def test_a_keyring_shows_no_private_key(shown: object) -> None:
    assert callable(shown)
    assert shown(keyring(P256, "pem", "p256")) == "<Keyring k>"


def test_who_signs_without_private_keys_imports_no_cryptography() -> None:
    code = (
        "import sys, exconn.market, exconn.codec as c\n"
        "c.Keyring([c.CredentialField(name='k', secret=True)], {'k': 'x'}).jwt('k', 'HS256', '', '')\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] == 'cryptography'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
