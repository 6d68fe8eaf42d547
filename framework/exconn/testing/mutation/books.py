"""Edits of the order book: how it begins, chains, is mended, cut and proved.

Rules: every word becomes each other word of its list, every number the next one up and down, every key that may be left
out is; a word that the checks refuse there costs nothing. A change that no case can notice is a survivor to be excused.
"""

from collections.abc import Iterator
from typing import Final

from exconn.document import Scalar

from .edit import Mutant, Site, becomes, removed

_WORDS: Final = {
    "start": ("rest", "stream", "asked", "first_frame", "whole"),
    "chain": ("range", "link", "count", "newer", "none"),
    "on_gap": ("resnapshot", "resubscribe", "reconnect"),
    "algorithm": ("crc32", "crc32_signed"),
    "layout": ("asks_then_bids", "bids_then_asks", "interleaved"),
    "number": ("wire", "digits", "digits_padded"),
}


def book_mutants(book: Site | None) -> Iterator[Mutant]:
    if book is None:
        return
    checksum = book.get("checksum")
    yield from _key_mutants(book, ("depth", "levels"), ("depth",))
    if checksum is not None:
        yield removed(checksum)
        yield from _key_mutants(checksum, ("join", "asks", "absent"), ("levels", "absent"))


def _key_mutants(site: Site, optional: tuple[str, ...], numbers: tuple[str, ...]) -> Iterator[Mutant]:
    for entry in site.entries():
        for word in _WORDS.get(entry.name, ()):
            if word != entry.text:
                yield becomes(entry, word)
        if entry.name in optional:
            yield removed(entry)
        if entry.name in numbers and isinstance(entry.node, Scalar) and isinstance(entry.node.value, int):
            yield becomes(entry, entry.node.value + 1)
            yield becomes(entry, entry.node.value - 1)
