"""Diagnostics as text for people, JSON for programs and workflow commands for GitHub.

All three show the diagnostics in the order given and nothing else; a summary is the caller's. Whatever a file or its
name holds, the text moves no cursor and forges no line: characters that would not print are written out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from .diagnostic import Diagnostic, printable
from .excerpt import excerpt

_GITHUB_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}
_GITHUB_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_GITHUB_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """Each diagnostic as its place and message, the line with carets, and the hint; a blank line between two.

    `sources` gives the text of each file by the name its spans use; without it, or past its end, no line is shown.
    """
    lines = {file: text.split("\n") for file, text in sources.items()}
    return "\n".join("\n".join(_block(diagnostic, lines)) + "\n" for diagnostic in diagnostics)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON array of objects with the keys file, line, col, end_line, end_col, severity, code, message, hint."""
    rows = [
        {
            **diagnostic.span._asdict(),
            "severity": diagnostic.severity,
            "code": diagnostic.code,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]
    return json.dumps(rows, indent=2) + "\n"


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """One workflow command a line, which GitHub shows beside the changed line of a pull request.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "".join(_github_command(diagnostic) + "\n" for diagnostic in diagnostics)


def _block(diagnostic: Diagnostic, lines: Mapping[str, list[str]]) -> list[str]:
    block = [printable(str(diagnostic))]
    span = diagnostic.span
    source = lines.get(span.file, [])
    if 1 <= span.line <= len(source):
        text, carets = excerpt(source[span.line - 1].removesuffix("\r"), span)
        number = f"{span.line:>4}"
        block += [f"{number} | {text}".rstrip(), f"{' ' * len(number)} | {carets}"]
    if diagnostic.hint is not None:
        block.append(f"hint: {printable(diagnostic.hint)}")
    return block


def _github_command(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    properties = {"file": span.file, "line": span.line, "col": span.col, "title": diagnostic.code}
    shown = ",".join(
        f"{name}={printable(str(value)).translate(_GITHUB_PROPERTY)}" for name, value in properties.items()
    )
    lines = [diagnostic.message] if diagnostic.hint is None else [diagnostic.message, f"hint: {diagnostic.hint}"]
    message = "\n".join(map(printable, lines)).translate(_GITHUB_DATA)
    return f"::{_GITHUB_COMMAND[diagnostic.severity]} {shown}::{message}"
