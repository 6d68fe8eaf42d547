"""Templates: text with `{name}` or `{name:suffix}` holes.

Rules: a brace is always part of a hole, there is no escape; a suffix is one of number, upper, lower, url; `number` only
where the hole is the whole scalar; `{/path}` (the answer to an exchange's ping) reads the frame answered,
`{body.field}` a field of the JSON body, whose name is the exchange's. Whether a name may stand where it stands is a
check of the whole spec, not of this file.
"""

import re

from exconn.document import Findings, Scalar, quoted
from exconn.spec.pieces import Hole, Template
from exconn.spec.read.place import inside

SUFFIXES = ("number", "upper", "lower", "url")
_HOLE = re.compile(r"\{(/[^{}]+?|body\.[A-Za-z0-9_-]+|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)(?::([a-z]*))?\}")
_BRACE = re.compile(r"[{}]")


def read_template(node: Scalar, findings: Findings) -> Template:
    """The template that `node` writes. What is wrong is added to `findings`, and left out of the result."""
    text = node.text
    if "{" not in text and "}" not in text:
        return Template((text,) if text else (), node.span)
    parts: list[str | Hole] = []
    at = 0
    for found in _HOLE.finditer(text):
        _take_text(node, at, found.start(), parts, findings)
        hole = _read_hole(node, found, findings)
        if hole is not None:
            parts.append(hole)
        at = found.end()
    _take_text(node, at, len(text), parts, findings)
    return Template(tuple(parts), node.span)


def _take_text(node: Scalar, start: int, end: int, parts: list[str | Hole], findings: Findings) -> None:
    text = node.text[start:end]
    stray = _BRACE.search(text)
    if stray is not None:
        at = start + stray.start()
        hint = "a placeholder is written {name} or {name:suffix}: small letters, digits and _"
        message = f"{quoted(stray[0])} here is not part of a placeholder"
        findings.add("bad-template", message, inside(node, at, at + 1), hint)
    elif text:
        parts.append(text)


def _read_hole(node: Scalar, found: re.Match[str], findings: Findings) -> Hole | None:
    name, suffix = found[1], found[2]
    if suffix is None:
        return Hole(name)
    place = inside(node, found.start(2), found.end(2))
    if suffix not in SUFFIXES:
        hint = f"the suffixes are {', '.join(SUFFIXES)}"
        findings.add("bad-template", f"{quoted(suffix)} is not a suffix", place, hint)
        return None
    if suffix == "number" and (found.start() != 0 or found.end() != len(node.text)):
        hint = "a bare number is a whole value: delete ':number', or the text around the placeholder"
        findings.add("bad-template", "':number' stands inside a text", place, hint)
        return None
    return Hole(name, suffix)
