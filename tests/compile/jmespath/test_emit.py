"""The Python that comes out: tight where paths are plain, the same nodes when written down and read back."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from exconn.codec import jmes
from exconn.compile.emit import Unit, call, name
from exconn.compile.jmespath import compile_path, emit
from exconn.document import Span
from exconn.spec.jmespath import PathError, parse

ALLOWED = [
    "Module",
    "FunctionDef",
    "arguments",
    "arg",
    "Return",
    "Expr",
    "Lambda",
    "Name",
    "Load",
    "Store",
    "Constant",
    "Attribute",
    "Call",
    "Subscript",
    "Slice",
    "Tuple",
    "List",
    "Dict",
    "ListComp",
    "comprehension",
    "NamedExpr",
    "IfExp",
    "BoolOp",
    "And",
    "Or",
    "UnaryOp",
    "Not",
    "USub",
    "Compare",
    "Eq",
    "NotEq",
    "Is",
    "IsNot",
    "Gt",
    "GtE",
]

WRITTEN = [
    ("@", "row"),
    ("a", "row.get('a') if type(row) is dict else None"),
    ("[0]", "row[0] if type(row) is list and len(row) > 0 else None"),
    ("[-2]", "row[-2] if type(row) is list and len(row) >= 2 else None"),
    ("a == 'x'", "(row.get('a') if type(row) is dict else None) == 'x'"),
    ("a != `null`", "(row.get('a') if type(row) is dict else None) is not None"),
    ("a == `1`", "jmes_equal(row.get('a') if type(row) is dict else None, 1)"),
    ("[*]", "[each for each in row if each is not None] if type(row) is list else None"),
    (
        "[?a=='x']",
        "[each for each in row if type(each) is dict if each.get('a') == 'x'] if type(row) is list else None",
    ),
    ("`-1`", "-1"),
]


@pytest.mark.parametrize(("text", "python"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_written(text: str, python: str) -> None:
    assert ast.unparse(emit(parse(text), name("row"), Unit("paths"))) == python


def test_a_row_known_to_be_an_object_is_not_tested_again() -> None:
    written = ast.unparse(emit(parse("a.b"), name("row"), Unit("paths"), is_object=True))
    assert written == "got.get('b') if type((got := row.get('a'))) is dict else None"


def test_the_subject_is_a_name() -> None:
    with pytest.raises(TypeError, match=r"^subject must be a name, not Call: bind the value to a variable first$"):
        emit(parse("a"), call(name("read")), Unit("paths"))


def test_names_and_functions_of_the_unit() -> None:
    unit = Unit("paths")
    emit(parse("rows | length(@) > `1` && length(@) < `9`"), name("row"), unit, Span("x.yaml", 7, 3))
    assert unit.runtime == {"jmes_length", "jmes_gt", "jmes_lt"}
    assert [(type(made).__name__, made.lineno) for made in unit.body] == [("FunctionDef", 7)]


def expressions() -> list[str]:
    files = sorted((Path(__file__).parent / "official").glob("*.json"))
    cases = [
        case["expression"] for file in files for group in json.loads(file.read_text("utf-8")) for case in group["cases"]
    ]
    return sorted({text for text in cases if accepted(text)})


def accepted(text: str) -> bool:
    try:
        parse(text)
    except PathError:
        return False
    return True


def test_written_down_and_read_back_are_the_same_nodes() -> None:
    texts = expressions()
    assert len(texts) > 500
    unit = Unit("paths")
    for text in texts:
        unit.add(ast.Expr(emit(parse(text), name("row"), unit)))
    module = ast.Module(unit.body, [])
    assert ast.dump(ast.parse(ast.unparse(module))) == ast.dump(module)
    assert {type(node).__name__ for node in ast.walk(module)} <= set(ALLOWED)
    assert unit.runtime <= set(jmes.__all__)


ONCE = ["a | b || c", "a | [b, c]", "a | b == c", "a | !b", "[?a]", "to_array(@) | length(@)", "a.b.c", "a | `1`"]


@pytest.mark.parametrize("text", ONCE)
def test_each_step_is_evaluated_once(text: str) -> None:
    class Counting(ast.NodeVisitor):
        fields: list[str] = []  # noqa: RUF012

        def visit_Constant(self, node: ast.Constant) -> None:
            if isinstance(node.value, str):
                self.fields = [*self.fields, node.value]

    unit, counting = Unit("paths"), Counting()
    unit.add(ast.Expr(emit(parse(text), name("row"), unit)))
    counting.visit(ast.Module(unit.body, []))
    assert len(counting.fields) == len(set(counting.fields))


@pytest.mark.parametrize(
    "text", ["a", "[0]", "*", "[*]", "[]", "[?a=='x']", "[1:]", "a.b[0].c", "{a: a}", "[a]", "a || b"]
)
@pytest.mark.parametrize("value", [None, True, 0, 1.5, "text", "", [], {}, [None], [[]], {"a": None}])
def test_plain_paths_are_safe_on_any_json(text: str, value: Any) -> None:
    result = compile_path(text)(value)
    assert result is None or type(result) in (list, dict)


def test_literals_are_made_anew() -> None:
    read = compile_path('`{"a": [1]}`')
    read(None)["a"].append(2)
    assert read(None) == {"a": [1]}
