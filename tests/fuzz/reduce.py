"""A failing input made as short as it stays failing: lines first, then runs of bytes.

Rules: a shorter input counts where it fails in the same way; the work is bounded, so the result is short but perhaps
not the shortest; what is reduced is bytes, whatever they once meant.
"""

from __future__ import annotations

from collections.abc import Callable

_TRIALS = 400


def reduce_input(data: bytes, fails: Callable[[bytes], bool], trials: int = _TRIALS) -> bytes:
    """The shortest input found that `fails`; `data` itself does, or comes back as it is."""
    left = trials
    for split in (_lines, _bytes):
        pieces = split(data)
        size = max(1, len(pieces) // 2)
        while left > 0:
            at, shorter = 0, False
            while at < len(pieces) and left > 0:
                candidate = pieces[:at] + pieces[at + size :]
                left -= 1
                if fails(b"".join(candidate)):
                    pieces, shorter = candidate, True
                else:
                    at += size
            if size == 1 and not shorter:
                break
            size = max(1, size // 2)
        data = b"".join(pieces)
    return data


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _bytes(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]
