"""What can be known about an expression before it sees a value.

`reads_subject(x)`: x evaluates what it is applied to, as all but literals, and calls and comparisons of them, do.
`is_absent(x)`: on anything but an object, x is null and no error is possible; so a row need be tested only once for
all the fields read from it. `verdict_on_no_object(x)`: what a condition made of such parts says about a row that is
no object, found by asking the library.
"""

from typing import Any

from jmespath.visitor import TreeInterpreter

_CHAINS = {"subexpression", "index_expression", "pipe"}
_PROJECTIONS = {"projection", "value_projection", "filter_projection", "flatten"}
_KEEP_NULL = {"identity", "current", "index", "slice", "multi_select_list", "multi_select_dict"}
_LOGIC = {"comparator", "and_expression", "or_expression", "not_expression"}


_ALL_MATTER = {*_LOGIC, "function_expression"}
_FIRST_MATTERS = {*_CHAINS, *_PROJECTIONS}


def reads_subject(node: dict[str, Any]) -> bool:
    if node["type"] in _ALL_MATTER:
        return any(map(reads_subject, node["children"]))
    if node["type"] in _FIRST_MATTERS:
        return reads_subject(node["children"][0])
    return node["type"] not in ("literal", "expref")


def is_absent(node: dict[str, Any]) -> bool:
    if node["type"] == "field":
        return True
    if node["type"] in _PROJECTIONS:
        return is_absent(node["children"][0])
    return node["type"] in _CHAINS and is_absent(node["children"][0]) and all(map(_keeps_null, node["children"][1:]))


def verdict_on_no_object(condition: dict[str, Any]) -> bool | None:
    """True or False: what `condition` gives for any value that is not an object. None: it depends on the value."""
    if not _is_plain(condition):
        return None
    negated: Any = {"type": "not_expression", "children": [condition]}
    return not TreeInterpreter().visit(negated, None)


def _keeps_null(node: dict[str, Any]) -> bool:
    if node["type"] in _PROJECTIONS:
        return _keeps_null(node["children"][0])
    if node["type"] in _CHAINS:
        return all(map(_keeps_null, node["children"]))
    return node["type"] in _KEEP_NULL or node["type"] == "field"


def _is_plain(node: dict[str, Any]) -> bool:
    if node["type"] in _LOGIC:
        return all(map(_is_plain, node["children"]))
    return node["type"] == "literal" or is_absent(node)
