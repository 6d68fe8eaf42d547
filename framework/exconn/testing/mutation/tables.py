"""Edits of tables: words, assets, decisions and errors.

Rules: every word of theirs is left out, and neighbours change places; the order of a list of theirs is edited only for
sides, the one table that is always written; every code of an error is left out and moves to another meaning; what a
pattern asks besides is edited like a match.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from exconn.document import Entry, Mapping, Node, Scalar, Sequence, quoted, to_plain
from exconn.spec.vocabulary import ERROR_MEANINGS, WORDS

from .edit import Mutant, Site, becomes, dotted, exchanged, removed
from .matches import literal_mutants, match_mutants

_POLICIES: Final = ("otherwise", "match")


def words_mutants(table: Site) -> Iterator[Mutant]:
    """Edits of ours -> theirs."""
    rows = [row for row in table.entries() if row.name not in _POLICIES]
    for row in rows:
        for word in row.items():
            yield removed(word)
            yield from literal_mutants(word)
        if table.name == "side" and isinstance(row.node, Sequence) and len(row.node.items) > 1:
            turned = Sequence(row.node.items[::-1], row.node.span)
            yield Mutant(row.path, turned, row.span, f"{dotted(row.path)}: turned round")
    for first, second in pairwise(rows):
        yield exchanged(table, first, second)
    yield from (removed(policy) for policy in (table.get(each) for each in _POLICIES) if policy is not None)


def assets_mutants(assets: Site | None) -> Iterator[Mutant]:
    if assets is None:
        return
    names, suffixes = assets.get("names"), assets.get("drop_suffix")
    yield from words_mutants(names) if names is not None else ()
    yield from (removed(each) for each in suffixes.items()) if suffixes is not None else ()


def decision_mutants(table: Site) -> Iterator[Mutant]:
    """Edits of the rows; their order is left alone, as rows may exclude each other."""
    for row in table.items():
        yield removed(row)
        yield from match_mutants(row.get("when"))
        given = row.get("is")
        words = next((each for each in WORDS.values() if given is not None and given.text in each), ())
        if given is not None and words:
            yield becomes(given, words[words.index(given.text) - 1])


def errors_mutants(errors: Site | None) -> Iterator[Mutant]:
    """Edits of meaning -> patterns."""
    if errors is None:
        return
    for meaning in errors.entries():
        for pattern in meaning.items():
            yield removed(pattern)
            yield _moved(errors, meaning, pattern)
            if isinstance(pattern.node, Mapping):
                yield from _condition_mutants(pattern)


def _condition_mutants(pattern: Site) -> Iterator[Mutant]:
    for condition in pattern.entries():
        yield removed(condition)
        if isinstance(condition.node, Mapping):
            yield from match_mutants(condition)
        elif isinstance(condition.node, Sequence):
            yield from (removed(each) for each in condition.items())
        else:
            yield from literal_mutants(condition)


def _moved(errors: Site, meaning: Site, pattern: Site) -> Mutant:
    """The pattern under another meaning: the next in this table, else one that proves as much."""
    assert isinstance(errors.node, Mapping)
    names = [entry.name for entry in errors.entries()]
    follower = names[(names.index(meaning.name) + 1) % len(names)]
    other = follower if follower != meaning.name else next(each for each in ERROR_MEANINGS if each != meaning.name)
    shown = quoted(pattern.text) if pattern.text else str(to_plain(pattern.node))
    change = f"{dotted(errors.path)}: {shown} moves from {meaning.name} to {other}"
    entries = {key.text: Entry(key, value) for key, value in errors.node.entries}
    left = [item.node for item in meaning.items() if item is not pattern and item.path != pattern.path]
    name = Scalar(other, other, meaning.span, True)
    gained = entries[other].value if other in entries else Sequence((), meaning.span)
    entries[other] = Entry(entries[other].key if other in entries else name, _listed(gained, pattern.node))
    if left:
        entries[meaning.name] = Entry(entries[meaning.name].key, Sequence(tuple(left), meaning.node.span))
    else:
        del entries[meaning.name]
    return Mutant(errors.path, Mapping(tuple(entries.values()), errors.node.span), pattern.span, change)


def _listed(found: Node, more: Node) -> Sequence:
    items = found.items if isinstance(found, Sequence) else (found,)
    return Sequence((*items, more), found.span)
