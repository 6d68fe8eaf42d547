"""Function calls: `length(x)` becomes `jmes_length(x)`, and `&x` a lambda of its element.

Names, arities and the places of `&x` were settled by `rules`; types of arguments are the runtime's to check.
"""

import ast

from exconn.compile.emit import call
from exconn.spec.jmespath import FUNCTIONS

from .scope import Emitter, Node
from .value import Value, variable


def function_expression(emitter: Emitter, node: Node, subject: Value) -> Value:
    readers = sum(child["type"] not in ("literal", "expref") for child in node["children"])
    if readers < 2:
        return _called(emitter, node, subject)
    return emitter.scoped(subject, lambda named: _called(emitter, node, named))


def _called(emitter: Emitter, node: Node, subject: Value) -> Value:
    arguments = [emitter.value(child, subject) for child in node["children"]]
    function = emitter.unit.use(f"jmes_{node['value']}")
    depth = max(argument.depth for argument in arguments) + 1
    return Value(
        call(function, *(each.expr for each in arguments)), FUNCTIONS[node["value"]].result, subject.root, depth
    )


def expref(emitter: Emitter, node: Node, _: Value) -> Value:
    parameter = emitter.unit.fresh("each")
    body = emitter.value(node["children"][0], variable(parameter))
    arguments = ast.arguments([], [ast.arg(parameter)], None, [], [], None, [])
    return Value(ast.Lambda(arguments, body.expr), body.kind, None, body.depth + 1)
