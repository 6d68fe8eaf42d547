"""A search finds what JMESPath finds, as a loop; what is not of its form is left to the expression."""

import ast
from typing import Any

import jmespath
import pytest

from exconn.compile.access import MAPS
from exconn.compile.emit import Unit, name
from exconn.compile.searches import search_of
from exconn.compile.statements import returns
from exconn.document import Span
from exconn.spec.pieces import Path

SPAN = Span("searches", 1, 1)
PATHS = (
    "list[?kind=='A'] | [0].step",
    "list[?kind=='A'] | [0].deep.step",
    "list[?kind=='A'] | [0]",
    "list[?kind=='A'].step | [0]",
    "list[?kind=='A'].deep.step | [0]",
    "(list[?kind=='A'])[0].step",
    "list[?kind=='A' || kind=='B'] | [0].step",
    "list[?kind=='C' || kind=='B' || kind=='a'].step | [0]",
    "in.list[?kind=='A'] | [0].steps[-1]",
)
ROWS: tuple[Any, ...] = (
    {},
    None,
    [],
    "list",
    {"list": None},
    {"list": {"kind": "A", "step": 1}},
    {"list": [], "in": {"list": []}},
    {"list": [{"kind": "B", "step": 1}], "in": 5},
    {"list": [None, 1, "A", ["A"], {"kind": ["A"]}, {"kind": "A", "step": "x"}, {"kind": "A", "step": "y"}]},
    {"list": [{"kind": "A"}, {"kind": "A", "step": None, "deep": {"step": 3}}, {"kind": "A", "step": 0}]},
    {"list": [{"step": 1}, {"kind": "A", "deep": {"step": []}}, {"kind": "a", "step": 2}]},
    {"in": {"list": [{"kind": "A", "steps": [1, 2]}, {"kind": "A", "steps": [3]}]}},
)
OTHERS = (
    "list[?kind=='A']",
    "list[?kind=='A'] | [1].step",
    "list[?kind=='A'][0].step",
    "list[?kind!='A'] | [0].step",
    "list[?kind==`1`] | [0].step",
    "list[?kind==step] | [0].step",
    "list[?kind=='A' && step] | [0].step",
    "list[?kind=='A' || step=='B'] | [0].step",
    "list[?kind=='A' || step] | [0].step",
    "list[*] | [0].step",
    "list[].more[?kind=='A'] | [0].step",
    "list[?kind=='A'].step | [0].deep",
    "[?kind=='A'] | [0].step",
    "kind",
)


def found(path: str, row: Any) -> Any:
    unit, search = Unit("searches"), search_of(Path(path, False, SPAN))
    assert search is not None
    body = [*MAPS.search(search, False, unit), returns(name("value"))]
    unit.function("find", ("row", "message"), body, SPAN)
    scope: dict[str, Any] = {}
    exec(compile(ast.Module(unit.body, []), "searches", "exec"), scope)
    return scope["find"](row, None)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_search_finds_what_the_library_finds(path: str, row: Any) -> None:
    assert found(path, row) == jmespath.search(path, row)


@pytest.mark.parametrize("path", OTHERS)
def test_no_search(path: str) -> None:
    assert search_of(Path(path, False, SPAN)) is None
