"""Signatures in a dialect: where their fields stand, which family verifies them, and the rules of time and nonce.

Rules:
- The fields are readings named `key`, `signature`, and as the exchange has them `time`, `nonce`, `window`,
  `passphrase`; `key` and `signature` are always there, or the key alone where that is enough (`key_alone`).
- `token_alone`: a `token` says whose request it is, as long as it is good or was used in time on the same connection.
- `time: {ahead, window}`: a moment may be `ahead` ms in the future and at most the window old; a field `window` (ms)
  takes the place of the fixed one. `nonce: increasing`: greater than every one that the key used before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exconn.sandbox.signatures import FAMILIES, Secrets, Signed, Verdict, Verifier
from exconn.sandbox.signatures.hashed_mac import DIGEST
from exconn.sandbox.signatures.pieces import PARTS

from .place import Place
from .readings import Reading, build_readings
from .types import TypeReader

FIELDS = ("key", "signature", "time", "nonce", "window", "passphrase", "token")


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to sign. `ahead` and `window` are in ns; None where time is not looked at."""

    name: str
    fields: tuple[Reading, ...]
    verify: Verifier
    ahead: int | None
    window: int | None
    increasing_nonce: bool


def build_signatures(place: Place, types: TypeReader) -> dict[str, Signature]:
    """The section `signatures`."""
    return {entry.name: _signature(entry, types) for entry in place.entries("signatures")}


def _signature(place: Place, types: TypeReader) -> Signature:
    fields = build_readings(place, types)
    names = [field.arg for field in fields]
    for name in names:
        if name not in FIELDS:
            place.at("reads").error(
                "unknown-field", f"a signature has no field '{name}'", f"fields: {', '.join(FIELDS)}"
            )
    for name in _needed(place):
        if name not in names:
            place.at("reads").error(
                "missing-field", f"the signature's '{name}' is not read", f"add a reading of {name}"
            )
    time = place.get("time")
    if (time is not None) != ("time" in names):
        place.at("reads").error(
            "time-unused", "a time is read but not judged, or judged but not read", "have both or neither"
        )
    if ("nonce" in place) != ("nonce" in names):
        place.at("reads").error(
            "nonce-unused", "a nonce is read but not judged, or judged but not read", "have both or neither"
        )
    milliseconds = 1_000_000
    return Signature(
        place.name,
        fields,
        _verifier(place, names),
        time["ahead"] * milliseconds if time else None,
        time["window"] * milliseconds if time else None,
        place.get("nonce") == "increasing",
    )


def _needed(place: Place) -> tuple[str, ...]:
    if "token_alone" in place:
        return ("token",)
    return ("key",) if "key_alone" in place else ("key", "signature")


def _verifier(place: Place, names: list[str]) -> Verifier:
    if "key_alone" in place or "token_alone" in place:
        return _accept
    families = [entry for entry in place.entries() if entry.name in FAMILIES]
    if len(families) != 1:
        place.error("no-family", "a signature has exactly one family", f"the families are {', '.join(FAMILIES)}")
        return _refuse
    known = (*names, *PARTS, *([DIGEST] if "hashed" in families[0] else []))
    for piece in (*families[0].items("pieces"), *families[0].items("hashed")):
        text = str(piece.plain)
        quoted = len(text) > 2 and text[0] == text[-1] == "'"
        if not quoted and text not in known:
            piece.error("unknown-piece", f"'{text}' is nothing to sign", f"pieces: {', '.join(known)}, 'text'")
    parameters: Mapping[str, object] = families[0].plain
    return FAMILIES[families[0].name](parameters)


def _accept(signed: Signed, secrets: Secrets) -> Verdict:
    return Verdict(True, ())


def _refuse(signed: Signed, secrets: Secrets) -> Verdict:
    return Verdict(False, ())
