"""Tree -> one Python expression with the result of `jmespath.search`: the table of steps, and the way in.

Rules: the expression is safe on any JSON value, numbers being Decimal, int or float; it raises nothing but JmesError.
It may bind temporaries (walrus), so it belongs in a function's body, not in a class body and not in the iterable of a
comprehension. It uses the builtins `dict`, `len`, `list` and `type`. Nodes have no line yet: the caller gives it them
with `at`.
"""

import ast
from collections.abc import Sequence

from exconn.compile.emit import Unit
from exconn.document import Span
from exconn.spec.jmespath import Kind, Tree

from . import calls, logic, projections, steps
from .scope import Emitter, Node, Step
from .value import Value

_STEPS: dict[str, Step] = {
    "and_expression": logic.and_expression,
    "comparator": logic.comparator,
    "current": steps.current,
    "expref": calls.expref,
    "field": steps.field,
    "filter_projection": projections.filter_projection,
    "flatten": steps.flatten,
    "function_expression": calls.function_expression,
    "identity": steps.current,
    "index": steps.index,
    "index_expression": steps.chain,
    "literal": steps.literal,
    "multi_select_dict": steps.multi_select_dict,
    "multi_select_list": steps.multi_select_list,
    "not_expression": logic.not_expression,
    "or_expression": logic.or_expression,
    "pipe": steps.chain,
    "projection": projections.projection,
    "slice": steps.slice_,
    "subexpression": steps.chain,
    "value_projection": projections.value_projection,
}


def emit(tree: Tree, subject: ast.expr, unit: Unit, span: Span | None = None, *, is_object: bool = False) -> ast.expr:
    """The value of `tree` on the variable `subject` (an ast.Name).

    `span` is the line that helper functions added to `unit` get. `is_object` promises that the variable holds a dict,
    which saves its test: for rows tested once and read often.
    """
    if not isinstance(subject, ast.Name):
        raise TypeError(f"subject must be a name, not {type(subject).__name__}: bind the value to a variable first")
    emitter = Emitter(unit, span or Span("<path>", 1, 1), _STEPS)
    kind = Kind.OBJECT if is_object else Kind.ANY
    return emitter.value(tree.root, Value(subject, kind, subject.id)).expr


def emit_steps(steps: Sequence[Node], subject: ast.expr, root: str, unit: Unit) -> ast.expr:
    """The value of steps applied one after the other, from an expression that reads the variable `root` alone."""
    emitter = Emitter(unit, Span("<path>", 1, 1), _STEPS)
    chained: Node = {"type": "subexpression", "children": list(steps)}
    return emitter.value(chained, Value(subject, Kind.ANY, root, 1)).expr
