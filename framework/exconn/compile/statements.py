"""The few statements that compiled readers are made of, as short as the Python they become.

Rules: a builder makes one node and gives it no line; whoever knows the piece of the spec does that, with `at`.
"""

import ast
from collections.abc import Sequence

from exconn.compile.emit import const, name


def assign(target: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(target, ast.Store())], value)


def returns(value: ast.expr | None = None) -> ast.stmt:
    return ast.Return(value)


def does(expression: ast.expr) -> ast.stmt:
    return ast.Expr(expression)


def raises(error: ast.expr, cause: ast.expr | None = None) -> ast.stmt:
    return ast.Raise(error, cause)


def when(test: ast.expr, *body: ast.stmt) -> ast.stmt:
    return ast.If(test, list(body), [])


def attempt(body: list[ast.stmt], fault: ast.expr, bound: str | None, *handler: ast.stmt) -> ast.stmt:
    return ast.Try(body, [ast.ExceptHandler(fault, bound, list(handler))], [], [])


def each(target: str, items: ast.expr, body: list[ast.stmt]) -> ast.stmt:
    return ast.For(ast.Name(target, ast.Store()), items, body, [])


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """Of two constants, what it comes to: a path can be a literal, and Python warns of identity with one."""
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant) and isinstance(operator, ast.Is | ast.IsNot):
        return const((left.value is right.value) is isinstance(operator, ast.Is))
    return ast.Compare(left, [operator], [right])


def is_none(value: ast.expr) -> ast.expr:
    return compare(value, ast.Is(), const(None))


def is_there(value: ast.expr) -> ast.expr:
    return compare(value, ast.IsNot(), const(None))


def negate(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def every(tests: Sequence[ast.expr]) -> ast.expr:
    """All hold; of none, True."""
    return _joined(ast.And(), tests, True)


def some(tests: Sequence[ast.expr]) -> ast.expr:
    """One holds; of none, False."""
    return _joined(ast.Or(), tests, False)


def is_missing(variable: str) -> ast.expr:
    """Absent, null and "" are the same."""
    return some([is_none(name(variable)), compare(name(variable), ast.Eq(), const(""))])


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    return ast.IfExp(test, then, otherwise)


def empty_list() -> ast.expr:
    return ast.List([], ast.Load())


def items(*values: ast.expr) -> ast.expr:
    return ast.Tuple(list(values), ast.Load())


def _joined(operator: ast.boolop, tests: Sequence[ast.expr], of_none: bool) -> ast.expr:
    if not tests:
        return const(of_none)
    return tests[0] if len(tests) == 1 else ast.BoolOp(operator, list(tests))
