"""The values one compiled function can use: each is bound to a local variable once, when it is first needed.

Rules: a placeholder's value is the same wherever it stands in a request, because it is bound once; a name is bound at
the line of the first template that uses it; a value known while compiling stays a constant; what can be bound is
offered beforehand, by name, and a name that nobody offers is a finding of the compiler, at its place in the YAML.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from exconn.compile.emit import Unit, at, const, name
from exconn.document import Diagnostic, DocumentError, Span


class Charset(IntEnum):
    """What a value can hold, narrowest first: a number's digits; letters, digits and `-._~`; visible ASCII without
    quotes and backslash; any text; bytes."""

    DIGITS = 0
    TOKEN = 1
    VISIBLE = 2
    TEXT = 3
    BYTES = 4


@dataclass(frozen=True, slots=True)
class Local:
    """A value in a local variable."""

    identifier: str
    charset: Charset = Charset.TEXT

    def node(self) -> ast.expr:
        return name(self.identifier)


@dataclass(frozen=True, slots=True)
class Known:
    """A text known while compiling; with `Charset.BYTES` its UTF-8 bytes."""

    text: str
    charset: Charset = Charset.TEXT

    def node(self) -> ast.expr:
        return const(self.text.encode() if self.charset is Charset.BYTES else self.text)


Value: TypeAlias = Local | Known
Maker: TypeAlias = Callable[["Scope", Span], Value]


def unsayable(message: str, span: Span, hint: str | None = None) -> DocumentError:
    """A finding of the compiler: something that the checks let through and that cannot be compiled."""
    return DocumentError([Diagnostic("cannot-compile", message, span, hint)])


class Scope:
    """The inside of one function: `statements` grow as values are asked for. `otherwise`: what a name is that nobody
    offered."""

    def __init__(self, unit: Unit, otherwise: Callable[[str], Value] | None = None) -> None:
        self.unit = unit
        self._otherwise = otherwise
        self.statements: list[ast.stmt] = []
        self._makers: dict[str, Maker] = {}
        self._values: dict[str, Value] = {}

    def offer(self, placeholder: str, maker: Maker) -> None:
        self._makers[placeholder] = maker

    def know(self, placeholder: str, value: Value) -> None:
        self._values[placeholder] = value

    def offers(self, placeholder: str) -> bool:
        return placeholder in self._values or placeholder in self._makers

    def value(self, placeholder: str, span: Span) -> Value:
        """The value of `{placeholder}`, bound now if this is its first use."""
        found = self._values.get(placeholder)
        if found is None:
            maker = self._makers.get(placeholder)
            if maker is not None:
                found = maker(self, span)
            elif self._otherwise is not None:
                found = self._otherwise(placeholder)
            else:
                raise unsayable(f"{{{placeholder}}} has no value here", span)
            self._values[placeholder] = found
        return found

    def bind(self, stem: str, node: ast.expr, span: Span, charset: Charset = Charset.TEXT) -> Local:
        """Assign `node` to a variable, at the line of `span`."""
        self.statements.append(at(ast.Assign([ast.Name(stem, ast.Store())], node), span))
        return Local(stem, charset)

    def branch(self) -> "Scope":
        """A scope for statements that run only sometimes: it sees everything, and what it binds is its own."""
        inner = Scope(self.unit, self._otherwise)
        inner._makers = self._makers
        inner._values = dict(self._values)
        return inner
