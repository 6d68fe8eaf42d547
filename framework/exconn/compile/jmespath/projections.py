"""Projections: over lists, over the values of a map, over what a condition lets through.

Rules: one comprehension a projection, its iterable always a name; null results are dropped; where the right side can
only be found in objects, the comprehension tests each row once. A condition that may fail on a row that is no object
is still evaluated there, as the library does.
"""

import ast

from exconn.compile.emit import attribute, call
from exconn.spec.jmespath import Kind

from .absent import is_absent, verdict_on_no_object
from .logic import holds
from .scope import Emitter, Node
from .value import Value, choose, is_not_none, type_is, variable


def projection(emitter: Emitter, node: Node, subject: Value) -> Value:
    base, right = node["children"]
    return _each(emitter, emitter.value(base, subject), right, None)


def filter_projection(emitter: Emitter, node: Node, subject: Value) -> Value:
    base, right, condition = node["children"]
    return _each(emitter, emitter.value(base, subject), right, condition)


def value_projection(emitter: Emitter, node: Node, subject: Value) -> Value:
    base, right = node["children"]
    first, found = emitter.bind(emitter.value(base, subject))
    every, depth = _comprehension(emitter, call(attribute(found.read(), "values")), right, None)
    return Value(choose(type_is(first, "dict"), every), Kind.ARRAY, subject.root, max(subject.depth, depth) + 2)


def _each(emitter: Emitter, base: Value, right: Node, condition: Node | None) -> Value:
    first, found = emitter.bind(base)
    every, depth = _comprehension(emitter, found.read(), right, condition)
    test = is_not_none(first) if base.kind is Kind.ARRAY else type_is(first, "list")
    return Value(choose(test, every), Kind.ARRAY, base.root, max(base.depth, depth) + 1)


def _comprehension(emitter: Emitter, rows: ast.expr, right: Node, condition: Node | None) -> tuple[ast.ListComp, int]:
    """The comprehension and its depth."""
    row = variable(emitter.unit.fresh("each"))
    tests, item = _row_tests(emitter, row, right, condition)
    result = emitter.value(right, item)
    if result.kind is Kind.OBJECT:
        made = result.read()
    else:
        first, found = emitter.bind(result)
        made = found.read()
        tests.append(Value(is_not_none(first), Kind.BOOLEAN, row.root, result.depth))
    generator = ast.comprehension(_store(row), rows, [test.expr for test in tests], 0)
    return ast.ListComp(made, [generator]), max([result.depth, *(test.depth for test in tests)]) + 1


def _row_tests(emitter: Emitter, row: Value, right: Node, condition: Node | None) -> tuple[list[Value], Value]:
    """The tests that stand before the right side is read, and the row as known once they hold."""
    verdict = None if condition is None else verdict_on_no_object(condition)
    known = Value(row.expr, Kind.OBJECT, row.root)
    is_object = Value(type_is(row.read(), "dict"), Kind.BOOLEAN, row.root)
    if condition is None:
        return ([is_object], known) if is_absent(right) else ([], row)
    if verdict is False or (verdict is True and is_absent(right)):
        return [is_object, holds(emitter, condition, known)], known
    return [holds(emitter, condition, row)], row


def _store(row: Value) -> ast.Name:
    assert row.root is not None
    return ast.Name(row.root, ast.Store())
