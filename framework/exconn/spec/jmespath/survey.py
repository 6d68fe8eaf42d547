"""What an expression is made of, for the checker: its functions, its literals, the fields it names."""

from collections.abc import Iterator
from typing import Any

from .tree import Tree


def functions_used(tree: Tree) -> frozenset[str]:
    return frozenset(node["value"] for node in _nodes(tree.root) if node["type"] == "function_expression")


def literals(tree: Tree) -> tuple[Any, ...]:
    """The value of each literal, in the order written; numbers are int or float, as the library reads them."""
    return tuple(node["value"] for node in _nodes(tree.root) if node["type"] == "literal")


def fields(tree: Tree) -> tuple[str, ...]:
    """The names read from objects, in the order written, each once."""
    return tuple(dict.fromkeys(node["value"] for node in _nodes(tree.root) if node["type"] == "field"))


_PASSING = frozenset({"entries", "keys", "map", "merge", "not_null", "reverse", "to_array", "values"})
"""Functions that hand the wire's values on as they are."""


def made_values(tree: Tree) -> tuple[tuple[str, Any], ...]:
    """What an expression may give that the message does not hold: ("literal", value) and ("function", name), for
    literals and for functions that compare or make values. Conditions decide, and give nothing: they are left out."""
    made: list[tuple[str, Any]] = []
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        kind = node["type"]
        if kind == "literal":
            made.append(("literal", node["value"]))
        elif kind == "function_expression" and node["value"] not in _PASSING:
            made.append(("function", node["value"]))
        elif kind not in ("comparator", "not_expression", "slice"):
            children = node["children"]
            waiting += children[:2] if kind == "filter_projection" else children
    return tuple(made)


def is_filtered(tree: Tree) -> bool:
    """Whether what an expression gives are the rows that a filter lets through."""
    waiting = [tree.root]
    while waiting:
        node = waiting.pop()
        kind, children = node["type"], node["children"]
        if kind == "filter_projection":
            return True
        if kind == "or_expression" or (kind == "function_expression" and node["value"] in _PASSING):
            waiting += children
        elif kind == "pipe":
            waiting.append(children[1])
        elif kind in ("projection", "flatten"):
            waiting.append(children[0])
    return False


def _nodes(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All nodes in the order written; a loop, since a chain of generators would cost the square of the depth."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if node["type"] not in ("literal", "slice"):
            children = node["children"]
            # A filter's condition is written before what is read from the rows it lets through.
            ordered = [children[0], children[2], children[1]] if node["type"] == "filter_projection" else children
            waiting.extend(reversed(ordered))
