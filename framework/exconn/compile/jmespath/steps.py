"""Single steps: fields, indices, slices, literals, selections of several, and steps one after another.

Rules: a step on a value of another type gives null, never an error; the type test and the read are one inline
expression. Selections of several from an object test it once.
"""

import ast
from collections.abc import Callable
from typing import Any

from exconn.compile.emit import attribute, call, const, name
from exconn.spec.jmespath import Kind

from .absent import is_absent, reads_subject
from .scope import Emitter, Node
from .value import Value, choose, is_not_none, number, type_is

_KINDS = {bool: Kind.BOOLEAN, int: Kind.NUMBER, float: Kind.NUMBER, str: Kind.TEXT, list: Kind.ARRAY, dict: Kind.OBJECT}


def current(_: Emitter, __: Node, subject: Value) -> Value:
    return subject


def chain(emitter: Emitter, node: Node, subject: Value) -> Value:
    for child in node["children"]:
        made = emitter.value(child, subject)
        if not (subject.is_name or reads_subject(child)):
            made = _after(subject, made)
        subject = made
    return subject


def _after(ignored: Value, made: Value) -> Value:
    """`made`, once `ignored` was evaluated: it may fail, and then so must the whole."""
    both = ast.Tuple([ignored.expr, made.expr], ast.Load())
    last = ast.Subscript(both, const(1), ast.Load())
    return Value(last, made.kind, ignored.root, max(ignored.depth, made.depth) + 1)


def field(emitter: Emitter, node: Node, subject: Value) -> Value:
    key = const(node["value"])
    if subject.kind is Kind.OBJECT:
        expr: ast.expr = call(attribute(subject.read(), "get"), key)
    else:
        first, found = emitter.bind(subject)
        expr = choose(type_is(first, "dict"), call(attribute(found.read(), "get"), key))
    return Value(expr, Kind.ANY, subject.root, subject.depth + 1)


def index(emitter: Emitter, node: Node, subject: Value) -> Value:
    place: int = node["value"]
    first, found = emitter.bind(subject)
    length = call(name("len"), found.read())
    reaches = ast.Compare(length, [ast.Gt() if place >= 0 else ast.GtE()], [const(abs(place))])
    test = ast.BoolOp(ast.And(), [type_is(first, "list"), reaches])
    item = ast.Subscript(found.read(), number(place), ast.Load())
    return Value(choose(test, item), Kind.ANY, subject.root, subject.depth + 1)


def slice_(emitter: Emitter, node: Node, subject: Value) -> Value:
    first, found = emitter.bind(subject)
    bounds = [None if bound is None else number(bound) for bound in node["children"]]
    part = ast.Subscript(found.read(), ast.Slice(*bounds), ast.Load())
    return Value(choose(type_is(first, "list"), part), Kind.ARRAY, subject.root, subject.depth + 1)


def flatten(emitter: Emitter, node: Node, subject: Value) -> Value:
    base = emitter.value(node["children"][0], subject)
    flat = call(emitter.unit.use("jmes_flatten"), base.expr)
    return Value(flat, Kind.ARRAY, base.root, base.depth + 1)


def literal(_: Emitter, node: Node, __: Value) -> Value:
    value = node["value"]
    return Value(written(value), _KINDS.get(type(value), Kind.ANY), None)


def written(value: Any) -> ast.expr:
    """The value of a literal as Python; lists and maps are made anew each time, so no reader can spoil another's."""
    match value:
        case list():
            return ast.List([written(each) for each in value], ast.Load())
        case dict():
            return ast.Dict([const(key) for key in value], [written(each) for each in value.values()])
        case int() | float() if type(value) is not bool:
            return number(value)
        case _:
            return ast.Constant(value)


def multi_select_list(emitter: Emitter, node: Node, subject: Value) -> Value:
    return _selection(emitter, node["children"], subject, lambda parts: ast.List(parts, ast.Load()), Kind.ARRAY)


def multi_select_dict(emitter: Emitter, node: Node, subject: Value) -> Value:
    keys = [child["value"] for child in node["children"]]
    parts = [child["children"][0] for child in node["children"]]
    return _selection(emitter, parts, subject, lambda made: ast.Dict([const(key) for key in keys], made), Kind.ANY)


def _selection(
    emitter: Emitter, nodes: list[Node], subject: Value, make: Callable[[list[ast.expr]], ast.expr], kind: Kind
) -> Value:
    first, found = emitter.bind(subject)
    narrow = all(map(is_absent, nodes))
    item = Value(found.expr, Kind.OBJECT if narrow else found.kind, found.root)
    parts = [emitter.value(node, item) for node in nodes]
    made = make([part.expr for part in parts])
    if narrow and subject.kind is not Kind.OBJECT:
        nothing: list[ast.expr] = [ast.Constant(None) for _ in parts]
        expr: ast.expr = choose(type_is(first, "dict"), made, choose(is_not_none(found.read()), make(nothing)))
    else:
        expr = choose(is_not_none(first), made)
    return Value(expr, kind, subject.root, max(subject.depth, *(part.depth for part in parts)) + 1)
