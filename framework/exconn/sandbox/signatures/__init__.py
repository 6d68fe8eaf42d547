"""Verifiers of signatures, one straight-line function a family; a dialect chooses one and gives its parameters.

Rules:
- Written without the codec's signing, on hashlib, hmac and base64 alone, so that one mistake cannot hide in both.
- A verifier gets what was sent and the key's secrets, and gives a `Verdict` that explains itself without any secret.
- A new family is a new small file and one line in `FAMILIES`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .hashed_mac import build_hashed_mac
from .joined_mac import build_joined_mac
from .verdict import Secrets, Signed, Verdict, Verifier

FAMILIES: Mapping[str, Callable[[Mapping[str, Any]], Verifier]] = {
    "joined_mac": build_joined_mac,
    "hashed_mac": build_hashed_mac,
}
"""Family -> what makes its verifier of the dialect's parameters."""

__all__ = ["FAMILIES", "Secrets", "Signed", "Verdict", "Verifier"]
