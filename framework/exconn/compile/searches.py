"""Searches: a path that picks one row of a list by a word in it, as in `filters[?kind=='LOT_SIZE'] | [0].step`.

Rules: what such a path finds is what JMESPath finds, None where no row has the word; only the plainest form is one (a
key compared with a text, or with one text or another, and the first of what is found, or the first value found under
it); every other filter is an expression like any other. As a loop it ends at the row it looks for, and a typed decoder
may make its rows structs.
"""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from exconn.compile.emit import Unit, call, const, name
from exconn.compile.statements import assign, choose, compare, each, is_there, items, when
from exconn.spec.jmespath import parse
from exconn.spec.pieces import Path

Steps: TypeAlias = Sequence[dict[str, Any]]
Led: TypeAlias = Callable[[str, Steps], ast.expr]
"""(variable of a row, steps) -> what they find from it."""
_CHAINS = ("subexpression", "index_expression", "pipe")


@dataclass(frozen=True, slots=True)
class Search:
    """`rows`: the fields to the list; `key` and one of `words` that its row has; `rest`: from the row on.
    `among_values`: the first value there is, in place of the value of the first row."""

    rows: Steps
    key: dict[str, Any]
    words: tuple[str, ...]
    rest: Steps
    among_values: bool


def search_of(path: Path) -> Search | None:
    """The search that a path is, None where it is none."""
    first, *rest = flat_steps(parse(path.text).root)
    if first["type"] != "filter_projection":
        return None
    listed, inside, condition = first["children"]
    rows, compared = flat_steps(listed), _compared(condition)
    rest = [step for step in rest if step["type"] != "identity"]
    if compared is None or any(step["type"] != "field" for step in rows) or not rest or not _is_first(rest[0]):
        return None
    if inside["type"] == "identity":
        return Search(rows, *compared, rest[1:], among_values=False)
    return Search(rows, *compared, flat_steps(inside), among_values=True) if len(rest) == 1 else None


def flat_steps(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes that are applied one after the other."""
    if node["type"] not in _CHAINS:
        return [node]
    return [step for child in node["children"] for step in flat_steps(child)]


def _compared(condition: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """A field, and the texts that it is compared with."""
    if condition["type"] == "or_expression":
        one, other = map(_compared, condition["children"])
        if one is None or other is None or one[0]["value"] != other[0]["value"]:
            return None
        return one[0], one[1] + other[1]
    if condition["type"] != "comparator" or condition["value"] != "eq":
        return None
    field, literal = condition["children"]
    plain = field["type"] == "field" and literal["type"] == "literal" and type(literal["value"]) is str
    return (field, (str(literal["value"]),)) if plain else None


def _is_first(step: dict[str, Any]) -> bool:
    return bool(step["type"] == "index" and step["value"] == 0)


def emit_search(search: Search, rows: ast.expr, key: Led, rest: Led, unit: Unit) -> list[ast.stmt]:
    """Assign what is found to `value`. `rows`: what stands where the list is looked for."""
    row, got = unit.fresh("each"), unit.fresh("got")
    bound = ast.NamedExpr(ast.Name(got, ast.Store()), rows)
    is_list = compare(call(name("type"), bound), ast.Is(), name("list"))
    listed = choose(is_list, name(got), items())
    found = [assign("value", rest(row, search.rest)), ast.Break()]
    if search.among_values:
        found = [found[0], when(is_there(name("value")), found[1])]
    wanted, *others = map(const, search.words)
    test = compare(key(row, [search.key]), *((ast.In(), items(wanted, *others)) if others else (ast.Eq(), wanted)))
    return [assign("value", const(None)), each(row, listed, [when(test, *found)])]
