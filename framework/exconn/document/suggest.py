"""The known word that a wrong one was probably meant to be.

The distance is that of a typing slip: a letter added, left out, changed, or two neighbours swapped. Capitals, `-` and
`_` do not count, so that `clientId` finds `client_id`. The answer depends on the words alone, never on the order of
`known`. Among more known words than a person would write, only capitals, `-` and `_` are looked past, or a file of many
names and many slips would take minutes.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

_LONGEST = 40
_MOST_KNOWN = 200


def suggest(word: str, known: Collection[str]) -> str | None:
    """The nearest of `known` to `word`, at most one slip in every three letters away; None where none is near."""
    folded = _fold(word)
    if not folded or len(folded) > _LONGEST:
        return None
    if len(known) > _MOST_KNOWN:
        return min((each for each in known if _fold(each) == folded), default=None)
    allowed = max(1, len(folded) // 3) if len(folded) > 2 else 0
    ranked = ((_distance(folded, _fold(each), allowed), -_shared_start(word, each), each) for each in known)
    slips, _, nearest = min(ranked, default=(allowed + 1, 0, ""))
    return nearest if slips <= allowed else None


@lru_cache(maxsize=8192)
def _fold(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "")


def _distance(a: str, b: str, most: int) -> int:
    """Slips between `a` and `b` (optimal string alignment); `most` + 1 where there are more than `most`."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and other == a[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def _shared_start(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
