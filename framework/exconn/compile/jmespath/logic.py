"""Comparisons, `&&`, `||`, `!`, and the truth of a value.

Rules: false are null, false, "", [] and {}; the number 0 is true. Where only the truth matters (`holds`), plain Python
`and`, `or`, `not` are written; where the value matters, the operand itself is the result. Equality with a literal
whose equality is Python's own stands inline; numbers (0 and 1 are no booleans; a Decimal equals the float of the same
text) and everything else go through `exconn.codec`.
"""

import ast

from exconn.compile.emit import call
from exconn.spec.jmespath import Kind

from .scope import Emitter, Node
from .value import Value, choose

_ORDERINGS = {"lt": "jmes_lt", "lte": "jmes_lte", "gt": "jmes_gt", "gte": "jmes_gte"}


def holds(emitter: Emitter, node: Node, subject: Value) -> Value:
    """An expression whose truth in Python is the truth of `node`; `subject` must be a name."""
    match node["type"]:
        case "and_expression" | "or_expression":
            parts = [holds(emitter, child, subject) for child in node["children"]]
            operator = ast.And() if node["type"] == "and_expression" else ast.Or()
            return _joined(ast.BoolOp(operator, [part.expr for part in parts]), Kind.BOOLEAN, subject, *parts)
        case "not_expression":
            part = holds(emitter, node["children"][0], subject)
            return _joined(ast.UnaryOp(ast.Not(), part.expr), Kind.BOOLEAN, subject, part)
        case _:
            value = emitter.value(node, subject)
            return _joined(_truth(emitter, value)[0], Kind.BOOLEAN, subject, value)


def not_expression(emitter: Emitter, node: Node, subject: Value) -> Value:
    return emitter.scoped(subject, lambda named: holds(emitter, node, named))


def or_expression(emitter: Emitter, node: Node, subject: Value) -> Value:
    return emitter.scoped(subject, lambda named: _either(emitter, node, named, True))


def and_expression(emitter: Emitter, node: Node, subject: Value) -> Value:
    return emitter.scoped(subject, lambda named: _either(emitter, node, named, False))


def _either(emitter: Emitter, node: Node, subject: Value, keep_true: bool) -> Value:
    left, right = (emitter.value(child, subject) for child in node["children"])
    kind = left.kind if left.kind is right.kind else Kind.ANY
    if not left.kind.may_be_zero:
        operator = ast.Or() if keep_true else ast.And()
        return _joined(ast.BoolOp(operator, [left.expr, right.expr]), kind, subject, left, right)
    truth, found = _truth(emitter, left)
    then, otherwise = (found.read(), right.expr) if keep_true else (right.expr, found.read())
    return _joined(choose(truth, then, otherwise), kind, subject, left, right)


def _truth(emitter: Emitter, value: Value) -> tuple[ast.expr, Value]:
    """(the test, the value to read afterwards)."""
    if not value.kind.may_be_zero:
        return value.expr, value
    first, found = emitter.bind(value)
    return ast.BoolOp(ast.Or(), [first, call(emitter.unit.use("jmes_is_number"), found.read())]), found


def comparator(emitter: Emitter, node: Node, subject: Value) -> Value:
    readers = sum(child["type"] != "literal" for child in node["children"])
    if readers < 2:
        return _compared(emitter, node, subject)
    return emitter.scoped(subject, lambda named: _compared(emitter, node, named))


def _compared(emitter: Emitter, node: Node, subject: Value) -> Value:
    left, right = (emitter.value(child, subject) for child in node["children"])
    ordering = _ORDERINGS.get(node["value"])
    if ordering is not None:
        expr: ast.expr = call(emitter.unit.use(ordering), left.expr, right.expr)
    else:
        expr = _equality(emitter, node, left.expr, right.expr)
    return _joined(expr, Kind.BOOLEAN, subject, left, right)


def _equality(emitter: Emitter, node: Node, left: ast.expr, right: ast.expr) -> ast.expr:
    first, second = node["children"]
    if first["type"] == "literal":
        first, second, left, right = second, first, right, left
    negated = node["value"] == "ne"
    if second["type"] == "literal" and first["type"] != "literal":
        value = second["value"]
        if value is None or type(value) is bool:
            return ast.Compare(left, [ast.IsNot() if negated else ast.Is()], [right])
        if type(value) is str or (type(value) is int and value not in (0, 1)):
            return ast.Compare(left, [ast.NotEq() if negated else ast.Eq()], [right])
    equal = call(emitter.unit.use("jmes_equal"), left, right)
    return ast.UnaryOp(ast.Not(), equal) if negated else equal


def _joined(expr: ast.expr, kind: Kind, subject: Value, *parts: Value) -> Value:
    return Value(expr, kind, subject.root, max(part.depth for part in parts) + 1)
