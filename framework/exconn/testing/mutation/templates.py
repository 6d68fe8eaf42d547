"""Edits of what is sent: templates, JSON bodies, and the flat tables of headers, query and form.

Rules: a template loses each part, changes each constant, sends a constant for each placeholder, and has neighbours
change places; a table loses each entry, renames it, and has neighbours change values. The order of entries is never
edited, as it carries no meaning; nor is a suffix added, which would change nothing in a value of digits.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from exconn.document import Findings, Mapping, Scalar, Sequence, Span, to_plain
from exconn.spec.pieces import Hole
from exconn.spec.read import read_template

from .edit import Mutant, Site, becomes, exchanged, removed, renamed

# A placeholder -> another whose value is never the same.
_CONFUSED: Final = {
    "time_ms": "time_s",
    "time_s": "time_ms",
    "time_us": "time_ms",
    "time_iso_ms": "time_iso_s",
    "time_iso_s": "time_iso_ms",
    "time_utc": "time_iso_s",
    "expires_s": "expires_ms",
    "expires_ms": "expires_s",
    "since_ms": "since_s",
    "since_s": "since_ms",
    "fence_at_ms": "fence_at_s",
    "fence_at_s": "fence_at_ms",
    "fence_ms": "fence_at_ms",
    "switch_s": "switch_ms",
    "switch_ms": "switch_s",
    "uuid": "uuid_hex",
    "base": "quote",
    "quote": "base",
    "method": "host",
    "host": "method",
}


def template_texts(text: str) -> Iterator[str]:
    """The edits of a template's text."""
    found = read_template(Scalar(text, text, Span("", 1, 1), False), Findings())
    parts = [_written(part) if isinstance(part, Hole) else part for part in found.parts]
    for at, part in enumerate(found.parts):
        before, after = "".join(parts[:at]), "".join(parts[at + 1 :])
        if len(parts) > 1:
            yield before + after
        yield from (f"{before}{other}{after}" for other in _others(part))
        if at and parts[at - 1] != parts[at]:
            yield "".join(parts[: at - 1]) + parts[at] + parts[at - 1] + after


def _others(part: str | Hole) -> Iterator[str]:
    if isinstance(part, str):
        yield f"{part}x"
        return
    yield "x"
    if part.suffix:
        yield _written(Hole(part.name))
    if part.name in _CONFUSED:
        yield _written(Hole(_CONFUSED[part.name], part.suffix))


def _written(hole: Hole) -> str:
    return f"{{{hole.name}:{hole.suffix}}}" if hole.suffix else f"{{{hole.name}}}"


def template_mutants(site: Site) -> Iterator[Mutant]:
    yield from (becomes(site, text) for text in dict.fromkeys(template_texts(site.text)))


def table_mutants(site: Site | None) -> Iterator[Mutant]:
    """Edits of a mapping whose keys are the exchange's."""
    if site is None:
        return
    entries = site.entries()
    for entry in entries:
        yield removed(entry)
        yield renamed(site, entry, f"{entry.name}x")
        yield from body_mutants(entry)
    for first, second in pairwise(entries):
        if to_plain(first.node) != to_plain(second.node):
            yield exchanged(site, first, second)


def body_mutants(site: Site | None) -> Iterator[Mutant]:
    """Edits of a value that is sent: a template, a constant, or JSON that holds them."""
    if site is None:
        return
    if isinstance(site.node, Mapping):
        yield from table_mutants(site)
    elif isinstance(site.node, Sequence):
        for item in site.items():
            yield removed(item)
            yield from body_mutants(item)
    else:
        yield from _constant_mutants(site)


def _constant_mutants(site: Site) -> Iterator[Mutant]:
    assert isinstance(site.node, Scalar)
    value = site.node.value
    if isinstance(value, bool):
        yield becomes(site, not value)
    elif isinstance(value, int):
        yield becomes(site, value + 1)
    elif isinstance(value, str):
        yield from template_mutants(site)


def http_mutants(site: Site | None) -> Iterator[Mutant]:
    """Edits of `METHOD /path`."""
    if site is None:
        return
    method, _, target = site.text.partition(" ")
    yield becomes(site, f"{'PUT' if method == 'POST' else 'POST'} {target}")
    yield from (becomes(site, f"{method} {text}") for text in dict.fromkeys(template_texts(target)))
