"""Words tables: our word on one side, the exchange's on the other, in both directions.

Rules:
- A table is total over its vocabulary (but for its further words), or says `otherwise`. `null` is a word too: nothing
  to say.
- Reading takes any spelling listed; writing gives the first. A spelling of two of our words can only be written.
- The wire's word keeps its type: `1` and `"1"` are two words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exconn.document import suggest

from .place import Place
from .vocabulary import FURTHER, WORDS


@dataclass(frozen=True, slots=True)
class Words:
    """One table. `written` is total over the vocabulary `of`; `read` holds what stands for exactly one of our words."""

    name: str
    of: str
    written: Mapping[str, Any]
    read: Mapping[Any, str]


def build_words(place: Place) -> dict[str, Words]:
    """All tables of the section `words`."""
    return {entry.name: _table(entry) for entry in place.entries("words")}


def _table(place: Place) -> Words:
    of = place.get("of", place.name)
    if of not in WORDS:
        hint = f"did you mean {near}?" if (near := suggest(of, WORDS)) else f"name one of {', '.join(WORDS)} by 'of'"
        place.error("unknown-words", f"'{of}' names no words of ours", hint)
        return Words(place.name, of, {}, {})
    for key in place.key_places():
        if key.name not in (*WORDS[of], "of", "otherwise"):
            key.error("unknown-word", f"'{key.name}' is no word of {of}", f"the words are {', '.join(WORDS[of])}")
    spellings = {word: _spellings(place.get(word)) for word in WORDS[of] if word in place}
    further = FURTHER.get(of, {})
    missing = [word for word in WORDS[of] if word not in spellings and word not in further]
    if missing and "otherwise" not in place:
        place.error("words-missing", f"no word for {', '.join(missing)}", "add them, or say 'otherwise'")
    fallback = place.get("otherwise")
    written = {word: spellings[word][0] if word in spellings else fallback for word in WORDS[of]}
    for word, others in further.items():
        known = [other for other in others if other in spellings]
        if known and word not in spellings:
            written[word] = spellings[known[0]][0]
    return Words(place.name, of, written, _inverse(spellings))


def _spellings(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _inverse(spellings: Mapping[str, list[Any]]) -> dict[Any, str]:
    owners: dict[Any, list[str]] = {}
    for word, listed in spellings.items():
        for spelling in listed:
            owners.setdefault(spelling, []).append(word)
    return {spelling: words[0] for spelling, words in owners.items() if len(words) == 1 and spelling is not None}
