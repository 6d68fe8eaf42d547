"""Readings: `PATH [as TYPE] [or none]`, `always WORD`, `by DECISION`, `base of symbol`, `quote of symbol`,
`from opened as FORM`, `from topic PATH as FORM`.

Rules: the type is taken from the end, so a path may hold any text before it; a type's arguments are unquoted texts
without `,` or `)`, except that a single quoted text may hold them; an index is a small integer. Which types a field
may have is a check of the record, not of this file.
"""

import re

from exconn.document import Findings, Scalar, quoted, suggest
from exconn.spec.pieces import Cast, Path, Reading, Source
from exconn.spec.read.paths import read_path
from exconn.spec.read.place import inside
from exconn.spec.vocabulary import CASTS

_FIXED = re.compile(r"(always|by)\s+(\S+)\s*")
_PART = re.compile(r"(base|quote)\s+of\s+symbol\s*")
_FROM = re.compile(r"from\s+(?:(opened)|topic\s+(.+))", re.S)
_END = re.compile(r"\s+or\s+none\s*$")
_CAST = re.compile(r"\s+as\s+([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)(\([^()]*\)|\('[^']*'(?:,[^()]*)?\))?\s*$")
_BROKEN_CAST = re.compile(r"\s+as\s+([^\s'\"`\]]*)\s*$|\s+as$")
_ARGUMENT = re.compile(r"\s*(?:'([^']*)'|([^,']*?))\s*(?:,|$)")


UNREAD = Cast("")
"""Stands for a type that could not be read; the finding is made already."""


def read_reading(node: Scalar, findings: Findings) -> Reading:
    """The reading that `node` writes. What is wrong is added to `findings`."""
    fixed = _FIXED.fullmatch(node.text)
    if fixed is not None:
        source = Source.ALWAYS if fixed[1] == "always" else Source.BY
        return Reading(source, node.span, word=fixed[2])
    part = _PART.fullmatch(node.text)
    if part is not None:
        return Reading(Source.PART, node.span, word=part[1])
    text = node.text
    end = _END.search(text)
    if end is not None:
        text = text[: end.start()]
    cast: Cast | None = None
    found = _CAST.search(text)
    if found is not None:
        cast = _read_cast(node, found, findings)
        text = text[: found.start()]
    else:
        broken = _BROKEN_CAST.search(text)
        if broken is not None:
            place = inside(node, broken.start() + 1, len(text))
            hint = "write as and a type, as in 'time as ms', or delete it"
            findings.add("bad-reading", "after 'as' comes a type", place, hint)
            text, cast = text[: broken.start()], UNREAD
    source, path = _read_source(node, findings, text)
    return Reading(source, node.span, path, None, cast, end is not None)


def _read_source(node: Scalar, findings: Findings, text: str) -> tuple[Source, Path | None]:
    """Where the value is found; the path of an opened channel's number is the socket's."""
    found = _FROM.fullmatch(text)
    if found is None:
        return Source.PATH, read_path(node, findings, text)
    if found[1] is not None:
        return Source.OPENED, None
    return Source.TOPIC, read_path(node, findings, found[2], found.start(2))


def _read_cast(node: Scalar, found: re.Match[str], findings: Findings) -> Cast:
    name, written = found[1], found[2]
    wanted = CASTS.get(name)
    if wanted is None:  # a words table or a symbol form, resolved with the record
        if written is not None:
            near = suggest(name, [cast for cast, kinds in CASTS.items() if kinds])
            hint = f"did you mean {near}?" if near else "types with arguments are split_pair, decimal_part, prefixed"
            findings.add("bad-reading", f"{quoted(name)} takes no arguments", inside(node, *found.span(1)), hint)
        return Cast(name)
    arguments = _read_arguments(written[1:-1]) if written else ()
    if tuple(map(_kind, arguments)) != wanted:
        form = f"{name}({', '.join(_SHOWN[kind] for kind in wanted)})" if wanted else name
        message = f"these are not the arguments of {name}" if wanted else f"{name} takes no arguments"
        findings.add("bad-reading", message, inside(node, *found.span(1)), f"write {form}")
        return UNREAD
    return Cast(name, arguments)


_SHOWN = {"text": "'text'", "index": "0"}


def _read_arguments(written: str) -> tuple[str | int, ...]:
    arguments: list[str | int] = []
    for found in _ARGUMENT.finditer(written):
        if found.start() == len(written) and arguments:
            break
        text = found[1] if found[1] is not None else found[2]
        is_index = found[1] is None and text.isascii() and text.isdigit() and len(text) < 3
        arguments.append(int(text) if is_index else text)
    return tuple(arguments)


def _kind(argument: str | int) -> str:
    return "index" if isinstance(argument, int) else "text"
