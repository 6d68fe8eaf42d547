"""Topics: the texts of a socket's subscriptions that name a pair by its symbol, turned round to be read.

Rules: a topic is a text with one symbol in it and nothing else but words that are known beforehand; the symbol stands in it as
the form writes it, without a suffix, so that it can be found again; the longest surroundings are asked first.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from exconn.spec.pieces import Hole, Template
from exconn.spec.tree import Subscription
from exconn.spec.walk import templates_of

_SYMBOL = "symbol."


def topics_of(subscriptions: Iterable[Subscription]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Symbol form -> (what stands before the symbol, what stands behind it) of each topic."""
    topics: dict[str, dict[tuple[str, str], None]] = {}
    for subscription in subscriptions:
        for template in templates_of(subscription.send):
            for form, around in _topics(template, subscription):
                topics.setdefault(form, {})[around] = None
    return {form: tuple(sorted(found, key=_length, reverse=True)) for form, found in topics.items()}


def _length(around: tuple[str, str]) -> int:
    return len(around[0]) + len(around[1])


def _topics(template: Template, subscription: Subscription) -> Iterator[tuple[str, tuple[str, str]]]:
    """The topics that one text writes, one for each combination of its words."""
    found = [(at, hole) for at, hole in enumerate(template.parts) if isinstance(hole, Hole)]
    symbols = [(at, hole) for at, hole in found if hole.name.startswith(_SYMBOL)]
    others = {hole for _, hole in found if not hole.name.startswith(_SYMBOL)}
    names = sorted({hole.name for hole in others})
    if len(symbols) != 1 or symbols[0][1].suffix or any(hole.suffix for hole in others):
        return
    if not subscription.words.keys() >= set(names):
        return
    [(at, symbol)] = symbols
    for words in product(*(subscription.words[name] for name in names)):
        known = dict(zip(names, words, strict=True))
        texts = [part if isinstance(part, str) else known.get(part.name, "") for part in template.parts]
        yield symbol.name.removeprefix(_SYMBOL), ("".join(texts[:at]), "".join(texts[at + 1 :]))
