"""What is wrong with a file, where, and what to do about it.

A diagnostic has a stable kebab-case code, a message of one sentence, a span and perhaps a hint. Positions count from
1, lines as an editor does and columns in characters; an end is the position just after the last character. A pass
collects its findings and raises them together; the number kept is bounded, so that a hostile file cannot make its own
report the attack. Text of a file enters a message only through `quoted`, which shortens it and shows what would not
print.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, NoReturn

Severity = Literal["error", "warning", "note"]

KEPT_FINDINGS = 100


class Span(NamedTuple):
    """A stretch of a file: line and column of its first character, and of the place just after its last one.

    A tuple, because every node has one and tuples are made several times faster than frozen dataclasses.
    """

    file: str
    line: int
    col: int
    end_line: int | None = None
    end_col: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.col}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `code` is part of the interface and never changes its meaning; the wording may improve."""

    code: str
    message: str
    span: Span
    hint: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.span}: {self.severity}[{self.code}] {self.message}"


class DocumentError(Exception):
    """A file cannot be used. `diagnostics` holds every finding of the pass that refused it, in the file's order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(printable(str(diagnostic)) for diagnostic in self.diagnostics)


class Findings:
    """Collects the diagnostics of one pass, in any order: the first `keep`, and the fact that there were more."""

    __slots__ = ("_dropped", "_has_errors", "_keep", "_kept")

    def __init__(self, keep: int = KEPT_FINDINGS) -> None:
        self._keep = keep
        self._kept: list[Diagnostic] = []
        self._dropped: Diagnostic | None = None
        self._has_errors = False

    @property
    def has_errors(self) -> bool:
        return self._has_errors

    def add(self, code: str, message: str, span: Span, hint: str | None = None, severity: Severity = "error") -> None:
        self.extend((Diagnostic(code, message, span, hint, severity),))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self._has_errors = self._has_errors or diagnostic.severity == "error"
            if len(self._kept) < self._keep:
                self._kept.append(diagnostic)
            elif self._dropped is None:
                self._dropped = diagnostic

    def fail(self, code: str, message: str, span: Span, hint: str | None = None) -> NoReturn:
        """Add an error after which the pass cannot go on, and raise all that was found."""
        self.add(code, message, span, hint)
        raise DocumentError(self.sorted())

    def raise_errors(self) -> None:
        """Raise `DocumentError` with everything found, if an error is among it; warnings alone do not raise."""
        if self._has_errors:
            raise DocumentError(self.sorted())

    def sorted(self) -> tuple[Diagnostic, ...]:
        """The findings by file and position; `too-many-findings` stands last where some were left out."""
        kept = sorted(self._kept, key=_position)
        if self._dropped is not None:
            message = f"more than {self._keep} findings in this pass; the others are not shown"
            severity: Severity = "error" if self._has_errors else "warning"
            kept.append(Diagnostic("too-many-findings", message, self._dropped.span, "mend these first", severity))
        return tuple(kept)


def quoted(text: str, limit: int = 60) -> str:
    """`text` in single quotes for a message: cut after `limit` characters, with nothing in it that would not print."""
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return f"'{printable(shown)}'"


def printable(text: str, keep: str = "") -> str:
    """`text` with everything that does not print, or prints as nothing, written out as `<U+200B>`; `keep` stays."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in keep else f"<U+{ord(each):04X}>" for each in text)


def _position(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    return span.file, span.line, span.col, diagnostic.code
