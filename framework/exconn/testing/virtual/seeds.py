"""One seed, many independent random sources.

A source is named: adding a draw to one never shifts another, and the same seed and name give the same numbers in every
process, whatever PYTHONHASHSEED says.
"""

import hashlib
import random

__all__ = ["fork"]


def fork(seed: int | str, name: str) -> random.Random:
    """A random source that depends on `seed` and `name` only."""
    digest = hashlib.sha256(f"{seed}\x00{name}".encode()).digest()
    return random.Random(int.from_bytes(digest, "big"))
