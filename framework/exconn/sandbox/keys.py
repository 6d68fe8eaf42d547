"""Accounts and their keys, as a client of the sandbox is given them.

Rules:
- An account file is a YAML or JSON list of `{name, api_key, secret_key, passphrase?, rights?, balances}`; keys are any
  strings, a `secret_key` may be the public half of a key pair in PEM, where the exchange knows such. It holds secrets:
  messages about it name the fields, never their values.
- Nonces belong to a key: one rising sequence for all that it signs.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from exconn.document import Findings, load
from exconn.document.schema import check

from .dialect import Dialect
from .dialect.place import Place, root
from .engine import HOUSE
from .signatures import Secrets

RIGHTS = ("read", "trade")
_AMOUNT = {"type": ["string", "integer"], "description": "Plain digits.", "examples": ["0.5"]}
_TEXT = {"type": "string", "minLength": 1, "x-hint": "give a text; quote it where it looks like a number"}
SCHEMA = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "api_key", "secret_key", "balances"],
        "properties": {
            "name": {**_TEXT, "examples": ["alice"]},
            "api_key": {**_TEXT, "examples": ["a-key"]},
            "secret_key": {
                **_TEXT,
                "description": "A secret, or the public half of a key pair in PEM.",
                "examples": ["a-secret"],
            },
            "passphrase": {**_TEXT, "examples": ["a-passphrase"]},
            "rights": {"type": "array", "items": {"enum": ["read", "trade", "withdraw"]}, "examples": [["read"]]},
            "balances": {"type": "object", "additionalProperties": _AMOUNT, "examples": [{"USDT": "1000"}]},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Opening:
    """One account to open: its key and what it begins with."""

    name: str
    api_key: str
    secrets: Secrets = field(repr=False)
    balances: Mapping[str, Decimal] = field(default_factory=dict)
    rights: tuple[str, ...] = RIGHTS


@dataclass(slots=True)
class Key:
    """A key in use. `last_nonce` is the greatest one used; a revoked key is unknown from then on."""

    api_key: str
    account: str
    secrets: Secrets = field(repr=False)
    rights: tuple[str, ...]
    last_nonce: int = 0
    revoked: bool = False


def read_accounts(data: bytes, file: str) -> tuple[Opening, ...]:
    """The accounts of a file. Raises DocumentError with what is wrong, without showing a value."""
    node = load(data, file)
    findings = Findings()
    for found in check(node, SCHEMA, file):
        # A value of this file may be a secret, and some findings quote values.
        shown = (
            found.message if found.code in ("unknown-key", "missing-key") else "this is not of the form it must have"
        )
        findings.add(found.code, shown, found.span, found.hint)
    findings.raise_errors()
    openings = tuple(_opening(item) for item in root(node, findings).items())
    place = root(node, findings)
    for item in place.items():
        if item.get("name") == HOUSE or ":" in item.get("name"):
            item.at("name").error("reserved-name", "the sandbox's own accounts have such names", "choose another name")
    for what in ("name", "api_key"):
        seen: dict[str, str] = {}
        for item in place.items():
            if item.get(what) in seen:
                item.at(what).error("repeated", f"two accounts have the same {what}", "give each its own")
            seen[item.get(what)] = what
    findings.raise_errors()
    return openings


def _opening(place: Place) -> Opening:
    balances: dict[str, Decimal] = {}
    for entry in place.entries("balances"):
        text = str(entry.plain)
        if not all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in text.split(".", 1)):
            entry.error("not-a-number", "a balance is plain digits, at most 18 on a side", "for example 1000.50")
            continue
        balances[entry.name] = Decimal(text)
    secrets = Secrets(place.get("secret_key"), place.get("passphrase"))
    rights = tuple(place.get("rights", RIGHTS))
    return Opening(place.get("name"), place.get("api_key"), secrets, balances, rights)


def funds_for(dialect: Dialect) -> dict[str, Decimal]:
    """Ample funds of every asset of an exchange, in proportion to its price: some 100,000 of the first quote asset."""
    pairs = dialect.venue.instruments
    worth = {pairs[0].quote: Decimal(1)}
    for _ in pairs:
        for pair in pairs:
            if pair.quote in worth:
                worth.setdefault(pair.base, worth[pair.quote] * dialect.venue.prices[pair.symbol])
    return {asset: max(Decimal(1), (100_000 / price).quantize(Decimal(1))) for asset, price in worth.items()}


def dummy_accounts(assets: Mapping[str, Decimal], source: random.Random) -> tuple[Opening, ...]:
    """Three accounts with made-up keys, for a sandbox that was given none. Dummies, so they may be printed."""
    names: Sequence[str] = ("alice", "bob", "carol")
    return tuple(
        Opening(name, f"{name}-{source.getrandbits(48):012x}", Secrets(f"{source.getrandbits(192):048x}"), dict(assets))
        for name in names
    )
