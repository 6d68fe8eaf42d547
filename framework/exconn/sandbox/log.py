"""The sandbox's log: what came, what was answered, and why a signature was refused, step by step.

Rules:
- Bounded: the latest entries are kept, each with a number that never repeats.
- No secret ever enters: signatures are explained by what was signed and what was expected.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import takewhile
from typing import Any

KEPT = 2000


class Log:
    """The latest entries. `now_ns` stamps them."""

    __slots__ = ("_entries", "_now_ns", "_number")

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._now_ns = now_ns
        self._number = 0

    @property
    def latest(self) -> int:
        """The number of the latest entry; 0 before the first."""
        return self._number

    def add(self, kind: str, **facts: Any) -> None:
        """Add an entry of facts that JSON can hold."""
        self._number += 1
        self._entries.append({"number": self._number, "time_ns": self._now_ns(), "kind": kind, **facts})

    def since(self, number: int) -> list[dict[str, Any]]:
        """The entries after a number, oldest first."""
        newer = list(takewhile(lambda entry: entry["number"] > number, reversed(self._entries)))
        return newer[::-1]
