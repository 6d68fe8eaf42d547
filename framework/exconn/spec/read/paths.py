"""JMESPath texts, checked with the library's own parser behind a budget.

Rules: at most 2,000 characters, 24 open brackets, 400 nodes, so that no path can be a bomb; only the functions of
JMESPath and `entries`; none of those that would make floats; a leading `/` means the top of the message; anything the
library raises is one finding.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from exconn.document import Findings, Scalar, Span, quoted, suggest
from exconn.spec.pieces import Path
from exconn.spec.read.place import within
from exconn.spec.vocabulary import BANNED_FUNCTIONS

MAX_LENGTH = 2000
MAX_BRACKETS = 24
MAX_NODES = 400
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_FUNCTIONS = [
    "contains",
    "ends_with",
    "entries",
    "join",
    "keys",
    "length",
    "map",
    "max",
    "max_by",
    "merge",
    "min",
    "min_by",
    "not_null",
    "reverse",
    "sort",
    "sort_by",
    "starts_with",
    "to_array",
    "to_string",
    "type",
    "values",
]


class Fault(NamedTuple):
    """What is wrong with a path: code, message, hint, and where in its text."""

    code: str
    message: str
    hint: str
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


def is_plain(text: str) -> bool:
    """Whether the path is only names joined by dots, as nearly all are."""
    return _PLAIN.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def find_fault(text: str) -> Fault | None:
    """What is wrong with the JMESPath `text`; None: nothing."""
    if is_plain(text):
        return None
    whole = len(text)
    if not text.strip():
        return Fault("bad-path", "a path is missing", "write the path of the value, '@' for the row itself", 0, whole)
    if whole > MAX_LENGTH:
        return Fault("bad-path", f"a path of {whole} characters; the limit is {MAX_LENGTH}", "shorten it", 0, whole)
    if _depth(text) > MAX_BRACKETS:
        return Fault("bad-path", f"more than {MAX_BRACKETS} open brackets", "nest the path less deeply", 0, whole)
    return _parse_fault(text)


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(0, depth - 1)
    return deepest


def _parse_fault(text: str) -> Fault | None:
    from jmespath import exceptions, parser

    try:
        tree: Any = parser.Parser().parse(text).parsed
    except exceptions.JMESPathError as error:
        at = min(max(getattr(error, "lex_position", 0) or 0, 0), max(len(text) - 1, 0))
        hint = "this is a JMESPath expression: names with - or spaces are quoted, texts stand in single quotes"
        return Fault("bad-path", _explain(error, text, at), hint, at, at + 1)
    except Exception as error:  # the library has bugs of its own on odd input
        hint = "this is a JMESPath expression; write it more simply"
        return Fault("bad-path", f"the path cannot be parsed ({type(error).__name__})", hint, 0, len(text))
    return _walk(tree, text)


def _explain(error: Exception, text: str, at: int) -> str:
    kind = type(error).__name__
    if kind == "IncompleteExpressionError":
        return "the path is incomplete"
    return f"the path does not go on like this at {quoted(text[at : at + 12])}"


def _walk(tree: Any, text: str) -> Fault | None:
    pending, count = [tree], 0
    while pending:
        node = pending.pop()
        count += 1
        if count > MAX_NODES:
            return Fault("bad-path", f"a path of more than {MAX_NODES} parts", "read less with one path", 0, len(text))
        if node["type"] == "function_expression":
            fault = _function_fault(node["value"], text)
            if fault is not None:
                return fault
        pending.extend(child for child in node.get("children", ()) if isinstance(child, dict))
    return None


def _function_fault(name: str, text: str) -> Fault | None:
    start = max(text.find(f"{name}("), 0)
    end = start + len(name)
    if name in BANNED_FUNCTIONS:
        hint = "numbers are read exactly, without arithmetic: say what the value is with 'as'"
        return Fault("banned-function", f"the function {name} would make a float of money", hint, start, end)
    if name not in _FUNCTIONS:
        near = suggest(name, _FUNCTIONS)
        hint = f"did you mean {near}?" if near else f"the functions are {', '.join(_FUNCTIONS)}"
        return Fault("bad-path", f"there is no function {quoted(name)}", hint, start, end)
    return None


def number_literal(text: str) -> tuple[int, int] | None:
    """Where a number literal (`` `0.5` ``) stands in the path; None: there is none."""
    if "`" not in text:
        return None
    found = re.search(r"`\s*-?[0-9][^`]*`", text)
    return None if found is None else found.span()


def path_span(path: Path, start: int, end: int) -> Span:
    """Characters of a path that is a scalar of its own."""
    shift = int(path.from_top)
    return within(path.span, len(path.text) + shift, start + shift, end + shift)
