"""Paths: JMESPath texts of a spec, refused here wherever the compiler would refuse them, and where they make floats.

Rules: what `exconn.spec.jmespath` refuses is one finding at its place, and nothing else ever reaches the compiler; none
of the functions that would make floats of money; a leading `/` means the top of the message.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from exconn.document import Findings, Scalar, Span, suggest
from exconn.spec.jmespath import FUNCTIONS, PathError, functions_used, literals, made_values, parse
from exconn.spec.pieces import Path
from exconn.spec.read.place import within
from exconn.spec.vocabulary import BANNED_FUNCTIONS

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_LONGEST_PLAIN = 200
_ANY_LITERAL = re.compile(r"`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\])*'")
_LITERAL = re.compile(r"`(?:\\.|[^`\\])*`")
_FUNCTIONS = [each for each in FUNCTIONS if each not in BANNED_FUNCTIONS]
_HINTS = {
    "syntax": "this is a JMESPath expression: names with - or spaces are quoted, texts stand in single quotes",
    "budget": "read less with one path",
}


class Fault(NamedTuple):
    """What is wrong with a path: code, message, hint, and where in its text."""

    code: str
    message: str
    hint: str | None
    start: int
    end: int


def read_path(node: Scalar, findings: Findings, text: str | None = None, offset: int = 0) -> Path:
    """The path written by `node`, or by its part `text` that begins at `offset`."""
    text = node.text if text is None else text
    from_top = text.startswith("/")
    body = text[1:] if from_top else text
    span = node.span
    fault = find_fault(body)
    if fault is not None:
        shift = offset + int(from_top)
        place = within(span, len(node.text), shift + fault.start, shift + fault.end)
        findings.add(fault.code, fault.message, place, fault.hint)
        return Path("@", from_top, span)
    return Path(body, from_top, span)


@lru_cache(maxsize=4096)
def find_fault(text: str) -> Fault | None:
    """What is wrong with the JMESPath `text`; None: nothing."""
    if len(text) <= _LONGEST_PLAIN and _PLAIN.fullmatch(text) is not None:
        return None
    if not text.strip():
        hint = "write the path of the value, '@' for the row itself"
        return Fault("bad-path", "a path is missing", hint, 0, len(text))
    try:
        used = functions_used(parse(text))
    except PathError as error:
        return _refused(error, text)
    banned = sorted(used.intersection(BANNED_FUNCTIONS))
    if not banned:
        return None
    start = max(text.find(f"{banned[0]}("), 0)
    hint = "write the path alone: numbers are read exactly, without arithmetic; 'as' says what a value is"
    message = f"the function {banned[0]} would make a float of what the wire writes exactly"
    return Fault("banned-function", message, hint, start, start + len(banned[0]))


def _refused(error: PathError, text: str) -> Fault:
    """The finding of what the parser refuses; without a known place, the whole path is meant."""
    whole = error.offset is None or error.kind == "budget"
    start = 0 if whole or error.offset is None else min(error.offset, len(text) - 1)
    end = len(text) if whole else start + 1
    hint = _HINTS.get(error.kind)
    if error.kind == "unknown-function":
        name = re.match(r"\w*", text[start:])
        word = name[0] if name else ""
        near, end = suggest(word, _FUNCTIONS), start + max(len(word), 1)
        hint = f"did you mean {near}?" if near else f"the functions are {', '.join(_FUNCTIONS)}"
    return Fault("bad-path", f"this path cannot be read: {error.message}", hint, start, end)


def made_money(text: str) -> Fault | None:
    """What a path of money gives that the wire did not write; None: nothing."""
    if _PLAIN.fullmatch(text) is not None or not {"`", "'", "("} & set(text):
        return None
    for kind, made in made_values(parse(text)):
        if kind == "literal":
            written = next(
                (found for found in _ANY_LITERAL.finditer(text) if literals(parse(found[0])) == (made,)), None
            )
            start, end = (0, len(text)) if written is None else written.span()
            hint = "money is read and never made up: let the field be absent, or none"
            return Fault("literal-on-money", "a literal that could become money", hint, start, end)
        start = max(text.find(f"{made}("), 0)
        hint = "choose the row with rows: and only:, then read the amount as the wire writes it"
        return Fault("function-on-money", f"{made}() would make or choose money", hint, start, start + len(made))
    return None


def number_literal(text: str) -> tuple[int, int] | None:
    """Where a number literal (`` `0.5` ``) stands in the path; None: there is none."""
    written = _LITERAL.finditer(text) if "`" in text and _holds_number(literals(parse(text))) else ()
    return next((found.span() for found in written if _holds_number(literals(parse(found[0])))), None)


def _holds_number(value: object) -> bool:
    """Whether a literal is a number, or holds one at any depth."""
    if isinstance(value, dict):
        return any(map(_holds_number, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_number, value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def path_span(path: Path, start: int, end: int) -> Span:
    """Characters of a path that is a scalar of its own."""
    shift = int(path.from_top)
    return within(path.span, len(path.text) + shift, start + shift, end + shift)
