"""Texts that the exchange makes up: ids of orders that came without one, tokens.

Rules: letters and digits, always the same of the same pieces, so that a run can be repeated.
"""

from __future__ import annotations

import hashlib

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def made_text(length: int, *pieces: object) -> str:
    """Letters and digits that always come of the same pieces, and of no others."""
    text = ""
    while len(text) < length:
        digest = hashlib.sha256(repr((*pieces, len(text))).encode()).digest()
        text += "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest)
    return text[:length]
