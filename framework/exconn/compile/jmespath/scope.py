"""The emitter: what every step of an expression needs to make its piece of Python.

Rules: steps call `value` for their children and never each other; a value used more than once is bound first (`bind`,
a walrus, inside one step) or made the parameter of a function (`scoped`, where several children read it); no walrus
ever stands in a comprehension's iterable, which Python forbids. Identifiers come from `unit.fresh` with the stems
`got`, `each`, `value` and `path`.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from exconn.compile.emit import Unit, call, name
from exconn.document import Span

from .value import Value, variable

DEEPEST_EXPRESSION = 10

Node: TypeAlias = dict[str, Any]
Step: TypeAlias = Callable[["Emitter", Node, Value], Value]


@dataclass(frozen=True, slots=True)
class Emitter:
    """`span`: the line that helper functions get. `steps`: node type -> what makes it."""

    unit: Unit
    span: Span
    steps: Mapping[str, Step]

    def value(self, node: Node, subject: Value) -> Value:
        """The value of `node` on `subject`, cut into a function of its own where it would nest too deeply."""
        made = self.steps[node["type"]](self, node, subject)
        if made.depth <= DEEPEST_EXPRESSION:
            return made
        parameters = [made.root] if made.root is not None else []
        helper = self.unit.function("path", parameters, [ast.Return(made.expr)], self.span)
        return Value(call(name(helper), *map(name, parameters)), made.kind, made.root)

    def bind(self, value: Value) -> tuple[ast.expr, Value]:
        """(the expression to evaluate first, the value to read afterwards)."""
        if value.is_name:
            return value.read(), value
        identifier = self.unit.fresh("got")
        return ast.NamedExpr(ast.Name(identifier, ast.Store()), value.expr), variable(identifier, value.kind)

    def scoped(self, subject: Value, make: Callable[[Value], Value]) -> Value:
        """`make(subject)` where `make` reads the subject more than once."""
        if subject.is_name:
            return make(subject)
        parameter = self.unit.fresh("value")
        made = make(variable(parameter, subject.kind))
        helper = self.unit.function("path", [parameter], [ast.Return(made.expr)], self.span)
        return Value(call(name(helper), subject.expr), made.kind, subject.root, subject.depth + 1)
