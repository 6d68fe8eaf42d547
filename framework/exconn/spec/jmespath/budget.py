"""How big an expression may be: text before it is parsed, nodes and depth before anything recurses over them.

Rules: one linear pass each, no recursion. Brackets count wherever they nest, JSON literals between backticks included;
text in quotes is only text. The numbers are far above what reading an exchange's message needs (the longest path seen
has 190 characters and 40 nodes) and far below what hurts.
"""

import re
from typing import Any

from .error import PathError

LONGEST_TEXT = 2000
DEEPEST_BRACKETS = 24
LONGEST_PREFIX = 24
MOST_NODES = 400
DEEPEST_TREE = 64

_QUOTED = r'"(?:\\.|[^"\\])*"'
_TOKENS = re.compile(rf"'(?:\\.|[^'\\])*'|{_QUOTED}|`(?:\\.|[^`\\])*`|[\[\](){{}}]|[!&](?:\s*[!&])*", re.DOTALL)
_IN_LITERAL = re.compile(rf"{_QUOTED}|[\[\]{{}}]", re.DOTALL)


def measure_text(text: str) -> None:
    """Refuse a text too long, or nested or negated too often for the parser, which recurses, to be let near it."""
    if len(text) > LONGEST_TEXT:
        raise PathError(f"{len(text)} characters; at most {LONGEST_TEXT}", LONGEST_TEXT, kind="budget")
    depth = 0
    for token in _TOKENS.finditer(text):
        first = token[0][0]
        if first in "!&" and len(token[0]) > LONGEST_PREFIX:
            raise PathError(f"more than {LONGEST_PREFIX} operators in a row", token.start(), kind="budget")
        brackets = _IN_LITERAL.findall(token[0]) if first == "`" else token[0]
        for bracket in brackets if first not in "'\"" else ():
            depth += (bracket in "[({") - (bracket in "])}")
            if depth > DEEPEST_BRACKETS:
                raise PathError(f"more than {DEEPEST_BRACKETS} brackets deep", token.start(), kind="budget")


def measure_tree(root: dict[str, Any]) -> None:
    """Refuse a tree of too many nodes, values inside literals counted, or too deep to be walked by recursion."""
    count = 0
    level: list[Any] = [root]
    for _ in range(DEEPEST_TREE):
        count += len(level)
        if count > MOST_NODES:
            raise PathError(f"more than {MOST_NODES} nodes", kind="budget")
        level = [child for node in level for child in _below(node)]
        if not level:
            return
    raise PathError(f"nested more than {DEEPEST_TREE} steps deep", kind="budget")


def _below(node: Any) -> list[Any]:
    if type(node) is not dict:
        return node if type(node) is list else []
    if "children" not in node:
        return list(node.values())
    if node["type"] == "literal":
        return [node["value"]] if type(node["value"]) in (list, dict) else []
    return [child for child in node["children"] if type(child) is dict]
