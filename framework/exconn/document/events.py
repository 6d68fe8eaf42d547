"""The parser's events of one document, pulled one at a time.

The YAML library is trusted with tokens and grammar, never with building anything: nothing is composed or constructed,
and the consumer may stop at any event, which is how depth and size stay bounded. libyaml is used where PyYAML has it.
Whatever the library raises becomes one finding in our own words, after which the events end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from .diagnostic import Diagnostic, Findings, Span, quoted

_PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

YAML_SYNTAX = "yaml-syntax"

# What the library says, as a fragment; our code and words for it; what to do about it.
_SYNTAX: tuple[tuple[str, str, str, str], ...] = (
    ("mapping values", YAML_SYNTAX, "a ': ' cannot stand here", "quote a text with ': ' in it, or indent properly"),
    ("violates indentation", YAML_SYNTAX, "a tab cannot indent", "indent with spaces"),
    ("not find expected ':'", YAML_SYNTAX, "a key without ': ' after it", "write 'key: value'"),
    ("expected key", YAML_SYNTAX, "this does not continue the mapping", "align it with the keys above, or quote it"),
    ("expected '-'", YAML_SYNTAX, "this does not continue the list", "align it with the '-' above"),
    ("expected ',' or ']'", YAML_SYNTAX, "a '[' list is not closed properly", "put ',' between, end with ']'"),
    ("expected ',' or '}'", YAML_SYNTAX, "a '{' mapping is not closed properly", "put ',' between, end with '}'"),
    ("unexpected end of stream", YAML_SYNTAX, "these quotes are never closed", "add the closing quote"),
    ("document indicator", YAML_SYNTAX, "a document marker within these quotes", "add the closing quote before it"),
    ("unknown escape", YAML_SYNTAX, "unknown escape in double quotes", r"write '\\', or use single quotes"),
    ("escape code", YAML_SYNTAX, "this escape is no character", "escape a Unicode character"),
    ("hexdecimal", YAML_SYNTAX, "this escape lacks digits", r"write all digits, or '\\' for a backslash"),
    ("sequence entries", YAML_SYNTAX, "a '- ' cannot stand here", "begin a list on a line of its own, or quote it"),
    ("mapping keys", YAML_SYNTAX, "a '? ' cannot stand here", "quote it"),
    ("alphabetic or numeric", YAML_SYNTAX, "'*' and '&' cannot begin an unquoted text", "quote it"),
    ("expected node content", YAML_SYNTAX, "a key or a value is missing before this", "write it, or quote this text"),
    ("comment or line break", YAML_SYNTAX, "text after '|' or '>'", "begin the text on the next line, or quote it"),
    ("tag", "tag", "tags are not allowed", "delete it, or quote a text that begins with '!'"),
    ("<document start>", "multiple-documents", "a second document begins here", "delete the '---' or '...' line"),
    ("incompatible YAML", "directive", "directives are not allowed", "delete the line that begins with '%'"),
    ("directive", "directive", "directives are not allowed", "delete the line that begins with '%'"),
)
_IN_FLOW = 'quote the whole text, as in {code: "data[0].code"}, or put "," before what follows'
_BRACES_IN_TEXT = re.compile(r"\{[^{}]*\}[^\s,\]}]")
_SHOWN_AT_START = ("end of stream", "document indicator", "expected ':'")


def parse_events(text: str, file: str, findings: Findings) -> Iterator[Any]:
    """Yield the library's events for `text`; on a syntax error add one finding and end.

    Nothing the consumer raises between events passes through here, so only the library's own failures are caught.
    """
    try:
        parser = _PARSER(text)
        event = parser.get_event()
        while type(event) is not yaml.StreamEndEvent:
            yield event
            event = parser.get_event()
    except yaml.MarkedYAMLError as error:
        findings.extend((_describe(error, text.split("\n"), file),))
    except Exception as error:
        findings.add(YAML_SYNTAX, f"the YAML parser gave up: {type(error).__name__}", Span(file, 1, 1))


def _describe(error: yaml.MarkedYAMLError, lines: list[str], file: str) -> Diagnostic:
    """A syntax error in our words. Quotes that never close and a key without a colon are shown where they begin."""
    problem, context = error.problem or "", error.context or ""
    begun, at = error.context_mark, error.problem_mark
    if at is None or (begun is not None and any(each in problem for each in _SHOWN_AT_START)):
        at = begun
    if at is None:
        return Diagnostic(YAML_SYNTAX, f"the YAML parser says: {quoted(str(error))}", Span(file, 1, 1))
    row, col = min((at.line, at.column), _written_end(lines))
    span = Span(file, row + 1, col + 1, row + 1, col + 2)
    if (row, col) == _written_end(lines) and "flow" in context:
        return Diagnostic(YAML_SYNTAX, "the file ends too early", span, "close what was opened by '[' or '{'")
    code, message, hint = _explain(f"{problem} {context}", lines[row], col)
    if begun is not None and begun.line != row and "flow" in context:
        message += f"; it begins on line {begun.line + 1}"
    return Diagnostic(code, message, span, hint)


def _written_end(lines: list[str]) -> tuple[int, int]:
    """Line and column (from 0) just after the last thing written; the parser may notice an early end far below."""
    last = max((i for i, line in enumerate(lines) if line.strip()), default=0)
    return last, len(lines[last].rstrip())


def _explain(problem: str, line: str, col: int) -> tuple[str, str, str | None]:
    """Code, message and hint for the library's `problem` at `col` (from 0) of `line`."""
    if "cannot start any token" in problem:
        here = line[col : col + 1]
        if here == "\t":
            return YAML_SYNTAX, "a tab cannot indent", "indent with spaces"
        return YAML_SYNTAX, f"an unquoted text cannot begin with {quoted(here)}", "quote it"
    if "expected ',' or" in problem and line[col : col + 1] in ("[", "{"):
        inside = "{ }" if "'}'" in problem else "[ ]"
        return YAML_SYNTAX, f"{quoted(line[col])} cannot stand in an unquoted text inside {inside}", _IN_FLOW
    if "expected key" in problem and _BRACES_IN_TEXT.search(line):
        return YAML_SYNTAX, "a text that begins with '{' reads as a mapping", "quote the whole text"
    for fragment, code, message, hint in _SYNTAX:
        if fragment in problem:
            return code, message, hint
    return YAML_SYNTAX, f"the YAML parser says: {problem.strip()}", None
