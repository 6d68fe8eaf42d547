"""Edits of signing recipes: named values, placements, and the nonce.

Rules: each step computes something else, with another key, written in another way, and each token says something else
or is signed by another algorithm; each placed value is edited like
any other that is sent; the nonce is drawn from another clock.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from .edit import Mutant, Site, becomes, removed, renamed
from .templates import table_mutants, template_mutants

_OTHER_STEP: Final = {
    "sha256": "sha512",
    "sha384": "sha512",
    "sha512": "sha256",
    "hmac_sha256": "hmac_sha512",
    "hmac_sha384": "hmac_sha512",
    "hmac_sha512": "hmac_sha256",
    "base64": "json",
    "json": "base64",
    "sorted_pairs": "json",
    "ed25519": "rsa_sha256",
    "rsa_sha256": "ed25519",
}
_OTHER_ALGORITHM: Final = {"ES256": "EdDSA", "EdDSA": "ES256", "HS256": "HS512", "HS512": "HS256"}
_OTHER_ENCODING: Final = {"hex": "base64", "base64": "hex", "bytes": "hex"}
_OTHER_NONCE: Final = {
    "increasing_ms": "increasing_us",
    "increasing_us": "increasing_ms",
    "increasing_s": "increasing_ms",
}


def recipe_mutants(recipe: Site, credentials: Sequence[str]) -> Iterator[Mutant]:
    """Edits of one recipe; `credentials`: the names that a key may have."""
    nonce, values = recipe.get("nonce"), recipe.get("values")
    if nonce is not None:
        yield removed(nonce)
        yield from (becomes(nonce, other) for other in _other(_OTHER_NONCE, nonce))
    expires = recipe.get("expires_in")
    if expires is not None:
        yield becomes(expires, int(expires.text) + 1)
    for step in values.entries() if values is not None else ():
        yield removed(step)
        yield from _step_mutants(step, credentials)
    for when in ("before", "after"):
        for table in ("headers", "query", "form", "json", "params"):
            yield from table_mutants(recipe.get(when, table))
    for flag in (recipe.get("after", "body"), recipe.get("before", "own")):
        if flag is not None:
            yield removed(flag)


def _step_mutants(step: Site, credentials: Sequence[str]) -> Iterator[Mutant]:
    for part in step.entries():
        if part.name == "as":
            yield from (becomes(part, other) for other in _other(_OTHER_ENCODING, part))
        elif part.name == "key":
            yield from (becomes(part, other) for other in credentials if other != part.text)
        elif part.name == "jwt":
            yield from (becomes(part, other) for other in _other(_OTHER_ALGORITHM, part))
        elif part.name in ("header", "claims"):
            yield from table_mutants(part)
        elif part.name in _OTHER_STEP:
            yield renamed(step, part, _OTHER_STEP[part.name])
            yield from template_mutants(part)


def _other(table: dict[str, str], site: Site) -> Iterator[str]:
    if site.text in table:
        yield table[site.text]
