"""Making Python: one unit is one module of compiled code, built as `ast` nodes that carry lines of the YAML.

Rules: text of a spec reaches Python only through `const`; every identifier is ours, made by `fresh` or taken from the
closed table of runtime names; a node is given its YAML line once, by `at`, when it is made from a piece of the spec;
whatever a unit uses of `exconn.codec` or `exconn.model` is asked for by `use`, of another unit by `use_unit`, so that
running in memory and writing to disk resolve the very same names.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from exconn.document import Span

Node = TypeVar("Node", bound=ast.AST)

_TOP = Span("", 1, 1)
_PLACED = (ast.expr, ast.stmt, ast.keyword, ast.arg, ast.excepthandler)
_NO_NODES = frozenset({"id", "attr", "arg", "name", "ctx", "op", "ops", "is_async", "simple", "conversion", "kind"})
_MADE_OF: dict[type[Any], tuple[bool, tuple[str, ...]]] = {}
"""Kind of node -> whether it has a line, and its fields that may hold other nodes; learnt as the kinds are met."""


def const(value: str | bytes | int | float | bool | None) -> ast.Constant:
    return ast.Constant(value)


def name(identifier: str) -> ast.Name:
    return ast.Name(identifier, ast.Load())


def call(function: ast.expr, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
    return ast.Call(function, list(arguments), [ast.keyword(key, value) for key, value in keywords.items()])


def attribute(value: ast.expr, *names: str) -> ast.expr:
    for each in names:
        value = ast.Attribute(value, each, ast.Load())
    return value


def at(node: Node, span: Span) -> Node:
    """Give `node` and everything under it that has no line yet the line of `span`.

    What has a line has it all the way down, so the walk ends there and each node is given its line once.
    """
    line, col = span.line, max(span.col - 1, 0)
    place = {"lineno": line, "end_lineno": line, "col_offset": col, "end_col_offset": col}
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting += each
            continue
        is_placed, fields = _MADE_OF.get(type(each)) or _learn(type(each))
        if is_placed:
            own = each.__dict__
            if "lineno" in own:
                continue
            own.update(place)
        for field in fields:
            under = getattr(each, field, None)
            if under:
                waiting.append(under)
    return node


def _learn(kind: type[Any]) -> tuple[bool, tuple[str, ...]]:
    """What `at` has to know of a kind of node, or of anything else that a field may hold."""
    fields = kind._fields if issubclass(kind, ast.AST) and kind is not ast.Constant else ()
    known = _MADE_OF[kind] = issubclass(kind, _PLACED), tuple(each for each in fields if each not in _NO_NODES)
    return known


class Unit:
    """One module: `runtime` names of exconn.codec, `models` of exconn.model, `units` -> names of earlier units."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.runtime: set[str] = set()
        self.models: set[str] = set()
        self.units: dict[str, set[str]] = {}
        self.body: list[ast.stmt] = []
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._constants: dict[str, str] = {}

    def use(self, identifier: str) -> ast.Name:
        """A name that `exconn.codec` exports."""
        self.runtime.add(identifier)
        return name(identifier)

    def use_model(self, identifier: str) -> ast.Name:
        """A name that `exconn.model` exports."""
        self.models.add(identifier)
        return name(identifier)

    def use_unit(self, unit: "Unit", identifier: str) -> ast.Name:
        """A name that an earlier unit defines."""
        if unit is not self:
            self.units.setdefault(unit.title, set()).add(identifier)
        return name(identifier)

    def take(self) -> list[ast.stmt]:
        """What was added since the last time; the unit keeps its names, and no longer these statements."""
        taken, self.body = self.body, []
        return taken

    def fresh(self, stem: str) -> str:
        """A new identifier: the stem itself the first time, then stem_2, stem_3... `stem` must be one of ours."""
        identifier, count = stem, self._counts.get(stem, 1)
        while identifier in self._taken:
            count += 1
            identifier = f"{stem}_{count}"
        self._counts[stem] = count
        self._taken.add(identifier)
        return identifier

    def add(self, *statements: ast.stmt) -> None:
        """Append to the module. What was made of no piece of the spec stands at its first line."""
        self.body.extend(at(statement, _TOP) for statement in statements)

    def constant(self, key: str, make: Callable[[], ast.expr]) -> ast.Name:
        """A module-level constant, defined the first time that `key` is asked for; `key` must be one of ours."""
        if key not in self._constants:
            value = make()
            self._constants[key] = self.fresh(key)
            self.add(ast.Assign([ast.Name(self._constants[key], ast.Store())], value))
        return name(self._constants[key])

    def function(
        self,
        stem: str,
        parameters: Sequence[str],
        body: list[ast.stmt],
        span: Span,
        returns: ast.expr | None = None,
        annotations: Mapping[str, ast.expr] = MappingProxyType({}),
    ) -> str:
        """Define a module-level function; `annotations`: parameter -> type. Returns the name it got."""
        identifier = self.fresh(stem)
        given = [ast.arg(each, annotations.get(each)) for each in parameters]
        arguments = ast.arguments([], given, None, [], [], None, [])
        self.add(at(ast.FunctionDef(identifier, arguments, body, [], returns), span))
        return identifier


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A function that the codec has, before it is written: `write` defines it in `unit` and returns its name, which is
    `stem` unless that was taken."""

    unit: Unit
    stem: str
    write: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Named:
    """What a unit defines under this name, standing for it in constant data."""

    unit: Unit
    identifier: str
