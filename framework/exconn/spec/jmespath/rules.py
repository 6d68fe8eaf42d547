"""What is settled once, over the tree, before any Python is made.

Rules: functions exist and get the number of arguments they take; `&x` stands only where a function takes an
expression, and nothing else stands there; a slice has a step; a literal is JSON (the library reads NaN and
Infinity); the work is proven linear. The library finds the first four only when a message happens to reach them.
"""

import math
from itertools import pairwise
from typing import Any

from jmespath.lexer import Lexer

from .error import PathError
from .functions import FUNCTIONS
from .growth import MOST_GROWTH, MOST_WORK, cost


def check_tree(root: dict[str, Any], text: str) -> None:
    """Raise PathError for the first rule broken."""
    _check(root, text)
    bound = cost(root)
    if bound.growth > MOST_GROWTH or bound.work > MOST_WORK:
        raise PathError("the expression can multiply a message too often", kind="budget")


def _check(node: dict[str, Any], text: str, expression_expected: bool = False) -> None:
    match node["type"]:
        case "literal":
            _check_literal(node["value"])
            return
        case "slice":
            if node["children"][2] == 0:
                raise PathError("a slice cannot have the step 0", kind="invalid-value")
            return
        case "expref" if not expression_expected:
            raise PathError("`&` stands only before what map, sort_by, min_by and max_by apply", kind="invalid-type")
        case "function_expression":
            _check_call(node, text)
            return
    for child in node["children"]:
        _check(child, text)


def _check_call(node: dict[str, Any], text: str) -> None:
    name, arguments = node["value"], node["children"]
    signature = FUNCTIONS.get(name)
    if signature is None:
        raise PathError(f"unknown function {name}()", _place(name, text), kind="unknown-function")
    enough = len(arguments) >= signature.arity if signature.variadic else len(arguments) == signature.arity
    if not enough:
        least = "at least " if signature.variadic else ""
        message = f"{name}() takes {least}{signature.arity} argument(s), not {len(arguments)}"
        raise PathError(message, _place(name, text), kind="invalid-arity")
    for place, argument in enumerate(arguments):
        expected = place == signature.expression
        if expected and argument["type"] != "expref":
            message = f"argument {place + 1} of {name}() is an expression to apply: write `&` before it"
            raise PathError(message, _place(name, text), kind="invalid-type")
        _check(argument, text, expected)


def _check_literal(value: Any) -> None:
    if type(value) is float and not math.isfinite(value):
        raise PathError(f"{value} is not a number of JSON", kind="invalid-value")
    parts = value.values() if type(value) is dict else value if type(value) is list else ()
    for part in parts:
        _check_literal(part)


def _place(function: str, text: str) -> int | None:
    """The offset of the first call of `function`."""
    tokens = list(Lexer().tokenize(text))
    for token, following in pairwise(tokens):
        if token["value"] == function and following["type"] == "lparen":
            place: int = token["start"]
            return place
    return None
