"""A value in the making: the Python expression that gives it, and what is known of it while compiling.

Rules: `root` is the one variable of its scope that the expression reads (temporaries it binds itself aside), so any
value can be moved into a function of that variable; a value that is a name may be read any number of times, any other
only once; every read makes a new node.
"""

import ast
from dataclasses import dataclass

from exconn.compile.emit import call, name
from exconn.spec.jmespath import Kind


@dataclass(frozen=True, slots=True)
class Value:
    """`depth`: how deeply the expression nests, so that it can be cut before Python's own parser chokes on it."""

    expr: ast.expr
    kind: Kind
    root: str | None
    depth: int = 0

    @property
    def is_name(self) -> bool:
        return isinstance(self.expr, ast.Name)

    def read(self) -> ast.expr:
        return name(self.expr.id) if isinstance(self.expr, ast.Name) else self.expr


def variable(identifier: str, kind: Kind = Kind.ANY) -> Value:
    return Value(name(identifier), kind, identifier)


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr | None = None) -> ast.IfExp:
    return ast.IfExp(test, then, otherwise if otherwise is not None else ast.Constant(None))


def type_is(value: ast.expr, type_name: str, negated: bool = False) -> ast.Compare:
    """`type(value) is dict`: exact types, as a decoder of JSON makes them."""
    return ast.Compare(call(name("type"), value), [ast.IsNot() if negated else ast.Is()], [name(type_name)])


def is_not_none(value: ast.expr) -> ast.Compare:
    return ast.Compare(value, [ast.IsNot()], [ast.Constant(None)])


def number(value: int | float) -> ast.expr:
    """A number as Python's parser would read it back: the sign is an operator, not part of the constant."""
    negative = str(value).startswith("-")
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if negative else ast.Constant(value)
