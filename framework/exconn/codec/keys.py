"""Secrets: values that sign and never print, and the MACs, signatures and tokens made from them.

Rules: a `Secret` shows itself in no repr, str, format, pickle, copy or JSON; only `reveal` gives it out, and only
codecs call that; MAC objects are keyed once and copied a request, private keys read once; the credentials of a market
are one `Keyring`.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Generic, NoReturn, TypeVar

from exconn.codec.facts import CredentialField
from exconn.codec.macs import Mac, keyed
from exconn.codec.private_keys import Sign, private_signer
from exconn.errors import UsageError

T = TypeVar("T", str, bytes)


def unshown(held: object) -> list[tuple[str, Any]]:
    """The `__rich_repr__` of what may carry a secret: its struct would list every field in a rich traceback."""
    return []


class Secret(Generic[T]):
    """A text, or bytes, to be used and never shown."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value: T = value

    def reveal(self) -> T:
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "<secret>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a secret is neither copied nor pickled")


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_DECODERS: dict[str, Callable[[str], bytes]] = {"base64": _from_base64, "hex": bytes.fromhex, "utf8": str.encode}


def _key_bytes(field: CredentialField, text: str) -> bytes:
    """The bytes that a MAC is keyed with. A malformed key is a UsageError that does not show it."""
    decode: Callable[[str], bytes] = _DECODERS[field.encoding]
    with suppress(ValueError):  # binascii's and Unicode's errors are ValueErrors; some hold the text
        return decode(text)
    raise UsageError(f"credential {field.name} is not {field.encoding}; check that it was pasted whole")


class Keyring:
    """The credentials of one account, checked against what the spec asks for."""

    __slots__ = ("_bytes", "_macs", "_secrets", "_signers", "_wanted")

    def __init__(self, fields: Iterable[CredentialField], given: Mapping[str, str]) -> None:
        self._secrets: dict[str, Secret[str]] = {}
        self._bytes: dict[str, Secret[bytes]] = {}
        self._macs: dict[tuple[str, str], Mac] = {}
        self._signers: dict[str, Sign] = {}
        known = {field.name: field for field in fields}
        self._wanted = tuple(known)
        for name in given:
            if name not in known:
                raise UsageError(f"unknown credential {name!r}; this exchange takes {', '.join(known) or 'none'}")
        for name, field in known.items():
            self._take(field, given.get(name, field.default))

    def _take(self, field: CredentialField, text: str | None) -> None:
        if not text:
            return
        if field.choice and text not in field.choice:
            raise UsageError(f"credential {field.name} must be one of {', '.join(field.choice)}")
        self._secrets[field.name] = Secret(text)
        if field.private is not None:
            self._signers[field.name] = private_signer(field.name, field.private, field.encoding, text)
        else:
            self._bytes[field.name] = Secret(_key_bytes(field, text))

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self._secrets) or 'empty'}>"

    def missing(self) -> list[str]:
        """The names of what the exchange wants and the user did not give."""
        return [name for name in self._wanted if name not in self._secrets]

    def __contains__(self, name: str) -> bool:
        return name in self._secrets

    def text(self, name: str) -> str:
        """The credential as text, to be placed in a request. UsageError where it was not given."""
        secret = self._secrets.get(name)
        if secret is None:
            raise _missing(name)
        return secret.reveal()

    def mac(self, name: str, algorithm: str, message: bytes) -> bytes:
        """HMAC of `message` (sha256, sha384, sha512), keyed with the credential's decoded bytes."""
        mac = self._macs.get((name, algorithm))
        if mac is None:
            if name not in self._bytes:
                raise _missing(name)
            mac = self._macs[name, algorithm] = keyed(self._bytes[name].reveal(), algorithm)
        return mac(message)

    def sign(self, name: str, message: bytes) -> bytes:
        """The signature of `message` with the private key that the credential is."""
        signer = self._signers.get(name)
        if signer is None:
            raise _missing(name)
        return signer(message)

    def jwt(self, name: str, algorithm: str, header: str, claims: str) -> str:
        """The compact token (RFC 7515, 7.1) of two JSON texts; `header` says the algorithm too."""
        signed = f"{_base64url(header.encode())}.{_base64url(claims.encode())}"
        digest = _JWT_MACS.get(algorithm)
        message = signed.encode()
        signature = self.sign(name, message) if digest is None else self.mac(name, digest, message)
        return f"{signed}.{_base64url(signature)}"


_JWT_MACS = {"HS256": "sha256", "HS512": "sha512"}


def _missing(name: str) -> UsageError:
    return UsageError(f"this request needs the credential {name!r}; give it to the market")


def _base64url(data: bytes) -> str:
    """RFC 7515, 2: the alphabet of URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
