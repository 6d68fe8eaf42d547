"""`exconn validate FILES...`: are these specs, cases and dialects good?

Rules: the first key of a file says what it is, and so who checks it; a checker is imported when a file needs it; exit
0: all are good, 1: there are findings, 2: a file cannot be read. Whatever a file holds, there is never a traceback.
"""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Final

import typer

from exconn.document import (
    Diagnostic,
    DocumentError,
    Mapping,
    Span,
    first_key,
    load,
    printable,
    quoted,
    readable,
    suggest,
)

from .sources import SPEC, locate, read

# First key -> (module, checker). A checker takes (data, file) and raises DocumentError.
CHECKERS: Final = MappingProxyType(
    {
        "exconn": ("exconn.spec", "load_spec"),
        "cases": ("exconn.testing.cases", "load_cases"),
        "dialect": ("exconn.sandbox.dialect", "load_dialect"),
    }
)
_KINDS: Final = MappingProxyType({"exconn": "spec", "cases": "cases", "dialect": "dialect"})


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def command(
    files: Annotated[
        list[str],
        typer.Argument(help="YAML files, whose first keys say what they are; a shipped exchange's name is its spec."),
    ],
    format: Annotated[Format, typer.Option(help="How findings are written.")] = Format.TEXT,
) -> None:
    """Check specs, cases and dialects, and print what is wrong where."""
    diagnostics: list[Diagnostic] = []
    sources: dict[str, str] = {}
    good: list[str] = []
    unreadable = False
    for named in files:
        try:
            path = locate(named, SPEC, "validate")
            data = read(path, "validate")
        except typer.Exit:
            unreadable = True
            continue
        file = str(path)
        kind, found = validate(data, file)
        diagnostics += found
        sources[file] = readable(data)
        if not found:
            good.append(f"{printable(file)}: " + ("good cases" if kind == "cases" else f"a good {kind}"))
    _show(format, diagnostics, sources, good)
    if unreadable:
        raise typer.Exit(2)
    raise typer.Exit(1 if diagnostics else 0)


def validate(data: bytes, file: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """What the file is, and all that is wrong with it."""
    kind = "file"
    try:
        kind = _kind_of(data, file)
        _checker(kind)(data, file)
    except DocumentError as error:
        return _KINDS.get(kind, kind), error.diagnostics
    except (RecursionError, MemoryError, OverflowError):
        message = "the file is nested too deeply or too large to be checked"
        return _KINDS.get(kind, kind), (Diagnostic("too-complex", message, Span(file, 1, 1), "write it more simply"),)
    return _KINDS[kind], ()


def _checker(key: str) -> Callable[[bytes, str], object]:
    module, function = CHECKERS[key]
    checker: Callable[[bytes, str], object] = getattr(import_module(module), function)
    return checker


def _kind_of(data: bytes, file: str) -> str:
    """The first key where it is one of ours; else all that is wrong with the document, or with its beginning."""
    begun = first_key(data, file)
    if begun in CHECKERS:
        return str(begun)
    root = load(data, file)
    hint = "begin the file with exconn: 1, cases: 1 or dialect: 1"
    if not isinstance(root, Mapping) or not root.entries:
        raise DocumentError([Diagnostic("unknown-kind", "this file is no mapping", Span(file, 1, 1), hint)])
    key = root.entries[0].key
    if key.text not in CHECKERS:
        near = suggest(key.text, CHECKERS)
        found = next((entry.key.text for entry in root.entries if entry.key.text in CHECKERS), None)
        hint = f"move {found} to the top" if found else f"did you mean {near}?" if near else hint
        message = f"the first key says what a file is; it is {quoted(key.text)}"
        raise DocumentError([Diagnostic("unknown-kind", message, key.span, hint)])
    return key.text


def _show(format: Format, diagnostics: list[Diagnostic], sources: dict[str, str], good: list[str]) -> None:
    from exconn.document import render_github, render_json, render_text

    if format is Format.JSON:
        typer.echo(render_json(diagnostics).rstrip("\n"))
        return
    if diagnostics:
        shown = render_github(diagnostics) if format is Format.GITHUB else render_text(diagnostics, sources)
        typer.echo(shown.rstrip("\n"))
    for line in good:
        typer.echo(line)
    if diagnostics and format is Format.TEXT:
        count = len(diagnostics)
        typer.echo(f"\n{count} finding{'s' if count != 1 else ''}")
