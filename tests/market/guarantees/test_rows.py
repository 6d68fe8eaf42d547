"""The table of failures: every row is there, every test that it names exists, and the page is the table's."""

import ast

import pytest
from tests.market.guarantees.rows import PAGE, TESTS, read_rows, write_page

ROWS = read_rows()
KEPT = [*range(1, 51), 56, 57]


def test_every_row_is_there_once() -> None:
    assert [row["no"] for row in ROWS] == KEPT


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["no"]))
def test_a_row_has_its_tests(row: dict[str, object]) -> None:
    assert row["tests"] and row["holds"] and row["fails"]
    for test in list(row["tests"]):  # type: ignore[call-overload]
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert name in names, test


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(), "run python -m tests.market.guarantees.rows"
